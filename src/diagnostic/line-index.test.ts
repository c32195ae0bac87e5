import fc from "fast-check";
import { expect, test } from "vitest";
import { lineIndex } from "./line-index.ts";

test("offsets become 1-based lines and columns", () => {
  const index = lineIndex("ab\ncd\r\n\nef");
  expect(index.lineCount).toBe(4);
  expect(index.position(0)).toEqual({ line: 1, column: 1 });
  expect(index.position(2)).toEqual({ line: 1, column: 3 });
  expect(index.position(3)).toEqual({ line: 2, column: 1 });
  expect(index.position(7)).toEqual({ line: 3, column: 1 });
  expect(index.position(10)).toEqual({ line: 4, column: 3 });
});

test("a line ends before LF and before CRLF", () => {
  const text = "ab\ncd\r\n\nef";
  const index = lineIndex(text);
  const lines = [1, 2, 3, 4].map((number) => index.line(number)).map(({ start, end }) => text.slice(start, end));
  expect(lines).toEqual(["ab", "cd", "", "ef"]);
});

test("columns count UTF-16 units, as editors and SARIF do", () => {
  expect(lineIndex("😀x").position(2)).toEqual({ line: 1, column: 3 });
});

test("offsets and lines outside the text count as its nearest end", () => {
  const index = lineIndex("ab\ncd");
  expect(index.position(-1)).toEqual({ line: 1, column: 1 });
  expect(index.position(99)).toEqual({ line: 2, column: 3 });
  expect(index.line(0)).toEqual({ start: 0, end: 2 });
  expect(index.line(9)).toEqual({ start: 3, end: 5 });
});

test("agrees with counting line feeds one by one", () => {
  const piece = fc.constantFrom("a", "\n", "\r\n", "\r", "é");
  const texts = fc.array(piece).map((pieces) => pieces.join(""));
  fc.assert(
    fc.property(texts, fc.nat(40), (text, offset) => {
      const before = text.slice(0, offset).split("\n");
      const expected = { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
      expect(lineIndex(text).position(offset)).toEqual(expected);
    }),
  );
});
