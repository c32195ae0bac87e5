import { expect, test } from "vitest";
import type { Diagnostic } from "./diagnostic.ts";
import { printJson } from "./print-json.ts";

const file = "holdfast.yaml";
const files = new Map([[file, "bond:\r\n  psk: correcthorse\r\n"]]);

test("every key is there, with places worked out and secrets masked", () => {
  const at = { file, start: 9, end: 26 };
  const also = [{ at: { file: "elsewhere", start: 0, end: 1 }, note: "correcthorse too" }];
  const full = { code: "c", severity: "warning", message: "correcthorse", hint: "h", at, also } as const;
  expect(
    printJson([full, { code: "d", severity: "advice", message: "m" }], files, (code) =>
      code === "c" ? "docs/rules/c.md" : undefined,
    ),
  ).toEqual({
    diagnostics: [
      {
        code: "c",
        severity: "warning",
        message: "********",
        hint: "h",
        file,
        line: 2,
        column: 3,
        endLine: 2,
        endColumn: 20,
        docs: "docs/rules/c.md",
        also: [{ note: "******** too", file: "elsewhere", line: null, column: null, endLine: null, endColumn: null }],
        fix: [],
      },
      {
        code: "d",
        severity: "advice",
        message: "m",
        hint: null,
        file: null,
        line: null,
        column: null,
        endLine: null,
        endColumn: null,
        docs: null,
        also: [],
        fix: [],
      },
    ],
  });
});

test("a fix is told as edits a program can do, whole or not at all", () => {
  const at = { file, start: 7, end: 7 };
  const fixOf = (...fix: NonNullable<Diagnostic["fix"]>) =>
    printJson([{ code: "c", severity: "advice", message: "m", fix }], files).diagnostics[0]?.fix;
  expect(fixOf({ ...at, text: "  mode: x\n" }, { file, start: 9, end: 12, text: "key" })).toEqual([
    { file, line: 2, column: 1, endLine: 2, endColumn: 1, text: "  mode: x\n" },
    { file, line: 2, column: 3, endLine: 2, endColumn: 6, text: "key" },
  ]);
  expect(fixOf({ ...at, text: "a" }, { ...at, file: "elsewhere", text: "b" })).toEqual([]);
  expect(fixOf({ ...at, text: "a" }, { ...at, text: "psk: correcthorse" })).toEqual([]);
});
