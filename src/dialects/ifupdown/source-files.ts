import type { Diagnostic, FileSet } from "../../diagnostic/diagnostic.ts";
import {
  filesIn,
  filesMatching,
  folderOf,
  isGlob,
  nameOf,
  needsShell,
  resolvePattern,
  sourcedName,
} from "../source-paths.ts";
import type { Word } from "./document.ts";

/** The file ifup starts from. */
export const interfacesPath = "/etc/network/interfaces";

/** The files reading starts from: /etc/network/interfaces, or one that ends so; else every file, in the order given. */
export function rootFiles(files: FileSet): readonly string[] {
  if (files.has(interfacesPath)) return [interfacesPath];
  const inRoot = [...files.keys()].filter((path) => path.endsWith(interfacesPath));
  return inRoot.length > 0 ? inRoot.slice(0, 1) : [...files.keys()];
}

/** The files a `source` or `source-directory` line leads to, in the order ifupdown reads them. */
export function findSourced(
  files: FileSet,
  keyword: Word,
  words: readonly Word[],
): { readonly files: readonly { path: string; by: Word }[]; readonly diagnostics: readonly Diagnostic[] } {
  const found: { path: string; by: Word }[] = [];
  const diagnostics: Diagnostic[] = [];
  if (words.length === 0) {
    const message = `"${keyword.text}" names no ${keyword.text === "source" ? "file" : "directory"}`;
    diagnostics.push({ code: "ifupdown-nothing-named", severity: "warning", message, at: keyword.span });
  }
  for (const word of words) {
    if (needsShell(word.text)) {
      const message = `"${word.text}" needs a shell to expand; what it names was not read`;
      const hint = "Name the file itself.";
      diagnostics.push({ code: "ifupdown-source-not-followed", severity: "warning", message, hint, at: word.span });
      continue;
    }
    const pattern = resolvePattern(word.text, word.span.file);
    const step = keyword.text === "source" ? sourced(files, pattern, word) : sourcedFolder(files, pattern, word);
    found.push(...step.paths.map((path) => ({ path, by: word })));
    diagnostics.push(...step.diagnostics);
  }
  return { files: found, diagnostics };
}

interface Step {
  readonly paths: readonly string[];
  readonly diagnostics: readonly Diagnostic[];
}

function sourced(files: FileSet, pattern: string, word: Word): Step {
  const paths = filesMatching(files, pattern);
  // A glob that matches nothing is how a fresh Debian comes, so it is worth no word.
  if (paths.length > 0 || isGlob(pattern)) return { paths, diagnostics: [] };
  const message = `${pattern} is sourced but was not among the files read`;
  const hint = "Give the file too, or remove the line if there is none.";
  return {
    paths,
    diagnostics: [{ code: "ifupdown-source-missing", severity: "warning", message, hint, at: word.span }],
  };
}

function sourcedFolder(files: FileSet, folder: string, word: Word): Step {
  const inside = filesIn(files, folder);
  const diagnostics = inside
    .filter((path) => !sourcedName.test(nameOf(path)))
    .map(
      (path): Diagnostic => ({
        code: "ifupdown-file-name-skipped",
        severity: "warning",
        message: `${path} is not read: source-directory takes only names made of letters, digits, "_" and "-"`,
        hint: `Rename it, or write source ${folder}/*.`,
        at: word.span,
      }),
    );
  return { paths: inside.filter((path) => sourcedName.test(nameOf(path))), diagnostics };
}

/** One diagnostic for every file given, beside the interfaces file, that nothing sources. */
export function unreadFiles(files: FileSet, seen: ReadonlySet<string>): readonly Diagnostic[] {
  const root = [...seen][0];
  if (root === undefined) return [];
  const folder = `${folderOf(root)}/interfaces.d`;
  return (
    [...files.keys()]
      // Names source-directory passes over are reported at its line.
      .filter((path) => !seen.has(path) && folderOf(path) === folder && sourcedName.test(nameOf(path)))
      .map((path) => ({
        code: "ifupdown-file-not-read",
        severity: "advice",
        message: `${path} is not sourced from ${root}, so ifup never reads it`,
        hint: `Add the line source ${folder}/* to ${root}.`,
        at: { file: path, start: 0, end: 0 },
      }))
  );
}
