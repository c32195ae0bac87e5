import type { Diagnostic, FileSet, Span } from "../../diagnostic/diagnostic.ts";
import type { IfaceStanza, InterfacesDocument, MappingStanza, Stanza, StanzaOption, Word } from "./document.ts";
import { readIfaceLine } from "./iface-line.ts";
import { firstWord, type Line, offsetOf, scanLines, spanOf, wordsFrom } from "./scan.ts";
import { findSourced, rootFiles, unreadFiles } from "./source-files.ts";
import { isCommand } from "./variables.ts";

/** How deep files may source each other before we stop following. ifupdown knows no bound; nobody needs more than three. */
const sourceDepth = 32;

type Open<T extends Stanza> = { -readonly [K in keyof T]: T[K] } & { options: StanzaOption[] };

interface Reader {
  readonly files: FileSet;
  readonly seen: Set<string>;
  readonly open: string[];
  readonly stanzas: Stanza[];
  readonly diagnostics: Diagnostic[];
  /** "name" and "name family" of the stanzas so far: what `inherits` can refer to. */
  readonly known: Set<string>;
}

/** Reads /etc/network/interfaces and all it sources, in the order ifupdown reads them. Never throws; linear time.
 *  Where ifupdown gives up on a file, we say so and read on as though the line were mended. */
export function readInterfaces(files: FileSet): {
  readonly document: InterfacesDocument;
  readonly diagnostics: readonly Diagnostic[];
} {
  const reader: Reader = { files, seen: new Set(), open: [], stanzas: [], diagnostics: [], known: new Set() };
  const roots = rootFiles(files);
  for (const path of roots) readFile(reader, path);
  reader.diagnostics.push(...unreadFiles(files, reader.seen));
  return { document: { stanzas: reader.stanzas }, diagnostics: reader.diagnostics };
}

function readFile(reader: Reader, path: string): void {
  if (reader.seen.has(path)) return;
  reader.seen.add(path);
  const text = reader.files.get(path);
  if (text === undefined) return;
  reader.open.push(path);
  let current: Open<IfaceStanza> | Open<MappingStanza> | undefined;
  for (const line of scanLines(path, text)) {
    reportOddity(reader, line);
    current = readLine(reader, line, current);
  }
  reader.open.pop();
}

function reportOddity(reader: Reader, line: Line): void {
  if (line.oddity === undefined) return;
  const at = spanOf(line, 0, line.text.length);
  if (line.oddity === "nul") {
    const message = "a NUL byte ends this line for ifupdown; what follows it is lost";
    report(reader, "ifupdown-nul-byte", "warning", message, at, "Remove the NUL byte.");
    return;
  }
  const message = "white space after the backslash: the line is not continued, and the backslash is part of the value";
  report(reader, "ifupdown-loose-backslash", "warning", message, at, "Remove the white space at the end of the line.");
}

function readLine(
  reader: Reader,
  line: Line,
  current: Open<IfaceStanza> | Open<MappingStanza> | undefined,
): Open<IfaceStanza> | Open<MappingStanza> | undefined {
  const { word, rest } = firstWord(line);
  const span = spanOf(line, 0, line.text.length);
  const keyword = word.text;
  if (keyword === "iface") return openIface(reader, wordsFrom(line, rest), span);
  if (keyword === "mapping") {
    const options: StanzaOption[] = [];
    const stanza = { kind: "mapping" as const, patterns: wordsFrom(line, rest), script: undefined, options, span };
    reader.stanzas.push(stanza);
    return stanza;
  }
  if (keyword === "auto" || (keyword.startsWith("allow-") && keyword.length > 6)) {
    return readAllow(reader, line, word, rest, current);
  }
  if (keyword === "source" || keyword.startsWith("source-dir")) {
    readSource(reader, word, wordsFrom(line, rest), span);
    return undefined;
  }
  if (keyword === "no-auto-down" || keyword === "no-scripts" || keyword === "rename") {
    const words = wordsFrom(line, rest);
    const alone = words.length === 0 && current?.kind === "iface" && keyword !== "rename";
    reader.stanzas.push({ kind: "other", keyword: word, words: alone ? [current.name] : words, span });
    return alone ? current : undefined;
  }
  return readOption(reader, line, word, rest, current);
}

function openIface(reader: Reader, words: readonly Word[], span: Span): Open<IfaceStanza> | undefined {
  const stanza = readIfaceLine(words, span, reader.known, (code, severity, message, at, hint) =>
    report(reader, code, severity, message, at, hint),
  );
  if (stanza === undefined) return undefined;
  const { name, family } = stanza;
  reader.known.add(name.text);
  if (family !== undefined) reader.known.add(`${name.text} ${family.text}`);
  const open = { ...stanza, options: [] as StanzaOption[] };
  reader.stanzas.push(open);
  return open;
}

/** `auto` and `allow-CLASS`. Alone inside a stanza the word means the stanza's own interface, and the stanza goes on. */
function readAllow(
  reader: Reader,
  line: Line,
  word: Word,
  rest: number,
  current: Open<IfaceStanza> | Open<MappingStanza> | undefined,
): Open<IfaceStanza> | undefined {
  const allow = word.text === "auto" ? "auto" : word.text.slice("allow-".length);
  const names = wordsFrom(line, rest);
  const span = spanOf(line, 0, line.text.length);
  if (names.length > 0) {
    reader.stanzas.push({ kind: "auto", allow, names, span });
    return undefined;
  }
  if (current?.kind === "iface") {
    reader.stanzas.push({ kind: "auto", allow, names: [{ text: current.name.text, span: word.span }], span });
    return current;
  }
  report(reader, "ifupdown-nothing-named", "warning", `"${word.text}" names no interface`, span);
  return undefined;
}

function readOption(
  reader: Reader,
  line: Line,
  key: Word,
  rest: number,
  current: Open<IfaceStanza> | Open<MappingStanza> | undefined,
): Open<IfaceStanza> | Open<MappingStanza> | undefined {
  const span = spanOf(line, 0, line.text.length);
  if (current === undefined) {
    const message = `"${key.text}" stands outside any stanza: ifup stops reading ${reader.open.at(-1)} here`;
    const hint = "Move the line below its iface line, or remove it.";
    report(reader, "ifupdown-orphan-option", "error", message, span, hint);
    return undefined;
  }
  const value: Word = { text: line.text.slice(rest), span: spanOf(line, rest, line.text.length) };
  current.span = { ...current.span, end: Math.max(current.span.end, offsetOf(line, line.text.length - 1) + 1) };
  if (current.kind === "mapping") {
    readMappingOption(reader, current, { key, value }, span);
    return current;
  }
  if (value.text === "") {
    const message = `${current.name.text}: "${key.text}" has no value: ifup stops reading ${reader.open.at(-1)} here`;
    report(reader, "ifupdown-empty-option", "error", message, span, "Give it a value, or remove the line.");
    return current;
  }
  const comment = /\s#/.exec(value.text);
  if (comment !== null && !isCommand(key.text)) {
    const start = rest + comment.index + 1;
    const message = `${current.name.text}: what follows "#" is part of the value of ${key.text}: comments need a line of their own`;
    const at = spanOf(line, start, line.text.length);
    report(reader, "ifupdown-comment-in-value", "warning", message, at, "Move the comment to a line above.");
  }
  current.options.push({ key, value });
  return current;
}

function readMappingOption(reader: Reader, mapping: Open<MappingStanza>, option: StanzaOption, span: Span): void {
  if (option.key.text === "map") {
    mapping.options.push(option);
  } else if (option.key.text !== "script") {
    const message = `"${option.key.text}" is not an option of a mapping: ifup stops reading ${reader.open.at(-1)} here`;
    report(reader, "ifupdown-mapping-option", "error", message, span, "Use script and map lines only.");
  } else if (mapping.script !== undefined) {
    const message = `the mapping has a second script: ifup stops reading ${reader.open.at(-1)} here`;
    report(reader, "ifupdown-mapping-option", "error", message, span, "Remove one of the script lines.");
  } else {
    mapping.script = option.value;
  }
}

function readSource(reader: Reader, keyword: Word, words: readonly Word[], span: Span): void {
  reader.stanzas.push({ kind: "other", keyword, words, span });
  const found = findSourced(reader.files, keyword, words);
  reader.diagnostics.push(...found.diagnostics);
  for (const { path, by } of found.files) {
    if (reader.open.includes(path)) {
      const message = `${path} is being read already; ifup does not read it again`;
      report(reader, "ifupdown-source-cycle", "warning", message, by.span, "Remove the line that closes the circle.");
    } else if (reader.seen.has(path)) {
      const message = `${path} was read already; ifup does not read it again`;
      report(reader, "ifupdown-source-twice", "advice", message, by.span, "Source each file once.");
    } else if (reader.open.length >= sourceDepth) {
      const message = `${path} is sourced ${sourceDepth} files deep; it was not read`;
      report(reader, "ifupdown-source-too-deep", "error", message, by.span, "Source files from one place.");
    } else {
      readFile(reader, path);
    }
  }
}

function report(
  reader: Reader,
  code: string,
  severity: Diagnostic["severity"],
  message: string,
  at: Span,
  hint?: string,
): void {
  reader.diagnostics.push({ code, severity, message, at, ...(hint === undefined ? {} : { hint }) });
}
