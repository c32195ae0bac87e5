import { readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { printText } from "../diagnostic/print-text.ts";
import { plainStyle } from "../diagnostic/text-style.ts";
import { check } from "./check.ts";
import { rules } from "./registry.ts";
import { pageOf, samplesOf, subjectOf } from "./testing/samples.ts";

const root = join(import.meta.dirname, "../..");
const names = rules.map((rule) => rule.name);

describe("the rules, their files and their pages are the same set", () => {
  const notRules = ["check", "explain", "host-subject", "ifupdown-subject", "registry", "rule"];
  const filesIn = (folder: string, suffix: string) =>
    readdirSync(join(root, folder))
      .filter((name) => name.endsWith(suffix) && !name.includes(".test."))
      .map((name) => name.slice(0, -suffix.length));

  test("one file each", () => {
    expect(
      filesIn("src/rules", ".ts")
        .filter((name) => !notRules.includes(name))
        .sort(),
    ).toEqual([...names].sort());
  });
  test("one page each", () => {
    expect(
      filesIn("docs/rules", ".md")
        .filter((name) => name !== "README")
        .sort(),
    ).toEqual([...names].sort());
  });
  test("the index lists every rule under its severity, with its sentence", () => {
    const index = pageOf("README");
    const titles = { error: "## Errors", warning: "## Warnings", advice: "## Advice" } as const;
    for (const rule of rules) {
      const part = index.split(titles[rule.severity])[1]?.split("\n## ")[0];
      expect(part).toContain(`| [${rule.name}](${rule.name}.md) | ${rule.about} |`);
    }
  });
  test("no name twice", () => expect(new Set(names).size).toBe(names.length));
});

describe.each(rules.map((rule) => [rule.name, rule] as const))("%s", (name, rule) => {
  const page = pageOf(name);
  const samples = samplesOf(page);

  test("its page has its name, severity, sentence and sources", () => {
    expect(page.startsWith(`# ${name}\n\n**${rule.severity}** · ${rule.about}.`)).toBe(true);
    for (const source of rule.source) expect(page).toContain(`\n- ${source}\n`);
    expect(page.split("\n").length).toBeLessThan(120);
    expect(samples.map((sample) => sample.kind)).toEqual(expect.arrayContaining(["bad", "good"]));
  });

  test("the bad samples of its page fire it and nothing undeclared, the good ones are silent", () => {
    for (const sample of samples) {
      const subject = subjectOf(sample);
      const found = check(subject);
      const expected = sample.kind === "bad" ? [name, ...sample.also] : sample.also;
      const shown = printText(found, subject.files, plainStyle(100));
      expect([...new Set(found.map((one) => one.code))].sort(), `${sample.text}\n${shown}`).toEqual(
        [...expected].sort(),
      );
    }
  });

  test("what it says is fit to print: a place, a hint, lower case, no full stop", () => {
    for (const sample of samples.filter((one) => one.kind === "bad")) {
      for (const found of check(subjectOf(sample)).filter((one) => one.code === name)) {
        expect(found.at, found.message).toBeDefined();
        expect(found.hint).toMatch(/^[A-Z].*[^.…]$|^[A-Z].*\.$/);
        expect(found.message).toMatch(/^[^A-Z].*[^.]$/s);
        expect(found.message).not.toMatch(/undefined|\[object|NaN/);
      }
    }
  });
});
