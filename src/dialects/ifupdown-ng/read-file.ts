import type { Diagnostic, FileSet, Span } from "../../diagnostic/diagnostic.ts";
import {
  joinedText,
  keyAndRest,
  type PiecedText,
  type StanzaLine,
  spanOfLine,
  stanzaLines,
} from "../../syntax/stanza-text.ts";
import { filesIn, filesMatching } from "../source-paths.ts";

/** One line of a stanza, under the name ifupdown-ng gives it. */
export interface Attribute {
  readonly key: string;
  readonly value: string;
  readonly at: Span;
}

/** All that is said of one name, wherever it stands. */
export interface Interface {
  readonly name: string;
  readonly at: Span;
  readonly attributes: Attribute[];
  /** Words behind the name on its iface lines (inet, static, dhcp, …), and what `use` names. */
  readonly uses: Set<string>;
  isAuto: boolean;
  isTemplate: boolean;
}

interface Reader {
  readonly files: FileSet;
  readonly found: Map<string, Interface>;
  readonly seen: Set<string>;
  readonly diagnostics: Diagnostic[];
  /** Attributes that may still be inherited: keeps a hostile file linear. */
  budget: number;
}

/** Where ifupdown-ng begins. */
export const interfacesPath = "/etc/network/interfaces";

/** Names of other programs, which ifupdown-ng rewrites. Source: tokens[] of interface-file.c. */
const renamed: Readonly<Record<string, string>> = {
  "bond-slaves": "bond-members",
  slaves: "bond-members",
  "bond-ad-sys-priority": "bond-ad-actor-sys-prio",
};

/** Reads /etc/network/interfaces and what it sources as ifupdown-ng 0.12 does: one line, one attribute; `auto` opens the interface
 *  as `iface` does. */
export function readFiles(files: FileSet): Pick<Reader, "found" | "diagnostics"> {
  const reader: Reader = { files, found: new Map(), seen: new Set(), diagnostics: [], budget: 500_000 };
  const own = [...files.keys()].filter((path) => path.endsWith(interfacesPath));
  const roots = own.length > 0 ? own : [...files.keys()].filter((path) => !/\.conf$|\/interfaces\.d\/./.test(path));
  for (const path of roots) readFile(reader, path, 0);
  return reader;
}

function readFile(reader: Reader, path: string, depth: number): void {
  const text = reader.files.get(path);
  if (text === undefined || reader.seen.has(path) || depth > 32) return;
  reader.seen.add(path);
  let open: Interface | undefined;
  for (const line of stanzaLines(withoutComments(path, text))) open = readLine(reader, line, open, depth);
}

/** The text less comments and broken line ends: # begins a comment anywhere, in the middle of a word too, and no backslash helps; a
 *  backslash at the end of a line takes the blanks of the next one with it. Source: lif_fgetline(). */
function withoutComments(path: string, text: string): PiecedText {
  const pieces: { start: number; end: number }[] = [];
  let start = 0;
  for (const { 0: gone, index } of text.matchAll(/\\(?:\n[ \t]*|\r\n?|#|.)|#[^\n]*/gs)) {
    // A backslash before anything else stays, and what it stands before means nothing.
    if (/^\\[^\n\r#]/.test(gone)) continue;
    pieces.push({ start, end: index });
    start = index + gone.length;
  }
  return joinedText(path, text, [...pieces, { start, end: text.length }], "");
}

/** Whether a value comes through as it is: on one line, without #, and not broken off by a backslash. */
export function isPlainLine(text: string): boolean {
  const isOne = text !== "" && text.trim() === text && !/(?!\t)\p{Cc}|[\u2028\u2029]/u.test(text);
  return isOne && !text.includes("#") && (/(?<!\\)\\*$/.exec(text)?.[0].length ?? 0) % 2 === 0;
}

function readLine(reader: Reader, line: StanzaLine, open: Interface | undefined, depth: number): Interface | undefined {
  const { key, rest } = keyAndRest(line);
  const at = spanOfLine(line, 0, line.text.length);
  const [first = "", ...words] = rest.split(/\s+/);
  if (key === "auto") {
    const iface = first === "" ? open : interfaceOf(reader, first, at);
    if (iface !== undefined && !iface.isTemplate) iface.isAuto = true;
    return iface;
  }
  if (key === "iface" || key === "interface" || key === "template") {
    if (first === "") return open;
    const iface = interfaceOf(reader, first, at);
    if (key === "template") iface.isTemplate = true;
    for (const word of words) iface.uses.add(word);
    const heir = words.indexOf("inherits");
    if (heir >= 0) inherit(reader, iface, words[heir + 1] ?? "", at);
    return iface;
  }
  if (key === "source" || key === "source-directory") {
    const paths =
      key === "source" ? filesMatching(reader.files, first) : filesIn(reader.files, first.replace(/(?<!\/)\/+$/, ""));
    for (const path of paths) readFile(reader, path, depth + 1);
    return open;
  }
  if (open === undefined) {
    const message = `"${key}" stands outside any stanza: ifupdown-ng passes the line over`;
    reader.diagnostics.push({ code: "ifupdown-ng-not-read", severity: "warning", message, at });
  } else if (key === "use") open.uses.add(first);
  else if (key === "inherit") inherit(reader, open, first, at);
  else open.attributes.push({ key: Object.hasOwn(renamed, key) ? (renamed[key] ?? key) : key, value: rest, at });
  return open;
}

function interfaceOf({ found }: Reader, name: string, at: Span): Interface {
  const held = found.get(name) ?? { name, at, attributes: [], uses: new Set(), isAuto: false, isTemplate: false };
  found.set(name, held);
  return held;
}

function inherit(reader: Reader, iface: Interface, name: string, at: Span): void {
  const parent = reader.found.get(name);
  if (parent === undefined || parent === iface) {
    const message = `${iface.name}: there is no "${name}" above to inherit from`;
    reader.diagnostics.push({ code: "ifupdown-ng-not-read", severity: "error", message, at });
    return;
  }
  reader.budget -= parent.attributes.length + parent.uses.size;
  if (reader.budget < 0) return;
  iface.attributes.push(...parent.attributes.slice(0, 1000));
  for (const use of parent.uses) iface.uses.add(use);
}
