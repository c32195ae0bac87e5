/** A piece of a line as a terminal shows it: which source offset it stands for, what is printed, how many columns it takes. */
export interface Cell {
  readonly offset: number;
  readonly text: string;
  readonly columns: number;
}

/* Everything that could move the cursor, change colours, reorder text (bidi) or hide (zero width) when a hostile file is
 * printed: control, format, surrogate, private use, unassigned; line and paragraph separators; variation selectors. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}]|\p{Variation_Selector}/u;
const unprintables = new RegExp(unprintable.source, "gu");
const zeroWidth = /^\p{M}$/u;
const wide =
  /^[\u{1100}-\u{115f}\u{2e80}-\u{303e}\u{3041}-\u{33ff}\u{3400}-\u{4dbf}\u{4e00}-\u{9fff}\u{a000}-\u{a4cf}\u{ac00}-\u{d7a3}\u{f900}-\u{faff}\u{fe30}-\u{fe4f}\u{ff00}-\u{ff60}\u{ffe0}-\u{ffe6}\u{1f300}-\u{1faff}\u{20000}-\u{3fffd}]$/u;

/** The cells of a line. A tab becomes four columns; what a terminal must not be fed becomes a visible `\u{1b}`. */
export function cellsOf(line: string, startOffset: number): readonly Cell[] {
  const cells: Cell[] = [];
  let offset = startOffset;
  for (const char of line) {
    const text = char === "\t" ? "    " : visibleChar(char);
    cells.push({ offset, text, columns: text === char ? charColumns(char) : text.length });
    offset += char.length;
  }
  return cells;
}

/** Letters, digits and signs of ASCII alone: they show as they are, in a column each. */
export function isPlain(text: string): boolean {
  return /^[\x20-\x7e]*$/.test(text);
}

/** A text made safe to print on one line: line breaks and every unprintable character become visible escapes. */
export function visible(text: string): string {
  return !isPlain(text) && unprintable.test(text) ? [...text].map(visibleChar).join("") : text;
}

/** A JSON text without anything in it that a terminal must not be fed: such characters become escapes, and it means the same. Line breaks
 *  between its parts stay. */
export function visibleJson(text: string): string {
  // Most texts are plain, and some are megabytes.
  if (/^[\n\x20-\x7e]*$/.test(text)) return text;
  return text.replaceAll(unprintables, (char) => (char === "\n" ? char : jsonEscape(char)));
}

function jsonEscape(char: string): string {
  // A character beyond the first plane is two escapes.
  return Array.from({ length: char.length }, (_, at) => `\\u${char.charCodeAt(at).toString(16).padStart(4, "0")}`).join(
    "",
  );
}

/** How many terminal columns a text that `visible` has made safe takes. */
export function columnsOf(text: string): number {
  if (isPlain(text)) return text.length;
  let columns = 0;
  for (const char of text) columns += charColumns(char);
  return columns;
}

function visibleChar(char: string): string {
  return unprintable.test(char) ? `\\u{${(char.codePointAt(0) ?? 0).toString(16)}}` : char;
}

function charColumns(char: string): number {
  if (zeroWidth.test(char)) return 0;
  return wide.test(char) ? 2 : 1;
}
