import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, test } from "vitest";
import type { Diagnostic, FileSet } from "../../src/diagnostic/diagnostic.ts";
import { printSarif } from "../../src/diagnostic/print-sarif.ts";
import { check } from "../../src/rules/check.ts";
import { aboutRule, docsOfRule } from "../../src/rules/explain.ts";
import { rules } from "../../src/rules/registry.ts";
import { pageOf, samplesOf, subjectOf } from "../../src/rules/testing/samples.ts";

/** The schema of the standard itself, which Microsoft's test library carries as a file. Of the library nothing else is used. */
const carried = "../../node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json";
// Draft 4 in all it uses is what ajv takes, but for the names of the dialect and of the schema itself.
const { $schema: _dialect, id: _id, ...schema } = JSON.parse(readFileSync(join(import.meta.dirname, carried), "utf8"));

/** RFC 3986 and RFC 3339, as far as they can be told by a pattern. */
const formats = {
  uri: /^[a-z][a-z0-9+.-]*:(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/i,
  "uri-reference": /^(?:[A-Za-z0-9\-._~:/?#[\]@!$&'()*+,;=]|%[0-9A-Fa-f]{2})*$/,
  "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z$/,
};
// One pattern of the schema (a language) is no pattern by the rules of Unicode.
const validate = new Ajv({ strict: false, allErrors: true, unicodeRegExp: false, formats }).compile(schema);

const tool = { version: "0.1.0", about: aboutRule, docs: docsOfRule };

function logOf(diagnostics: readonly Diagnostic[], files: FileSet) {
  return JSON.parse(JSON.stringify(printSarif(diagnostics, files, tool)));
}

function complaints(log: unknown): readonly string[] {
  validate(log);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe("the log of `check --format sarif` is valid by the schema of SARIF 2.1.0", () => {
  test.each(rules.map(({ name }) => name))("%s: every sample of its page", (name) => {
    for (const sample of samplesOf(pageOf(name))) {
      const subject = subjectOf(sample);
      const log = logOf(check(subject), subject.files);
      expect(complaints(log), sample.text).toEqual([]);
      if (sample.kind === "bad")
        expect(log.runs[0].results.map((one: { ruleId: string }) => one.ruleId)).toContain(name);
    }
  });

  const file = "/etc/network/a b#é%";
  const files: FileSet = new Map([[file, "one\ntwo\n"]]);
  const at = { file, start: 0, end: 3 };
  const fix = [{ file, start: 4, end: 7, text: "three" }];
  const odd: readonly Diagnostic[] = [
    { code: "a", severity: "error", message: "nowhere" },
    { code: "b", severity: "warning", message: "in a file that isn't there", at: { ...at, file: "gone" } },
    { code: "c", severity: "advice", message: "m", at, also: [{ at, note: "n" }], hint: "Do it.", fix },
    {
      code: "d",
      severity: "error",
      message: "two places that are one",
      also: [
        { at, note: "n" },
        { at, note: "n" },
      ],
    },
    { code: "e", severity: "error", message: "a lone half of a character", at: { ...at, file: "\ud800[x]" } },
    { code: "f", severity: "error", message: "a fix of two files", fix: [...fix, { ...at, text: "" }] },
    {
      code: "g",
      severity: "error",
      message: "a fix in a file that isn't there",
      fix: [{ ...at, file: "gone", text: "" }],
    },
    { code: "h", severity: "error", message: "the same edit twice", fix: [...fix, ...fix] },
    { code: "c", severity: "advice", message: "m", at, hint: "Do it." },
  ];
  test.each(odd)("$code: $message", (one) => expect(complaints(logOf([one], files))).toEqual([]));
  test("all of them together, and none at all", () => {
    expect(complaints(logOf(odd, files))).toEqual([]);
    expect(complaints(logOf([], files))).toEqual([]);
  });

  test("and the schema isn't one that takes anything", () => {
    const log = logOf(odd, files);
    expect(complaints({ ...log, extra: 1 })).not.toEqual([]);
    expect(complaints({ ...log, runs: [{ ...log.runs[0], results: [{ level: "advice" }] }] })).not.toEqual([]);
    expect(complaints({ ...log, $schema: "no address" })).not.toEqual([]);
  });
});
