import type { FileSet } from "../diagnostic/diagnostic.ts";

/** File names `source-directory` takes; others in the directory are passed over without a word.
 *  Source: interfaces(5), directory_filter() of ifupdown 0.8.41. */
export const sourcedName = /^[a-zA-Z0-9_-]+$/;

/** The folder part of a path, as dirname(3). */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf("/");
  if (slash === -1) return ".";
  return slash === 0 ? "/" : path.slice(0, slash);
}

/** The last part of a path. */
export function nameOf(path: string): string {
  return path.slice(path.lastIndexOf("/") + 1);
}

/** Makes the pattern of a `source` line absolute (relative ones start at the file they stand in) and plain: no "//", "./", "../". */
export function resolvePattern(pattern: string, file: string): string {
  const full = pattern.startsWith("/") ? pattern : `${folderOf(file)}/${pattern}`;
  const parts: string[] = [];
  for (const part of full.split("/")) {
    if (part === "" || part === ".") continue;
    if (part === "..") parts.pop();
    else parts.push(part);
  }
  return (full.startsWith("/") ? "/" : "") + parts.join("/");
}

/** Whether a pattern has anything to expand. */
export function isGlob(pattern: string): boolean {
  return /[*?[]/.test(pattern);
}

/** What wordexp(3) would expand or stumble over and we cannot know: variables, home folders, quotes, commands. */
export function needsShell(pattern: string): boolean {
  return /[$`"'\\~|&;<>(){}]/.test(pattern);
}

/** Files of the set whose path matches, sorted as glob(3) sorts in the C locale. */
export function filesMatching(files: FileSet, pattern: string): readonly string[] {
  if (!isGlob(pattern)) return files.has(pattern) ? [pattern] : [];
  return [...files.keys()].filter((path) => pathMatches(pattern, path)).sort();
}

/** Files directly in the folders that match, in order of folder and name. */
export function filesIn(files: FileSet, folder: string): readonly string[] {
  const inside = (path: string) => (isGlob(folder) ? pathMatches(folder, folderOf(path)) : folderOf(path) === folder);
  return [...files.keys()].filter(inside).sort();
}

function pathMatches(pattern: string, path: string): boolean {
  const wanted = pattern.split("/");
  const parts = path.split("/");
  return wanted.length === parts.length && wanted.every((part, index) => globMatches(part, parts[index] ?? ""));
}

/** Matches one path component: `*`, `?`, `[…]`; a leading dot must be said. Time at most pattern × name. */
export function globMatches(pattern: string, name: string): boolean {
  if (name.startsWith(".") && !pattern.startsWith(".")) return false;
  let p = 0;
  let n = 0;
  let star = -1;
  let mark = 0;
  while (n < name.length) {
    const step = p < pattern.length && pattern[p] !== "*" ? matchOne(pattern, p, name.charAt(n)) : 0;
    if (step > 0) {
      p += step;
      n++;
    } else if (pattern[p] === "*") {
      star = p++;
      mark = n;
    } else if (star !== -1) {
      p = star + 1;
      n = ++mark;
    } else return false;
  }
  while (pattern[p] === "*") p++;
  return p === pattern.length;
}

/** Characters of the pattern used up by matching one character of the name; 0 when it does not match. */
function matchOne(pattern: string, at: number, char: string): number {
  const here = pattern[at];
  if (here === "?") return 1;
  if (here !== "[") return here === char ? 1 : 0;
  const negated = pattern[at + 1] === "!" || pattern[at + 1] === "^";
  const from = at + (negated ? 2 : 1);
  // Brackets are short; a bound keeps a pattern made of brackets from costing its square.
  const close = pattern.slice(from + 1, from + 258).indexOf("]");
  if (close === -1) return char === "[" ? 1 : 0;
  const set = pattern.slice(from, from + 1 + close);
  return inSet(set, char) !== negated ? from + close + 2 - at : 0;
}

function inSet(set: string, char: string): boolean {
  for (let at = 0; at < set.length; at++) {
    if (set[at + 1] === "-" && at + 2 < set.length) {
      if (set.charAt(at) <= char && char <= set.charAt(at + 2)) return true;
      at += 2;
    } else if (set[at] === char) return true;
  }
  return false;
}
