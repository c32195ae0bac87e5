import { readdirSync, readFileSync } from "node:fs";
import { join, relative, resolve } from "node:path";
import ts from "typescript";

/** The repository's root directory. */
export const root = resolve(import.meta.dirname, "../..");

/* What building, installing and rehearsing leave here; git knows none of it either. */
const notOurs = new Set([".git", "node_modules", "dist", "coverage", ".cache", "rehearsal-report"]);

/** Paths of all files of the repository below a folder (from the root), sorted. */
export function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  const paths = entries.flatMap((entry) => {
    if (notOurs.has(entry.name)) return [];
    const path = join(folder, entry.name);
    return entry.isDirectory() ? filesBelow(path) : [relative("", path)];
  });
  return paths.toSorted();
}

/** The text of a file, by its path from the root. */
export function textOf(path: string): string {
  return readFileSync(join(root, path), "utf8");
}

/** Names of the folders directly in a folder; none when it isn't there. */
export function foldersIn(folder: string): readonly string[] {
  try {
    const entries = readdirSync(join(root, folder), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch {
    return [];
  }
}

/** Tests and what only they use: they may import anything and may look at the clock. */
export function isForTests(path: string): boolean {
  return path.endsWith(".test.ts") || path.startsWith("test/") || path.includes("/testing/");
}

/** The syntax tree of a TypeScript or JavaScript file. */
export function syntaxOf(path: string): ts.SourceFile {
  return ts.createSourceFile(path, textOf(path), ts.ScriptTarget.Latest, true);
}

/** Every node of a tree, parents before children. */
export function nodesOf(tree: ts.Node): readonly ts.Node[] {
  const nodes: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    nodes.push(node);
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return nodes;
}

/** "path:line" of a node, to click on. */
export function placeOf(tree: ts.SourceFile, node: ts.Node): string {
  return `${tree.fileName}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
}

/** What a module imports, types and lazy imports too. */
export function importsOf(tree: ts.SourceFile): readonly { readonly target: string; readonly node: ts.Node }[] {
  const found: { target: string; node: ts.Node }[] = [];
  for (const node of nodesOf(tree)) {
    const target = specifierOf(node);
    if (target !== undefined && ts.isStringLiteralLike(target)) found.push({ target: target.text, node });
  }
  return found;
}

function specifierOf(node: ts.Node): ts.Expression | undefined {
  if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node)) return node.moduleSpecifier;
  if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) return node.arguments[0];
  return undefined;
}
