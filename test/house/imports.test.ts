import { dirname, join } from "node:path";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { packages, rooms } from "./directions.ts";
import { filesBelow, foldersIn, importsOf, isForTests, placeOf, syntaxOf } from "./source.ts";

const trees = filesBelow("src")
  .filter((path) => path.endsWith(".ts") && !isForTests(path))
  .map(syntaxOf);

describe("imports", () => {
  it("every folder of src/ is a room of the table, and has a layer", () => {
    expect(foldersIn("src").filter((name) => !(name in rooms))).toEqual([]);
  });

  it("go only where the table of directions lets them", () => {
    const wrong = trees.flatMap((tree) => importsOf(tree).flatMap(({ target, node }) => complaint(tree, target, node)));
    expect(wrong.join("\n")).toBe("");
  });

  it("name files with their extension, so that Node, the bundler and the checker agree", () => {
    const wrong = trees.flatMap((tree) =>
      importsOf(tree)
        .filter(({ target }) => target.startsWith(".") && !/\.(ts|json)$/.test(target))
        .map(({ target, node }) => `${placeOf(tree, node)} imports "${target}"`),
    );
    expect(wrong).toEqual([]);
  });
});

const pages = filesBelow("web").filter((path) => /\.tsx?$/.test(path) && !isForTests(path));

describe("the page", () => {
  it("imports the API's types, its own files and preact, and nothing else", () => {
    const wrong = pages.map(syntaxOf).flatMap((tree) =>
      importsOf(tree).flatMap(({ target, node }) => {
        const why = strange(tree.fileName, target, node);
        return why === undefined ? [] : [`${placeOf(tree, node)} imports ${target}: ${why}`];
      }),
    );
    expect(wrong.join("\n")).toBe("");
  });
});

function strange(path: string, target: string, node: ts.Node): string | undefined {
  if (!target.startsWith(".")) {
    return packages[target.split("/")[0] ?? ""]?.rooms.includes("web") === true ? undefined : "it runs in a browser";
  }
  const file = join(dirname(path), target);
  if (file.startsWith("web/")) return undefined;
  if (!file.startsWith("src/api/")) return "the page knows the server by what it answers";
  return isOfTypes(node) ? undefined : "types only: the server's code stays on the server";
}

function isOfTypes(node: ts.Node): boolean {
  if (ts.isExportDeclaration(node)) return node.isTypeOnly;
  return ts.isImportDeclaration(node) && node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword;
}

function complaint(tree: ts.SourceFile, target: string, node: ts.Node): readonly string[] {
  const from = roomOf(tree.fileName);
  const why = target.startsWith(".") ? inner(tree.fileName, target) : outer(from, target);
  return why === undefined ? [] : [`${placeOf(tree, node)} imports ${target}: ${why}`];
}

function inner(path: string, target: string): string | undefined {
  const from = roomOf(path);
  const file = join(dirname(path), target);
  if (isForTests(file)) return "what is for tests is not shipped";
  // The version and such like.
  if (!file.startsWith("src/")) return "src/ stands alone: what it needs from the repository is handed to it";
  const to = roomOf(file);
  const room = rooms[from];
  if (to === from || room?.may.includes(to) === true) return undefined;
  return `${from} may not know ${to}; ${room?.why ?? "it is no room of the table"}`;
}

function outer(from: string, target: string): string | undefined {
  if (target.startsWith("node:")) {
    return rooms[from]?.layer === "pure" ? `${from} may not touch the machine; ${rooms[from]?.why}` : undefined;
  }
  const row = packages[target.split("/")[0] ?? ""];
  if (row === undefined) return "no such package in the table of packages (test/house/directions.ts)";
  return row.rooms.includes(from) ? undefined : `only ${row.rooms.join(" and ")} may; ${row.why}`;
}

/** The folder directly below src/. */
function roomOf(path: string): string {
  return path.split("/")[1] ?? "";
}
