import type { Edit, Span } from "../../diagnostic/diagnostic.ts";
import { type OptionName, optionRow } from "../../model/options.ts";
import type { Subject } from "../rule.ts";
import { commandWords, keyedStatement } from "./statements.ts";

/** Languages whose statements are lines that mean the same without the line before or after them. */
const byLines = new Set(["ifupdown", "ifupdown2", "ifupdown-ng", "networkd", "networkmanager"]);
/** Languages of YAML: a line may go where it isn't the only one of its mapping. */
const byYaml = new Set(["netplan", "nmstate", "cloud-init"]);
/** Languages that say several options in one line, as words. */
const byWords = new Set(["ifcfg-rh", "wicked"]);

/** Takes out what is said at these places; undefined where one of them can't be told from what stands beside it. */
export function withoutStatements(
  subject: Subject,
  places: readonly (Span | undefined)[],
): readonly Edit[] | undefined {
  const edits = places.map((at) => (at === undefined ? undefined : withoutStatement(subject, at)));
  return edits.some((edit) => edit === undefined) ? undefined : edits.flatMap((edit) => edit ?? []);
}

function withoutStatement(subject: Subject, at: Span): Edit | undefined {
  const { dialect } = subject;
  if (byLines.has(dialect)) return withoutLine(subject, keyedStatement(subject, at));
  if (byYaml.has(dialect)) {
    const edit = withoutLine(subject, keyedStatement(subject, at));
    return edit !== undefined && hasSibling(subject, edit) ? edit : undefined;
  }
  return byWords.has(dialect) ? withoutWord(subject, at) : undefined;
}

function withoutLine({ files }: Subject, { file, start, end }: Span): Edit | undefined {
  const text = files.get(file) ?? "";
  const from = text.lastIndexOf("\n", start - 1) + 1;
  const lineBreak = text.indexOf("\n", end);
  const to = lineBreak === -1 ? text.length : lineBreak + 1;
  const isAlone = text.slice(from, start).trim() === "" && text.slice(end, to).trim() === "";
  // A line that goes on, or that the one before goes on into, is more than it looks.
  const isBroken = text.slice(start, end).includes("\n") || text.slice(0, from).endsWith("\\\n");
  return isAlone && start < end && !isBroken ? { file, start: from, end: to, text: "" } : undefined;
}

/** Whether the line above or below belongs to the same mapping: without one, nothing would be left where a mapping must be. */
function hasSibling({ files }: Subject, { file, start, end }: Edit): boolean {
  const text = files.get(file) ?? "";
  const indent = /^ */.exec(text.slice(start))?.[0] ?? "";
  const above = text.slice(text.lastIndexOf("\n", start - 2) + 1, start);
  const below = text.slice(end).split("\n", 1)[0] ?? "";
  return [above, below].some((line) => line.startsWith(indent) && /^[\w-]+:/.test(line.slice(indent.length)));
}

/** One of several words of a quoted value, with a blank beside it. */
function withoutWord({ files }: Subject, { file, start, end }: Span): Edit | undefined {
  const text = files.get(file) ?? "";
  if (!/^\w+=[\w+.:-]*$/.test(text.slice(start, end))) return undefined;
  if (text[start - 1] === " " && /[ "']/.test(text[end] ?? "")) return { file, start: start - 1, end, text: "" };
  const isFirst = /["']/.test(text[start - 1] ?? "") && text[end] === " ";
  return isFirst ? { file, start, end: end + 1, text: "" } : undefined;
}

/* KEY VALUE, KEY=VALUE, KEY: VALUE or the value alone: nothing else on the place. */
const number = /^(?:["']?[\w.-]+["']?(?:[ \t]+(?:[=:][ \t]*)?|[=:][ \t]*))?["']?(?<digits>\d\w*)["']?$/;

/** Writes another number, in the kernel's unit, for the one at a place; undefined where the place holds more than one value. */
export function withNumber(
  subject: Subject,
  at: Span | undefined,
  option: OptionName,
  value: number,
): readonly Edit[] | undefined {
  if (at === undefined) return undefined;
  const { files, dialect } = subject;
  const place = dialect === "iproute2" ? commandWords(subject, at, option) : keyedStatement(subject, at);
  const text = place === undefined ? "" : (files.get(place.file) ?? "").slice(place.start, place.end);
  const digits = number.exec(text)?.groups?.["digits"];
  if (place === undefined || digits === undefined) return undefined;
  const row = optionRow(option);
  const isTimed = dialect === "networkd" && row.kind === "int" && row.unit === "ms";
  const start = place.start + text.lastIndexOf(digits);
  return [{ file: place.file, start, end: start + digits.length, text: `${value}${isTimed ? "ms" : ""}` }];
}

/** Says something more beside the mode, in the way of the language: on a line of its own, or as a further word. Undefined where the
 *  place isn't the mode's (no mode is said) or doesn't hold it alone. */
export function sayingBesideMode(subject: Subject, at: Span | undefined, said: string): readonly Edit[] | undefined {
  if (at === undefined) return undefined;
  const { dialect, files } = subject;
  const text = files.get(at.file) ?? "";
  if (dialect === "iproute2") {
    const words = commandWords(subject, at, "mode");
    return words === undefined ? undefined : [{ file: at.file, start: words.end, end: words.end, text: ` ${said}` }];
  }
  const statement = keyedStatement(subject, at);
  if (!/^["']?[\w-]*mode["']?[ \t]*[ \t=:]/i.test(text.slice(statement.start, statement.end))) return undefined;
  if (byLines.has(dialect) || dialect === "netplan") return lineAfter(subject, statement, said);
  if (!byWords.has(dialect)) return undefined;
  const isWord = /^\w+=[\w+.-]+$/.test(text.slice(at.start, at.end)) && /[ "']/.test(text[at.end] ?? "");
  const isQuoted = /["'][^"'\n]*$/.test(text.slice(text.lastIndexOf("\n", at.start) + 1, at.start));
  return isWord && isQuoted ? [{ file: at.file, start: at.end, end: at.end, text: ` ${said}` }] : undefined;
}

/** Adds a line after a place, indented as that place's line is. */
function lineAfter({ files }: Subject, at: Span, line: string): readonly Edit[] | undefined {
  const text = files.get(at.file);
  if (text === undefined) return undefined;
  const from = text.lastIndexOf("\n", at.start - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(from))?.[0] ?? "";
  const lineBreak = text.indexOf("\n", at.end);
  const end = lineBreak === -1 ? text.length : lineBreak;
  const isAlone = text.slice(from, at.start).trim() === "" && text.slice(at.end, end).trim() === "";
  return isAlone ? [{ file: at.file, start: at.end, end: at.end, text: `\n${indent}${line}` }] : undefined;
}
