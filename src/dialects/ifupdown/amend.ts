import type { Diagnostic, FileSet, Span } from "../../diagnostic/diagnostic.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import { type Amendment, type Cut, cutText, wholeLines } from "../amend.ts";
import { globMatches } from "../source-paths.ts";
import type { Stanza, Word } from "./document.ts";
import { readInterfaces } from "./parse-document.ts";
import { interfacesPath } from "./source-files.ts";

/** Takes the stanzas of the names out of every file and puts the written ones where the first of them stood, or at the end of
 *  /etc/network/interfaces: one place to look, and never two definitions. Lines that name others too keep the others. Comments stay. */
export function amendInterfaces({ files, names, written }: Amendment): Result<FileSet, readonly Diagnostic[]> {
  const { stanzas } = readInterfaces(files).document;
  const obstacles = stanzas.flatMap((stanza) => obstaclesIn(stanza, names));
  if (obstacles.length > 0) return failed(obstacles);
  const block = withoutHeading(written.get(interfacesPath) ?? "");
  const home = homeOf(stanzas, names, files);
  const cuts = new Map<string, Cut[]>();
  const add = (file: string, cut: Cut) => cuts.set(file, [...(cuts.get(file) ?? []), cut]);
  for (const stanza of stanzas) {
    const text = files.get(stanza.span.file) ?? "";
    for (const cut of cutsOf(stanza, names, text)) add(stanza.span.file, cut);
  }
  const result = new Map(files);
  for (const [path, text] of written) if (path !== interfacesPath) result.set(path, text);
  for (const [file, all] of cuts) {
    const text = files.get(file) ?? "";
    const here = home !== undefined && home.file === file ? [{ start: home.start, end: home.start, text: mark }] : [];
    result.set(file, cutText(text, [...here, ...all]));
  }
  const path = home?.file ?? interfacesPath;
  const before = result.get(path) ?? written.get(interfacesPath)?.split("\n", 1)[0] ?? "";
  result.set(path, placed(before, block));
  for (const file of cuts.keys())
    if (file !== interfacesPath && (result.get(file) ?? "").trim() === "") result.delete(file);
  return ok(result);
}

/** Stands for the written stanzas while cuts are made; no text of the user's holds a NUL byte that would survive. */
const mark = "\0\n";

/** Puts the block at the mark, or at the end, with one empty line on either side. */
function placed(text: string, block: string): string {
  const at = text.indexOf(mark);
  const before = at === -1 ? text : text.slice(0, at);
  const after = at === -1 ? "" : text.slice(at + mark.length);
  const head = before.trim() === "" ? before : `${endingOnce(before)}${isComment(before) ? "" : "\n"}`;
  const tail = after.trim() === "" ? "" : `\n${after.replace(/^([ \t]*\n)+/, "")}`;
  return head + block + tail;
}

/** A text with one end of line at its end, and no empty lines before that. */
function endingOnce(text: string): string {
  const blankAt = /(?<![ \t\n])[ \t\n]*$/.exec(text)?.index ?? text.length;
  const endAt = text.indexOf("\n", blankAt);
  return `${endAt === -1 ? text : text.slice(0, endAt)}\n`;
}

/** A comment right above what was there is about what comes now. */
function isComment(text: string): boolean {
  return /(^|\n)[ \t]*#[^\n]*\n?$/.test(text);
}

/** Where the first stanza of the names begins. What cloud-init writes is not a place to write into. */
function homeOf(
  stanzas: readonly Stanza[],
  names: ReadonlySet<string>,
  files: FileSet,
): { readonly file: string; readonly start: number } | undefined {
  const own = stanzas.filter(
    (stanza) => (stanza.kind === "iface" && names.has(stanza.name.text)) || isAllAbout(stanza, names),
  );
  const first = own.find(({ span }) => !span.file.includes("cloud-init"));
  if (first === undefined) return undefined;
  const { file } = first.span;
  return { file, start: wholeLines(files.get(file) ?? "", first.span).start };
}

function isAllAbout(stanza: Stanza, names: ReadonlySet<string>): boolean {
  return stanza.kind === "auto" && stanza.names.length > 0 && stanza.names.every(({ text }) => names.has(text));
}

function cutsOf(stanza: Stanza, names: ReadonlySet<string>, text: string): readonly Cut[] {
  switch (stanza.kind) {
    case "iface":
      return names.has(stanza.name.text) ? [wholeLines(text, stanza.span)] : [];
    case "auto":
      return wordsCut(stanza.names, stanza.span, names, text);
    case "other":
      return /^no-(auto-down|scripts)$/.test(stanza.keyword.text)
        ? wordsCut(stanza.words, stanza.span, names, text)
        : [];
    case "mapping":
      return [];
  }
}

/** The words that are names, with the white space before them; the whole line where nothing else is on it. */
function wordsCut(words: readonly Word[], line: Span, names: ReadonlySet<string>, text: string): readonly Cut[] {
  const own = words.filter((word) => names.has(word.text));
  if (own.length === 0) return [];
  if (own.length === words.length) return [wholeLines(text, line)];
  return own.map(({ span: { start, end } }) => {
    let from = start;
    while (from > line.start && /[ \t]/.test(text.charAt(from - 1))) from -= 1;
    return { start: from, end, text: "" };
  });
}

function obstaclesIn(stanza: Stanza, names: ReadonlySet<string>): readonly Diagnostic[] {
  if (stanza.kind === "mapping") {
    const hit = stanza.patterns.find((pattern) => [...names].some((name) => globMatches(pattern.text, name)));
    return hit === undefined
      ? []
      : [
          obstacle(
            `a mapping decides by a script what ${hit.text} is, and Holdfast can't tell what it will say`,
            "Replace the mapping by plain iface stanzas.",
            stanza.span,
          ),
        ];
  }
  if (stanza.kind === "iface" && !names.has(stanza.name.text)) {
    const heir = stanza.inherits.find(({ text }) => names.has(text));
    if (heir !== undefined)
      return [
        obstacle(
          `${stanza.name.text} inherits from ${heir.text}, whose stanza would be replaced`,
          `Write out what ${stanza.name.text} takes from ${heir.text}, and remove "inherits".`,
          heir.span,
        ),
      ];
  }
  if (stanza.kind === "other" && stanza.keyword.text === "rename") {
    const hit = stanza.words.find(({ text }) => text.split("=").some((part) => names.has(part)));
    if (hit !== undefined)
      return [
        obstacle(
          `ifupdown renames ${hit.text} by itself`,
          "Let udev give the name instead (a .link file), and remove the line.",
          stanza.span,
        ),
      ];
  }
  return [];
}

function obstacle(message: string, hint: string, at: Span): Diagnostic {
  return { code: "plan-cannot-merge", severity: "error", message, hint, at };
}

/** The written stanzas without the line that says what the file is: the file is somebody's already. */
function withoutHeading(text: string): string {
  return text.replace(/^(#[^\n]*\n|[ \t]*\n)*/, "");
}
