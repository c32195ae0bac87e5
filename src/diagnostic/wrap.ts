import { columnsOf } from "./visible.ts";

/** Breaks a text at spaces so that no line is wider than `columns`; a single word that is too wide is cut hard.
 *  Always at least one line. */
export function wrap(text: string, columns: number): readonly string[] {
  const width = Math.max(columns, 8);
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
