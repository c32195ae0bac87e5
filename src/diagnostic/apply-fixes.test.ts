import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { applyEdits, applyFixes } from "./apply-fixes.ts";
import type { Diagnostic, Edit } from "./diagnostic.ts";
import { unifiedDiff } from "./unified-diff.ts";

const files = new Map([["f", "one\ntwo\nthree\n"]]);
const mending = (...fix: readonly Edit[]): Diagnostic => ({ code: "c", severity: "advice", message: "m", fix });
const edit = (start: number, end: number, text: string, file = "f"): Edit => ({ file, start, end, text });

describe("fixes", () => {
  test("are applied together where they don't overlap", () => {
    const fixed = applyFixes([mending(edit(8, 13, "3")), mending(edit(0, 3, "1"))], files);
    expect(fixed.files.get("f")).toBe("1\ntwo\n3\n");
    expect(fixed.mended).toHaveLength(2);
  });
  test("one that overlaps waits, whole", () => {
    const second = mending(edit(2, 5, "x"), edit(8, 13, "3"));
    const fixed = applyFixes([mending(edit(0, 4, "")), second], files);
    expect(fixed.files.get("f")).toBe("two\nthree\n");
    expect(fixed.mended).toHaveLength(1);
  });
  test("two findings may ask for the very same edit", () => {
    const fixed = applyFixes([mending(edit(0, 4, "")), mending(edit(0, 4, ""))], files);
    expect(fixed.files.get("f")).toBe("two\nthree\n");
    expect(fixed.mended).toHaveLength(2);
  });
  test("of what isn't there are left out", () => {
    const fixed = applyFixes([mending(edit(0, 1, "", "gone")), mending(edit(0, 99, "")), mending()], files);
    expect(fixed).toEqual({ mended: [], files: new Map() });
  });
});

/** What `patch` does with a diff of ours. */
function patched(text: string, diff: string): string {
  const before = text.split("\n");
  const result: string[] = [];
  let at = 0;
  let isBare = text !== "" && !text.endsWith("\n");
  let previous = "";
  for (const line of diff.split("\n").slice(2, -1)) {
    const start = /^@@ -(\d+),(\d+) /.exec(line);
    if (start !== null) {
      const from = Number(start[1]) - (start[2] === "0" ? 0 : 1);
      while (at < from) result.push(before[at++] ?? "");
    } else if (line.startsWith("\\")) isBare = previous !== "-";
    else {
      if (line[0] !== "+") at += 1;
      if (line[0] !== "-") result.push(line.slice(1));
      if (line[0] === "+") isBare = false;
    }
    previous = line[0] ?? "";
  }
  const rest = before.slice(at);
  if (rest.at(-1) === "") rest.pop();
  const all = [...result, ...rest];
  return all.length === 0 ? "" : all.join("\n") + (isBare ? "" : "\n");
}

test("a diff, patched in, gives the new text", () => {
  const text = fc
    .array(fc.constantFrom("a", "b", "c", ""), { maxLength: 14 })
    .map((lines) => lines.map((one) => `${one}\n`).join(""));
  fc.assert(
    fc.property(
      text,
      text,
      (before, after) =>
        void expect(patched(before, unifiedDiff("x", before, after))).toBe(before === after ? before : after),
    ),
    {
      numRuns: 1000,
    },
  );
});

test("a diff shows three lines around a change, and the end without a break", () => {
  const before = "1\n2\n3\n4\n5\n6\n7\n8\n9";
  expect(unifiedDiff("/etc/x", before, applyEdits(before, [edit(8, 9, "five")]))).toBe(
    "--- a/etc/x\n+++ b/etc/x\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+five\n 6\n 7\n 8\n",
  );
  expect(unifiedDiff("x", "a", "a\n")).toContain("-a\n\\ No newline at end of file\n+a\n");
});
