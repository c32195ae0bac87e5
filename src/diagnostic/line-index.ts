/** Turns offsets of one text into lines and columns. Built once per text; each look-up is a binary search. */
export interface LineIndex {
  /** 1-based line and column of an offset, columns in UTF-16 units. Offsets outside the text count as its nearest end. */
  readonly position: (offset: number) => Position;
  /** Offsets of a 1-based line without its line break (LF or CRLF); the nearest line when there is no such line. */
  readonly line: (number: number) => { readonly start: number; readonly end: number };
  readonly lineCount: number;
}

/** A place for people and editors: both numbers start at 1. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Indexes a text. A line ends at LF; a CR before it belongs to the break, as editors show it. */
export function lineIndex(text: string): LineIndex {
  const starts = [0];
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const startOf = (index: number) => starts[index] ?? 0;

  const line = (number: number) => {
    const index = Math.min(Math.max(number, 1), starts.length) - 1;
    const start = startOf(index);
    const next = starts[index + 1];
    if (next === undefined) return { start, end: text.length };
    const beforeBreak = next - 1;
    return { start, end: beforeBreak > start && text[beforeBreak - 1] === "\r" ? beforeBreak - 1 : beforeBreak };
  };
  const position = (offset: number) => {
    const inside = Math.min(Math.max(offset, 0), text.length);
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (startOf(middle) <= inside) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: inside - startOf(low) + 1 };
  };
  return { position, line, lineCount: starts.length };
}
