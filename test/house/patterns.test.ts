import { analyse } from "scslre";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { filesBelow, isForTests, nodesOf, placeOf, syntaxOf } from "./source.ts";

const trees = ["src", "web"]
  .flatMap(filesBelow)
  .filter((path) => /\.tsx?$/.test(path) && !isForTests(path))
  .map(syntaxOf);

describe("regular expressions", () => {
  it("go through a long line once: nobody makes a reader wait by what stands in a file", () => {
    const slow = trees.flatMap((tree) =>
      nodesOf(tree)
        .filter(ts.isRegularExpressionLiteral)
        .filter(({ text }) => isSlow(text))
        .map((node) => `${placeOf(tree, node)} ${node.text}`),
    );
    expect(slow.join("\n")).toBe("");
  });

  it.each([
    ["digits that two parts can take", String.raw`/^\d+\.?\d*$/`],
    ["blanks at an end, looked for from each of them", String.raw`/\s+$/`],
    ["empty lines before each line's beginning", String.raw`/^\s*version:/m`],
  ])("are found out: %s", (_what, literal) => {
    expect(isSlow(literal)).toBe(true);
  });
});

/** Whether a literal takes more than linear time over some text. */
function isSlow(literal: string): boolean {
  const end = literal.lastIndexOf("/");
  const reportTypes = { Move: true, Self: true, Trade: true };
  return analyse({ source: literal.slice(1, end), flags: literal.slice(end + 1) }, { reportTypes }).reports.length > 0;
}
