import { columnsOf, isPlain } from "./visible.ts";

/** Breaks a text at spaces so that no line is wider than `columns`; a single word that is too wide is cut hard.
 *  Always at least one line. */
export function wrap(text: string, columns: number): readonly string[] {
  const width = Math.max(columns, 8);
  return wrapPlain(text, width) ?? wrapAny(text, width);
}

/** A text of letters that take a column each, with one space between words: nearly every one. Undefined for any other. */
function wrapPlain(text: string, width: number): readonly string[] | undefined {
  if (!isPlain(text) || text.startsWith(" ") || text.includes("  ")) return undefined;
  const lines: string[] = [];
  let from = 0;
  while (text.length - from > width) {
    const space = text.lastIndexOf(" ", from + width);
    if (space < from) return undefined;
    lines.push(text.slice(from, space));
    from = space + 1;
  }
  lines.push(text.slice(from));
  return lines;
}

function wrapAny(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  let taken = 0;
  for (const word of text.split(/ +/).flatMap((part) => pieces(part, width))) {
    const more = columnsOf(word);
    // A line that is still empty takes what stands first as it is.
    const joined = line === "" ? more : taken + 1 + more;
    if (joined <= width) {
      line = line === "" ? word : `${line} ${word}`;
      taken = joined;
    } else {
      lines.push(line);
      line = word;
      taken = more;
    }
  }
  return [...lines, line];
}

function pieces(word: string, width: number): readonly string[] {
  if (columnsOf(word) <= width) return [word];
  const result: string[] = [];
  let piece = "";
  let columns = 0;
  for (const char of word) {
    const more = columnsOf(char);
    if (columns + more > width) {
      result.push(piece);
      piece = "";
      columns = 0;
    }
    piece += char;
    columns += more;
  }
  return [...result, piece];
}
