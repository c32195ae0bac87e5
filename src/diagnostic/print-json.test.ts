import { expect, test } from "vitest";
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
      },
    ],
  });
});
