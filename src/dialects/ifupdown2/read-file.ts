import type { Diagnostic, FileSet, Severity, Span } from "../../diagnostic/diagnostic.ts";
import {
  joinedText,
  keyAndRest,
  lineWords,
  type PiecedText,
  type StanzaLine,
  spanOfLine,
  stanzaLines,
  wholeText,
} from "../../syntax/stanza-text.ts";
import { filesMatching, isGlob } from "../source-paths.ts";
import { namesOfRange } from "./ranges.ts";

/** One attribute of a stanza. Attribute names have hyphens, however they are written. */
export interface Attribute {
  readonly key: string;
  readonly value: string;
  readonly at: Span;
}

/** One `iface` with its attributes. Ranges of names are worked out: a stanza for each. */
export interface Stanza {
  readonly name: string;
  readonly nameAt: Span;
  readonly family: "inet" | "inet6" | undefined;
  readonly method: string | undefined;
  readonly attributes: readonly Attribute[];
  /** What `auto` and `allow-` lines before it say of the name: later ones come too late. */
  readonly isAuto: boolean;
  readonly classes: readonly string[];
}

export interface FileRead {
  readonly stanzas: readonly Stanza[];
  /** Where each name was said in an `auto` line, wherever it stands. */
  readonly autos: ReadonlyMap<string, Span>;
  readonly diagnostics: readonly Diagnostic[];
}

interface Reader {
  readonly files: FileSet;
  readonly stanzas: Stanza[];
  readonly autos: Map<string, Span>;
  /** The classes of every name. */
  readonly classes: Map<string, Set<string>>;
  /** Names that ranges have stood for so far. */
  ranged: number;
  isAllAuto: boolean;
  readonly open: string[];
  /** Files read so far; ifupdown2 reads a file as often as it is named. */
  reads: number;
  readonly diagnostics: Diagnostic[];
}

/** Where ifupdown2 begins. */
export const interfacesPath = "/etc/network/interfaces";

const readsLimit = 1000;
const rangedLimit = 20_000;

/** Reads /etc/network/interfaces and what it sources, line by line as ifupdown2 3.0.0 does: attributes with underscores or hyphens,
 *  a backslash with the white space around it for one blank, `auto` only for the stanzas below it. Source: networkinterfaces.py. */
export function readFiles(files: FileSet): FileRead {
  const reader: Reader = {
    files,
    stanzas: [],
    autos: new Map(),
    classes: new Map(),
    ranged: 0,
    isAllAuto: false,
    open: [],
    reads: 0,
    diagnostics: [],
  };
  for (const path of rootsOf(files)) readFile(reader, path);
  return reader;
}

function rootsOf(files: FileSet): readonly string[] {
  const own = [...files.keys()].filter((path) => path.endsWith(interfacesPath));
  if (own.length > 0) return own;
  return [...files.keys()].filter((path) => !path.endsWith(".conf") && !/\/interfaces\.d\/./.test(path));
}

function readFile(reader: Reader, path: string): void {
  const text = reader.files.get(path);
  if (text === undefined || ++reader.reads > readsLimit) return;
  reader.open.push(path);
  tellTemplate(reader, path, text);
  let body: Attribute[] | undefined;
  for (const line of stanzaLines(sourceText(path, text))) {
    if (line.text.startsWith("#")) continue;
    body = readLine(reader, line, body);
  }
  reader.open.pop();
}

/** A backslash anywhere, with the white space around it, is one blank: also at the end of a line, and of a comment. */
function sourceText(path: string, text: string): PiecedText {
  if (!text.includes("\\")) return wholeText(path, text);
  const pieces: { start: number; end: number }[] = [];
  let from = 0;
  for (const part of text.split("\\")) {
    const trimmed = part.trim();
    const lead = trimmed === "" ? 0 : part.length - part.trimStart().length;
    pieces.push({ start: from + lead, end: from + lead + trimmed.length });
    from += part.length + 1;
  }
  return joinedText(path, text, pieces, " ");
}

function tellTemplate(reader: Reader, path: string, text: string): void {
  if (!text.includes("%")) return;
  const found = /^[ \t]*%(?!%)|<%|\$\{/m.exec(text);
  if (found === null) return;
  const start = found.index;
  const at = { file: path, start, end: Math.min(text.length, start + found[0].length) };
  const message = "ifupdown2 reads this file as a Mako template, which Holdfast never runs: it is read as it stands";
  const hint = "Write out what the template makes, or check what ifquery -a prints.";
  report(reader, "ifupdown2-template", "warning", message, at, hint);
}

function readLine(reader: Reader, line: StanzaLine, body: Attribute[] | undefined): Attribute[] | undefined {
  const { key, rest, at } = keyAndRest(line);
  if (key === "iface" || key === "vlan") return openStanza(reader, line);
  if (key === "auto") {
    readAuto(reader, line);
    return undefined;
  }
  if (key.split("-", 1)[0] === "allow") {
    readAllow(reader, line, key);
    return undefined;
  }
  if (key === "source") {
    readSource(reader, line, rest.split(/\s/, 1)[0] ?? "");
    return undefined;
  }
  if (key.startsWith("%")) return body;
  const span = spanOfLine(line, 0, line.text.length);
  if (key.startsWith("source-dir")) {
    const message = "ifupdown2 does not know source-directory: nothing there is read";
    report(reader, "ifupdown2-not-read", "error", message, span, `Write source ${rest}/*`);
    return body;
  }
  if (body === undefined) {
    const message = `"${key}" stands outside any stanza: ifupdown2 passes the line over`;
    report(reader, "ifupdown2-not-read", "warning", message, span, "Move the line below its iface line, or remove it.");
  } else if (rest === "") {
    const message = `"${key}" has no value: ifupdown2 passes the line over`;
    report(reader, "ifupdown2-not-read", "warning", message, span, "Give it a value, or remove the line.");
  } else {
    body.push({ key: key.replace(/_/g, "-"), value: rest, at: spanOfLine(line, 0, Math.max(at, line.text.length)) });
  }
  return body;
}

/** A range's names, unless the files stand for more of them than any switch has ports. */
function expand(reader: Reader, name: string): readonly string[] {
  if (!name.includes("[") || reader.ranged > rangedLimit) return [name];
  const names = namesOfRange(name);
  reader.ranged += names.length;
  return names;
}

const methods: ReadonlySet<string> = new Set(["static", "manual", "loopback", "dhcp", "dhcp6", "ppp", "tunnel"]);

function openStanza(reader: Reader, line: StanzaLine): Attribute[] | undefined {
  const [keyword, name, family, method] = lineWords(line);
  const span = spanOfLine(line, 0, line.text.length);
  if (name === undefined) {
    report(reader, "ifupdown2-not-read", "error", "the line names no interface: ifupdown2 stops here", span);
    return undefined;
  }
  const attributes: Attribute[] = [];
  if (keyword?.text === "vlan") return attributes;
  const known = family?.text === "inet" || family?.text === "inet6" ? family.text : undefined;
  if (family !== undefined && known === undefined) {
    const message = `${name.text}: "${family.text}" is no address family that ifupdown2 knows`;
    report(reader, "ifupdown2-bad-method", "error", message, span, `Write iface ${name.text} inet static.`);
  } else if (method !== undefined && !methods.has(method.text)) tellMethod(reader, name.text, method.text, span);
  const nameAt = spanOfLine(line, name.from, name.from + name.text.length);
  // An alias is the same interface; its stanza adds to it.
  for (const one of expand(reader, name.text.split(":", 1)[0] ?? "")) {
    reader.stanzas.push({
      name: one,
      nameAt,
      family: known,
      method: known === undefined ? undefined : (method?.text ?? "static"),
      attributes,
      isAuto: reader.isAllAuto || reader.autos.has(one),
      classes: [...(reader.classes.get(one) ?? [])],
    });
  }
  return attributes;
}

function tellMethod(reader: Reader, name: string, method: string, at: Span): void {
  // The package of Debian complains about it and goes on, Proxmox's has it: either way the kernel takes advertisements.
  if (method === "auto") return;
  report(reader, "ifupdown2-bad-method", "error", `${name}: "${method}" is no method that ifupdown2 knows`, at);
}

function readAuto(reader: Reader, line: StanzaLine): void {
  for (const { text, from } of lineWords(line).slice(1)) {
    if (text === "all") {
      reader.isAllAuto = true;
      return;
    }
    for (const name of new Set([...expand(reader, text), text]))
      if (!reader.autos.has(name)) reader.autos.set(name, spanOfLine(line, from, from + text.length));
  }
}

function readAllow(reader: Reader, line: StanzaLine, key: string): void {
  const label = key.split("-")[1] ?? "";
  for (const { text } of lineWords(line).slice(1)) {
    const labels = reader.classes.get(text) ?? new Set<string>();
    if (label !== "") reader.classes.set(text, labels.add(label));
  }
}

function readSource(reader: Reader, line: StanzaLine, pattern: string): void {
  const at = spanOfLine(line, 0, line.text.length);
  const found = filesMatching(reader.files, pattern);
  if (found.length === 0 && !isGlob(pattern)) {
    const message = `${pattern} is not there to be read`;
    report(reader, "ifupdown2-not-read", "warning", message, at, "Remove the line, or check the path (from the root).");
  }
  for (const path of found) {
    if (!reader.open.includes(path) && reader.open.length < 32) readFile(reader, path);
    else report(reader, "ifupdown2-not-read", "error", `${path} is being read already: the files go round`, at);
  }
}

function report(reader: Reader, code: string, severity: Severity, message: string, at: Span, hint?: string): void {
  reader.diagnostics.push({ code, severity, message, at, ...(hint === undefined ? {} : { hint }) });
}
