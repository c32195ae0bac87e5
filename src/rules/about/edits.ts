import type { Edit, Span } from "../../diagnostic/diagnostic.ts";
import { type OptionName, optionRow } from "../../model/options.ts";
import type { Subject } from "../rule.ts";

/** Languages whose statements are lines that mean the same without the line before or after them. */
const byLines = new Set(["ifupdown", "networkd", "networkmanager"]);

/** Takes out the lines these places are on; undefined where a line holds anything else, or the language isn't one of lines. */
export function withoutLines(subject: Subject, places: readonly (Span | undefined)[]): readonly Edit[] | undefined {
  if (!byLines.has(subject.dialect)) return undefined;
  const edits = places.map((at) => (at === undefined ? undefined : withoutLine(subject, at)));
  return edits.some((edit) => edit === undefined) ? undefined : edits.flatMap((edit) => edit ?? []);
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

/* KEY VALUE, KEY=VALUE, KEY: VALUE or the value alone: nothing else on the place. */
const number = /^(?:[\w.-]+[ \t]*[ \t=:][ \t]*)?["']?(?<digits>\d+\w*)["']?$/;

/** Writes another number, in the kernel's unit, for the one at a place; undefined where the place holds more than one value. */
export function withNumber(
  { files, dialect }: Subject,
  at: Span | undefined,
  option: OptionName,
  value: number,
): readonly Edit[] | undefined {
  if (at === undefined) return undefined;
  const text = (files.get(at.file) ?? "").slice(at.start, at.end);
  const digits = number.exec(text)?.groups?.["digits"];
  if (digits === undefined) return undefined;
  const row = optionRow(option);
  const isTimed = dialect === "networkd" && row.kind === "int" && row.unit === "ms";
  const start = at.start + text.lastIndexOf(digits);
  return [{ file: at.file, start, end: start + digits.length, text: `${value}${isTimed ? "ms" : ""}` }];
}

/** Adds a line after a place, indented as that place's line is. */
export function lineAfter({ files }: Subject, at: Span, line: string): readonly Edit[] | undefined {
  const text = files.get(at.file);
  if (text === undefined) return undefined;
  const from = text.lastIndexOf("\n", at.start - 1) + 1;
  const indent = /^[ \t]*/.exec(text.slice(from))?.[0] ?? "";
  const lineBreak = text.indexOf("\n", at.end);
  const end = lineBreak === -1 ? text.length : lineBreak;
  if (text.slice(at.end, end).trim() !== "") return undefined;
  return [{ file: at.file, start: at.end, end: at.end, text: `\n${indent}${line}` }];
}
