import type { Diagnostic, Edit, FileSet } from "./diagnostic.ts";

/** Which findings can be mended together, and what the files say afterwards. */
export interface Fixed {
  /** Whose edits were taken, in the order given. */
  readonly mended: readonly Diagnostic[];
  /** Those of the files that change, with their new text. */
  readonly files: FileSet;
}

/** Takes each fix whole or not at all: one that overlaps an earlier one waits for the next run. Never throws; a fix of a file that
 *  isn't there is left out. */
export function applyFixes(diagnostics: readonly Diagnostic[], files: FileSet): Fixed {
  const taken: Edit[] = [];
  const mended = diagnostics.filter(({ fix = [] }) => {
    const fresh = fix.filter((edit) => !taken.some((one) => isSame(one, edit)));
    const fits =
      fix.every((edit) => isInside(edit, files)) && !fresh.some((edit) => taken.some((one) => clash(one, edit)));
    if (fix.length === 0 || !fits) return false;
    taken.push(...fresh);
    return true;
  });
  const changed = [...new Set(taken.map(({ file }) => file))].map((file): [string, string] => [
    file,
    applyEdits(
      files.get(file) ?? "",
      taken.filter((edit) => edit.file === file),
    ),
  ]);
  return { mended, files: new Map(changed) };
}

/** The text with these edits, which must not overlap, done at once. */
export function applyEdits(text: string, edits: readonly Edit[]): string {
  let result = "";
  let at = 0;
  for (const edit of [...edits].sort((a, b) => a.start - b.start || a.end - b.end)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

function isSame(one: Edit, other: Edit): boolean {
  return one.file === other.file && one.start === other.start && one.end === other.end && one.text === other.text;
}

function isInside({ file, start, end }: Edit, files: FileSet): boolean {
  const text = files.get(file);
  return text !== undefined && start >= 0 && start <= end && end <= text.length;
}

/** Two insertions at one place clash too: which comes first would be chance. */
function clash(one: Edit, other: Edit): boolean {
  if (one.file !== other.file) return false;
  if (one.start === other.start && (one.start === one.end || other.start === other.end)) return true;
  return one.start < other.end && other.start < one.end;
}
