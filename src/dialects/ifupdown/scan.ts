import type { Span } from "../../diagnostic/diagnostic.ts";
import type { Word } from "./document.ts";

/** A line as ifupdown sees it: continuation lines joined, comments gone, white space at both ends gone. */
export interface Line {
  readonly text: string;
  /** Where the characters of `text` stand in the source: piece i starts at starts[i] of the text, at offsets[i] of the source. */
  readonly starts: readonly number[];
  readonly offsets: readonly number[];
  readonly file: string;
  /** What a reader would not expect: text after a NUL byte is lost; a backslash with white space behind it continues nothing. */
  readonly oddity?: "nul" | "no-continuation";
}

/** The white space of C's isspace(), which is all ifupdown knows; no Unicode spaces. */
function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

const hash = 35;
const backslash = 92;

/** Splits text into the lines ifupdown works on. Total over any text, linear time.
 *  Source: get_line() of ifupdown 0.8.41: only the first physical line may be a comment; its leading white space goes
 *  before the comment test; a backslash must be the last character before the line feed; at the end of the file it is dropped. */
export function scanLines(file: string, text: string): readonly Line[] {
  const lines: Line[] = [];
  // Not includes(): V8 11 takes its answer for something to work out again at every use, and searches the megabyte per line.
  const nuls = /\0/.test(text);
  let at = 0;
  while (at < text.length) at = takeLine(lines, file, text, at, nuls);
  return lines;
}

/** Takes the line that begins at `from`; the offset of the one after it. */
function takeLine(lines: Line[], file: string, text: string, from: number, nuls: boolean): number {
  const feed = text.indexOf("\n", from);
  const stop = feed === -1 ? text.length : feed;
  // Most lines stand alone: no NUL in the file, no backslash at the end.
  if (nuls || text.charCodeAt(stop - 1) === backslash) {
    const [line, next] = readLine(file, text, from);
    if (line !== undefined && line.text !== "") lines.push(line);
    return next;
  }
  const line = simpleLine(file, text, from, stop);
  if (line !== undefined) lines.push(line);
  return stop + 1;
}

const origin: readonly number[] = [0];

function simpleLine(file: string, text: string, from: number, to: number): Line | undefined {
  let begin = from;
  let end = to;
  while (begin < end && isSpace(text.charCodeAt(begin))) begin++;
  if (begin === end || text.charCodeAt(begin) === hash) return undefined;
  while (isSpace(text.charCodeAt(end - 1))) end--;
  const line: Line = { text: text.slice(begin, end), starts: origin, offsets: [begin], file };
  const loose = end < to && text.charCodeAt(end - 1) === backslash;
  return loose ? { ...line, oddity: "no-continuation" } : line;
}

/** One physical line: where its text starts and ends (a NUL ends it early) and where the next one begins. */
function physical(text: string, from: number): { end: number; next: number; nul: boolean } {
  const feed = text.indexOf("\n", from);
  const stop = feed === -1 ? text.length : feed;
  const nul = text.slice(from, stop).indexOf("\0");
  return { end: nul === -1 ? stop : from + nul, next: feed === -1 ? text.length : feed + 1, nul: nul !== -1 };
}

function readLine(file: string, text: string, from: number): [Line | undefined, number] {
  const first = physical(text, from);
  let begin = from;
  while (begin < first.end && isSpace(text.charCodeAt(begin))) begin++;
  if (text.charCodeAt(begin) === hash && begin < first.end) return [undefined, first.next];
  // Pieces as [start, end) offsets of the source; ends shrink as backslashes are taken off.
  const pieces: { start: number; end: number }[] = [{ start: begin, end: first.end }];
  let next = first.next;
  let nul = first.nul;
  // `last` is the last piece with any text: an empty continuation line leaves the backslash before it in last place.
  let last = 0;
  const retreat = () => {
    while (last > 0 && pieces[last]?.start === pieces[last]?.end) last--;
  };
  for (;;) {
    retreat();
    const tail = pieces[last];
    if (tail === undefined || tail.start === tail.end || text.charCodeAt(tail.end - 1) !== backslash) break;
    tail.end--;
    if (next >= text.length) continue;
    const more = physical(text, next);
    pieces.push({ start: next, end: more.end });
    last = pieces.length - 1;
    next = more.next;
    nul ||= more.nul;
  }
  return [assemble(file, text, pieces.slice(0, last + 1), nul), next];
}

function assemble(file: string, text: string, pieces: readonly { start: number; end: number }[], nul: boolean): Line {
  const parts: string[] = [];
  const starts: number[] = [];
  const offsets: number[] = [];
  let length = 0;
  for (const piece of pieces) {
    if (piece.start === piece.end) continue;
    parts.push(text.slice(piece.start, piece.end));
    starts.push(length);
    offsets.push(piece.start);
    length += piece.end - piece.start;
  }
  const joined = parts.join("");
  let end = joined.length;
  while (end > 0 && isSpace(joined.charCodeAt(end - 1))) end--;
  const trimmed = joined.slice(0, end);
  const loose = end < joined.length && joined.charCodeAt(end - 1) === backslash;
  const oddity = nul ? ({ oddity: "nul" } as const) : loose ? ({ oddity: "no-continuation" } as const) : {};
  return { text: trimmed, starts, offsets, file, ...oddity };
}

/** The source offset of a character of the joined text (the end of the text included). */
export function offsetOf(line: Line, index: number): number {
  let low = 0;
  let high = line.starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((line.starts[middle] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  return (line.offsets[low] ?? 0) + index - (line.starts[low] ?? 0);
}

/** The span of [from, to) of a line's text in its source. */
export function spanOf(line: Line, from: number, to: number): Span {
  // The end is that of the last character, so that a span never reaches into the next continuation line.
  const end = to > from ? offsetOf(line, to - 1) + 1 : offsetOf(line, from);
  return { file: line.file, start: offsetOf(line, from), end };
}

/** The words of a line from an index on, as next_word() of ifupdown takes them. */
export function wordsFrom(line: Line, from: number): readonly Word[] {
  const words: Word[] = [];
  const { text } = line;
  let at = from;
  while (at < text.length) {
    while (at < text.length && isSpace(text.charCodeAt(at))) at++;
    const start = at;
    while (at < text.length && !isSpace(text.charCodeAt(at))) at++;
    if (at > start) words.push({ text: text.slice(start, at), span: spanOf(line, start, at) });
  }
  return words;
}

/** The first word (empty when a continuation line begins with white space after nothing) and where the rest begins. */
export function firstWord(line: Line): { readonly word: Word; readonly rest: number } {
  const { text } = line;
  let at = 0;
  while (at < text.length && !isSpace(text.charCodeAt(at))) at++;
  const word = { text: text.slice(0, at), span: spanOf(line, 0, at) };
  while (at < text.length && isSpace(text.charCodeAt(at))) at++;
  return { word, rest: at };
}

/** Splits a value at white space, as the shell does with an unquoted variable. */
export function splitWords(value: string): readonly string[] {
  return value.split(/[ \t\n\v\f\r]+/).filter((word) => word !== "");
}
