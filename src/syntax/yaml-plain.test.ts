import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readPlainTree } from "./yaml-plain.ts";
import { libyamlManner, readAnyTree } from "./yaml-tree.ts";

/** What the whole parser makes of it, where it finds nothing to say. */
function parsed(text: string): unknown {
  const { tree, problems, broken } = readAnyTree("f", text, libyamlManner("a test"));
  return broken || problems.length > 0 ? "a problem" : tree;
}

describe("the quick reader of plain YAML", () => {
  test.each([
    "a: 1\n",
    "---\n# said\na:\n  b: [x, 'y', \"z\", {c: 1.2.3.4/24, d: {}}, []] # said\n  e:\n",
    "list:\n- a\n- b: 1\n  c: 2\n-   d: 3\n    e:\n    - 4\nend: x y (z)\n",
    "  indented: true\n  next: null\n",
    "'quoted key': ~\n\"other\": no\n",
    "a: 02:00:00:00:00:01\nb: x#y\nc: http://x/y\n",
    "a:\n  # only a comment\nb: 5",
    'a: "b\\\\c\\"d"',
  ])("reads %j, and as the parser does", (text) => {
    const tree = readPlainTree("f", text);
    expect(tree).toBeDefined();
    expect(tree).toEqual(parsed(text));
  });

  test("whatever it reads, the parser reads alike", () => {
    const piece = fc.constantFrom(
      ...[
        "a: ",
        "b:",
        "c: 1",
        "- ",
        "-",
        "  ",
        " ",
        "    ",
        "\n",
        "\n",
        "\n  ",
        "# x",
        " #",
        "[",
        "]",
        "{",
        "}",
        ",",
        ", ",
      ],
      ...[
        "x",
        "'",
        '"',
        "'q'",
        '"q"',
        "true",
        "~",
        "1.5",
        "0x1",
        "-1",
        "+2",
        ".5",
        "1e3",
        "null",
        ":",
        ": ",
        "::1",
        "&a",
        "*a",
      ],
      ...[
        "|",
        ">",
        "!t",
        "%",
        "@",
        "?",
        "---",
        "...",
        "\t",
        "é",
        "<<: ",
        "1.2.3.4/24",
        "02:00:00:00:00:01",
        "x y",
        "\\",
      ],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (pieces) => {
        const text = pieces.join("");
        const tree = readPlainTree("f", text);
        if (tree !== undefined) expect(tree).toEqual(parsed(text));
      }),
      { numRuns: 3000 },
    );
  });

  test("whatever it reads of maps and lists, the parser reads alike", () => {
    const word = fc.constantFrom(
      "a",
      "b",
      "c",
      "d",
      "e-f",
      "1",
      "no",
      "'x'",
      '"y z"',
      "10.0.0.1/8",
      "[p, q]",
      "{r: s}",
      "[]",
      "",
    );
    const line = fc
      .tuple(
        fc.integer({ min: 0, max: 4 }),
        fc.constantFrom("", "", "- ", "-   "),
        fc.option(fc.constantFrom("a", "b", "c", "'d'", "e")),
        word,
      )
      .map(
        ([indent, dash, key, value]) =>
          `${" ".repeat(indent * 2)}${dash}${key === null ? "" : `${key}:${value === "" ? "" : " "}`}${value}`,
      );
    let read = 0;
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => {
        const text = lines.join("\n");
        const tree = readPlainTree("f", text);
        if (tree === undefined) return;
        read++;
        expect(tree).toEqual(parsed(text));
      }),
      { numRuns: 4000 },
    );
    expect(read).toBeGreaterThan(100);
  });
});
