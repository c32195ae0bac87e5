import type { Span } from "../diagnostic/diagnostic.ts";

/** A file as its reader sees it, pieces of the source put together, with the place every piece came from: piece i starts at
 *  starts[i] of the text, at offsets[i] of the source. */
export interface PiecedText {
  readonly file: string;
  readonly text: string;
  readonly starts: readonly number[];
  readonly offsets: readonly number[];
}

/** One line of such a text, without the white space at its ends. */
export interface StanzaLine {
  readonly text: string;
  /** Where it begins in the text. */
  readonly from: number;
  readonly source: PiecedText;
}

/** A file that is read as it stands. */
export function wholeText(file: string, text: string): PiecedText {
  return { file, text, starts: [0], offsets: [0] };
}

/** Pieces of a source put together with something between each two. Offsets are those of the source. */
export function joinedText(
  file: string,
  text: string,
  pieces: readonly { readonly start: number; readonly end: number }[],
  between: string,
): PiecedText {
  const starts: number[] = [];
  const offsets: number[] = [];
  const parts: string[] = [];
  let length = 0;
  for (const { start, end } of pieces) {
    if (parts.length > 0) length += between.length;
    parts.push(text.slice(start, end));
    if (end > start || starts.length === 0) {
      starts.push(length);
      offsets.push(start);
    }
    length += end - start;
  }
  return { file, text: parts.join(between), starts, offsets };
}

/** The lines that have any text, in order. A carriage return ends a line too. Linear. */
export function stanzaLines(source: PiecedText): readonly StanzaLine[] {
  const lines: StanzaLine[] = [];
  const { text } = source;
  for (const { 0: raw, index } of text.matchAll(/[^\r\n]+/g)) {
    let begin = 0;
    let end = raw.length;
    while (begin < end && isBlank(raw.charCodeAt(begin))) begin++;
    while (end > begin && isBlank(raw.charCodeAt(end - 1))) end--;
    if (end > begin) lines.push({ text: raw.slice(begin, end), from: index + begin, source });
  }
  return lines;
}

function isBlank(code: number): boolean {
  return code === 32 || code === 9;
}

/** The span of [from, to) of a line in its file. */
export function spanOfLine({ from: base, source }: StanzaLine, from: number, to: number): Span {
  const start = offsetIn(source, base + from);
  const end = to > from ? offsetIn(source, base + to - 1) + 1 : start;
  return { file: source.file, start, end: Math.max(start, end) };
}

function offsetIn({ starts, offsets }: PiecedText, index: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= index) low = middle;
    else high = middle - 1;
  }
  const inside = index - (starts[low] ?? 0);
  const next = offsets[low + 1];
  // What was put between two pieces stands nowhere: it counts as the end of the first.
  return Math.min((offsets[low] ?? 0) + inside, next ?? Number.MAX_SAFE_INTEGER);
}

/** A word of a line and where it begins in it. */
export interface LineWord {
  readonly text: string;
  readonly from: number;
}

/** The words of a line, split at white space. */
export function lineWords({ text }: StanzaLine): readonly LineWord[] {
  return [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => ({ text: word, from: index }));
}

/** The first word of a line, and the rest behind the white space that follows. */
export function keyAndRest({ text }: StanzaLine): { readonly key: string; readonly rest: string; readonly at: number } {
  const key = /^\S*/.exec(text)?.[0] ?? "";
  // White space that the line was not relieved of (a no-break space) makes it none with a key.
  const rest = key === "" ? "" : text.slice(key.length).trimStart();
  return { key, rest, at: text.length - rest.length };
}
