import type { Diagnostic, FileSet } from "../diagnostic/diagnostic.ts";
import type { Result } from "../model/result.ts";

/** Puts what a dialect wrote of some interfaces into files that speak of others too. */
export interface Amendment {
  /** What is there, by path as on the host. */
  readonly files: FileSet;
  /** Interfaces that the files shall say nothing of any more but what is written. */
  readonly names: ReadonlySet<string>;
  /** What the dialect's `render` wrote of them. */
  readonly written: FileSet;
  /** Files that speak of one of the names, whether they say the name or recognise the hardware. */
  readonly about: ReadonlySet<string>;
}

/** The whole set of files afterwards; what isn't in it any more is to be removed. Everything that isn't about the names stays as it is,
 *  to the byte. Fails with what stands in the way where text and program may disagree about who is meant. Nobody is to believe it: what
 *  it gives is read again and compared (`plan/merge.ts`). */
export type Amend = (amendment: Amendment) => Result<FileSet, readonly Diagnostic[]>;

/** Takes files of ours away that speak of a radio and aren't written any more: it would be started for nobody, or wait for a bond which it
 *  isn't in. `pathsOf`: where those of an interface lie. */
export function dropIdle(
  result: Map<string, string>,
  { names, written }: Pick<Amendment, "names" | "written">,
  pathsOf: (name: string) => readonly string[],
): void {
  for (const path of [...names].flatMap(pathsOf))
    if (!written.has(path) && result.get(path)?.startsWith("# Written by Holdfast") === true) result.delete(path);
}

/** A piece of a text taken out, or replaced where `text` says so. */
export interface Cut {
  readonly start: number;
  readonly end: number;
  readonly text?: string;
}

/** The text with its cuts made; of two that overlap the first counts, and takes the other's end. Where a cut leaves two empty lines, one
 *  goes. */
export function cutText(source: string, cuts: readonly Cut[]): string {
  const inOrder = cuts.toSorted((a, b) => a.start - b.start || b.end - a.end);
  let text = "";
  let at = 0;
  for (const cut of inOrder) {
    if (cut.start < at) {
      at = Math.max(at, cut.end);
      text += cut.text ?? "";
      continue;
    }
    text += source.slice(at, cut.start) + (cut.text ?? "");
    at = cut.end;
    if (cut.text === undefined && /(^|\n)[ \t]*\n$|^$/.test(text.slice(-200)))
      while (/^[ \t]*\n/.test(source.slice(at, at + 200))) at = source.indexOf("\n", at) + 1;
  }
  return text + source.slice(at);
}

/** The whole lines a piece of a text stands on, with the line break at their end. */
export function wholeLines(source: string, { start, end }: Cut): Cut {
  const from = start === 0 ? 0 : source.lastIndexOf("\n", start - 1) + 1;
  const feed = source.indexOf("\n", Math.max(end - 1, start));
  return { start: from, end: feed === -1 ? source.length : feed + 1 };
}
