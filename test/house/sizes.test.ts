import ts from "typescript";
import { describe, expect, it } from "vitest";
import { filesBelow, isForTests, nodesOf, placeOf, syntaxOf, textOf } from "./source.ts";

/** Most lines a file and a function may have. Half of it is normal. */
const most = { file: 400, function: 60, command: 80 };

const sources = ["src", "test", "scripts", "web"].flatMap(filesBelow).filter((path) => /\.(tsx?|mjs|css)$/.test(path));

describe("sizes", () => {
  it(`no file is longer than ${most.file} lines`, () => {
    const long = sources.filter((path) => linesOf(path) > most.file).map((path) => `${path}: ${linesOf(path)} lines`);
    expect(long).toEqual([]);
  });

  it(`no function is longer than ${most.function} lines`, () => {
    const long = sources
      .filter((path) => !isForTests(path) && !path.endsWith(".css"))
      .flatMap((path) => {
        const tree = syntaxOf(path);
        return nodesOf(tree)
          .filter((node) => ts.isFunctionLike(node) && "body" in node && spanOf(tree, node) > most.function)
          .map((node) => `${placeOf(tree, node)}: ${spanOf(tree, node)} lines`);
      });
    expect(long).toEqual([]);
  });

  it(`no command file is longer than ${most.command} lines: it reads flags, calls one function and prints`, () => {
    const commands = filesBelow("src/cli/commands").filter((path) => !isForTests(path));
    expect(commands.filter((path) => linesOf(path) > most.command)).toEqual([]);
  });

  it("ARCHITECTURE.md can be read in one sitting: under 200 lines", () => {
    expect(linesOf("ARCHITECTURE.md")).toBeLessThan(200);
  });
});

function linesOf(path: string): number {
  return textOf(path).trimEnd().split("\n").length;
}

function spanOf(tree: ts.SourceFile, node: ts.Node): number {
  const first = tree.getLineAndCharacterOfPosition(node.getStart()).line;
  return tree.getLineAndCharacterOfPosition(node.getEnd()).line - first + 1;
}
