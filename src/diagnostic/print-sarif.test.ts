import { expect, test } from "vitest";
import type { Diagnostic } from "./diagnostic.ts";
import { printSarif } from "./print-sarif.ts";

const files = new Map([
  ["/etc/a b#é", "one\ntwo\n"],
  ["rel.yaml", "psk: correcthorse"],
]);
const tool = {
  version: "1.2.3",
  about: (code: string) => (code === "b" ? "about b" : undefined),
  docs: (code: string) => `docs/rules/${code}.md`,
};
const diagnostics: readonly Diagnostic[] = [
  { code: "b", severity: "error", message: "m", hint: "Do it.", at: { file: "/etc/a b#é", start: 4, end: 7 } },
  {
    code: "a",
    severity: "advice",
    message: "correcthorse",
    at: { file: "rel.yaml", start: 0, end: 3 },
    also: [{ at: { file: "gone", start: 0, end: 3 }, note: "n" }],
  },
  { code: "b", severity: "warning", message: "nowhere" },
];
const log = printSarif(diagnostics, files, tool);
const run = log.runs[0];

test("is a SARIF 2.1.0 log with one run of this tool", () => {
  expect(log.version).toBe("2.1.0");
  expect(log.$schema).toMatch(/^https:.*sarif-2\.1\.0\.json$/);
  expect(run.tool.driver).toMatchObject({ name: "holdfast", version: "1.2.3" });
  expect(run.columnKind).toBe("utf16CodeUnits");
});

test("each result points at its rule, by id and index, and has a level and a text", () => {
  expect(run.tool.driver.rules.map((rule) => rule.id)).toEqual(["a", "b"]);
  for (const result of run.results) {
    expect(run.tool.driver.rules[result.ruleIndex]?.id).toBe(result.ruleId);
    expect(["error", "warning", "note"]).toContain(result.level);
    expect(result.message.text).not.toBe("");
  }
  expect(run.tool.driver.rules[1]?.shortDescription).toEqual({ text: "about b" });
});

test("places are 1-based regions of percent-encoded URIs", () => {
  expect(run.results[0]?.locations).toEqual([
    {
      physicalLocation: {
        artifactLocation: { uri: "file:///etc/a%20b%23%C3%A9" },
        region: { startLine: 2, startColumn: 1, endLine: 2, endColumn: 4 },
      },
    },
  ]);
  expect(run.results[1]?.relatedLocations).toEqual([
    { id: 0, message: { text: "n" }, physicalLocation: { artifactLocation: { uri: "gone" } } },
  ]);
  expect(run.results[2]).not.toHaveProperty("locations");
});

test("holds no secret and survives odd names", () => {
  expect(JSON.stringify(log)).not.toContain("correcthorse");
  expect(() =>
    printSarif([{ code: "a", severity: "error", message: "m", at: { file: "\ud800", start: 0, end: 0 } }], files, tool),
  ).not.toThrow();
});

test("a fix is one change for each file, with the region it replaces and no text where it only deletes", () => {
  const fix = [
    { file: "rel.yaml", start: 0, end: 3, text: "key" },
    { file: "/etc/a b#é", start: 4, end: 8, text: "" },
  ];
  const mending: Diagnostic = { code: "a", severity: "advice", message: "m", hint: "Do it.", fix };
  expect(printSarif([mending], files, tool).runs[0].results[0]?.fixes).toEqual([
    {
      description: { text: "Do it." },
      artifactChanges: [
        {
          artifactLocation: { uri: "rel.yaml" },
          replacements: [
            {
              deletedRegion: { startLine: 1, startColumn: 1, endLine: 1, endColumn: 4 },
              insertedContent: { text: "key" },
            },
          ],
        },
        {
          artifactLocation: { uri: "file:///etc/a%20b%23%C3%A9" },
          replacements: [{ deletedRegion: { startLine: 2, startColumn: 1, endLine: 3, endColumn: 1 } }],
        },
      ],
    },
  ]);
});
