import { wrap } from "../diagnostic/wrap.ts";
import { startOf } from "../syntax/yaml-place.ts";
import { readTree } from "../syntax/yaml-tree.ts";

/** A word for the reader of a file: above the line where the thing stands. */
export interface Note {
  /** Keys, and places in lists, from the top of the file. */
  readonly path: readonly (string | number)[];
  readonly text: string;
}

/** What a comment may reach to, in columns: a terminal of 80 shows it whole. */
const columns = 78;

/** The text of a file with its notes as comments. Notes on what isn't in it are left out; what a text says stays as it is. */
export function annotate(file: string, text: string, notes: readonly Note[]): string {
  const { tree } = readTree(file, text);
  const lines = text.split("\n");
  const above = new Map<number, string[]>();
  for (const note of notes) {
    const start = startOf(tree, note.path);
    if (start === undefined) continue;
    const at = text.slice(0, start).split("\n").length - 1;
    above.set(at, [...(above.get(at) ?? []), note.text]);
  }
  return lines
    .flatMap((line, at) => {
      const indent = /^ */.exec(line)?.[0] ?? "";
      const said = (above.get(at) ?? []).flatMap((note) => wrap(note, columns - indent.length - 2));
      return [...said.map((one) => `${indent}# ${one}`), line];
    })
    .join("\n");
}
