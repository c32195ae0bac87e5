import type { FileSet } from "../../src/diagnostic/diagnostic.ts";

/** The smallest configuration found that still fails: whole files are left out, then lines, then characters. */
export function shrink(files: FileSet, fails: (files: FileSet) => boolean, until: number): FileSet {
  let best = files;
  const attempt = (candidate: FileSet): boolean => {
    if (Date.now() > until || !fails(candidate)) return false;
    best = candidate;
    return true;
  };
  for (const path of files.keys()) attempt(new Map([...best].filter(([other]) => other !== path)));
  for (const path of best.keys()) {
    for (const separator of ["\n", ""]) {
      const text = best.get(path) ?? "";
      if (separator === "" && text.length > mostCharacters) continue;
      const isLate = (): boolean => Date.now() > until;
      smaller(text.split(separator), isLate, (kept) => attempt(new Map(best).set(path, kept.join(separator))));
    }
  }
  return best;
}

/** Character by character only what is small by then. */
const mostCharacters = 5_000;

/** Leaves out halves, quarters, and so on down to single parts, while there is time. */
function smaller(all: readonly string[], isLate: () => boolean, attempt: (kept: readonly string[]) => boolean): void {
  let parts = all;
  for (let size = Math.ceil(parts.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < parts.length && !isLate(); ) {
      const kept = [...parts.slice(0, at), ...parts.slice(at + size)];
      if (attempt(kept)) parts = kept;
      else at += size;
    }
  }
}
