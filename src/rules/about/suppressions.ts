import type { Span } from "../../diagnostic/diagnostic.ts";

/** A comment that asks for silence about one rule on its own line, or on the next one when it has a line to itself. */
export interface Suppression {
  readonly rule: string;
  /** Why, as written after "because"; empty when nobody said. */
  readonly reason: string;
  /** The comment, without the reason. */
  readonly at: Span;
  /** The stretch of text it covers: findings that begin here are meant. */
  readonly covers: { readonly start: number; readonly end: number };
}

const comment = /#[ \t]*holdfast:[ \t]*ignore[ \t]+(?<rule>[\w-]+)(?:[ \t]+because\b[ \t]*(?<reason>[^\r\n]*))?/g;

/** Every such comment in a text, in order. */
export function suppressionsIn(file: string, text: string): readonly Suppression[] {
  if (!text.includes("holdfast:")) return [];
  return [...text.matchAll(comment)].map((match) => {
    const start = match.index;
    const rule = match.groups?.["rule"] ?? "";
    const lineStart = text.lastIndexOf("\n", start) + 1;
    const isAlone = text.slice(lineStart, start).trim() === "";
    const lineEnd = endOfLine(text, start);
    return {
      rule,
      reason: (match.groups?.["reason"] ?? "").replace(/(?<![\s….])[\s….]+$/, ""),
      at: { file, start, end: text.indexOf(rule, start) + rule.length },
      covers: isAlone ? { start: lineEnd, end: endOfNextStatement(text, lineEnd) } : { start: lineStart, end: lineEnd },
    };
  });
}

/** Several comments may stand above one line: comment lines in between are skipped. */
function endOfNextStatement(text: string, from: number): number {
  let end = endOfLine(text, from + 1);
  for (
    let start = from + 1;
    end < text.length && /^[ \t]*#/.test(text.slice(start, end));
    end = endOfLine(text, start)
  ) {
    start = end + 1;
  }
  return end;
}

function endOfLine(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end === -1 ? text.length : end;
}
