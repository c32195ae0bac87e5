import { columnsOf } from "./visible.ts";

/** Breaks a text at spaces so that no line is wider than `columns`; a single word that is too wide is cut hard.
 *  Always at least one line. */
export function wrap(text: string, columns: number): readonly string[] {
  const width = Math.max(columns, 8);
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(/ +/).flatMap((part) => pieces(part, width))) {
    const joined = line === "" ? word : `${line} ${word}`;
    if (columnsOf(joined) <= width) {
      line = joined;
    } else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function pieces(word: string, width: number): readonly string[] {
  if (columnsOf(word) <= width) return [word];
  const chars = [...word];
  const result: string[] = [];
  // Half the width is safe also for characters of two columns.
  for (let at = 0; at < chars.length; at += width >> 1) result.push(chars.slice(at, at + (width >> 1)).join(""));
  return result;
}
