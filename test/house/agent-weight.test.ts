import { dirname, join } from "node:path";
import ts from "typescript";
import { expect, it } from "vitest";
import { filesBelow, syntaxOf } from "./source.ts";

/* What a module loads stays in memory for as long as the agent runs: the rules and the languages would be four megabytes. */
it("the agent loads neither rules nor languages, for it judges no files", () => {
  const loaded = loadedBy("src/cli/agent/agent-command.ts");
  expect([...loaded].filter((path) => /^src\/(rules|dialects)\//.test(path))).toEqual([]);
  expect(loaded.size).toBeGreaterThan(50);
});

/** Every module of src/ that is loaded when one is, but for what only types need and what is imported when it is wanted. */
function loadedBy(entry: string): ReadonlySet<string> {
  const known = new Set(filesBelow("src"));
  const loaded = new Set([entry]);
  for (const path of loaded) {
    for (const statement of syntaxOf(path).statements) {
      const target = eagerTarget(statement);
      const file = target === undefined ? "" : join(dirname(path), target);
      if (known.has(file)) loaded.add(file);
    }
  }
  return loaded;
}

function eagerTarget(node: ts.Statement): string | undefined {
  const isEager =
    (ts.isImportDeclaration(node) && node.importClause?.isTypeOnly !== true) ||
    (ts.isExportDeclaration(node) && !node.isTypeOnly);
  const specifier = isEager ? node.moduleSpecifier : undefined;
  return specifier !== undefined && ts.isStringLiteralLike(specifier) ? specifier.text : undefined;
}
