import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { applyFixes } from "../diagnostic/apply-fixes.ts";
import { check } from "./check.ts";
import { ifupdownSubject } from "./ifupdown-subject.ts";

const path = "/etc/network/interfaces";
const judge = (text: string) => check(ifupdownSubject(new Map([[path, text]]), { facts: { maxBonds: 0 } }));

/** Every sample of the rules' pages in this language: what people write, and write wrongly. */
const pages = join(import.meta.dirname, "../../docs/rules");
const samples = readdirSync(pages).flatMap((name) =>
  [...readFileSync(join(pages, name), "utf8").matchAll(/^```interfaces [^\n]*\n(.*?)^```$/gms)].map(
    ([, text = ""]) => text,
  ),
);

/** Lines that rules with a fix look for, strewn into a stanza. */
const faults = ["bond-miimon 0", "bond-miimon 1000", "bond-num-grat-arp 0", "bond-updelay 250", "bond-downdelay 130"]
  .concat(["bond-lacp-rate fast", "bond-xmit-hash-policy layer2", "bond-give-a-chance 5", "bond-active-slave em1"])
  .concat([
    "bond-arp-ip-target 192.0.2.1,192.0.2.2",
    "bond-arp-interval 1000",
    "bond-master bond0",
    "bond-mode 1",
    "# x",
  ]);

function expectMended(text: string): void {
  const before = judge(text);
  for (const one of before.filter(({ fix }) => fix !== undefined)) {
    const after = judge(applyFixes([one], new Map([[path, text]])).files.get(path) ?? text);
    const count = (all: typeof after) => all.filter(({ code }) => code === one.code).length;
    expect(count(after), `${one.code} stays\n${text}`).toBeLessThan(count(before));
    const errors = (all: typeof after) => all.filter(({ severity }) => severity === "error").length;
    // What a root cause kept quiet comes up when it is gone: that is no error the fix has made.
    if (one.code !== "ifenslave-bond-master-on-itself")
      expect(errors(after), `${one.code} brings an error\n${text}`).toBeLessThanOrEqual(errors(before));
  }
}

test("a fix takes its finding away and brings no error: every sample of the pages", () => {
  expect(samples.length).toBeGreaterThan(60);
  for (const text of samples) expectMended(text);
});

test("a fix takes its finding away and brings no error: stanzas with any of the faults", () => {
  const lines = fc
    .subarray(faults, { maxLength: 6 })
    .chain((some) => fc.shuffledSubarray(some, { minLength: some.length }));
  const mode = fc.constantFrom("active-backup", "1", "802.3ad", "balance-rr");
  fc.assert(
    fc.property(mode, lines, lines, (word, own, ports) => {
      const stanza = (head: string, body: readonly string[]) =>
        [head, ...body.map((line) => `    ${line}`), ""].join("\n");
      expectMended(
        `${stanza("auto bond0\niface bond0 inet static", ["address 192.0.2.5/24", "bond-slaves em1 em2", `bond-mode ${word}`, "bond-primary em1", ...own])}\n${stanza("auto em1\niface em1 inet manual", ports)}`,
      );
    }),
    { numRuns: 300 },
  );
});

test("what is certain is fixed: the lines of the first article that change nothing, the second's line that undoes the bond", () => {
  const fixed = (name: string) => {
    const text = readFileSync(join(import.meta.dirname, `../../examples/articles/${name}`, path), "utf8");
    const found = judge(text);
    return { before: found, after: judge(applyFixes(found, new Map([[path, text]])).files.get(path) ?? text) };
  };
  const codes = (all: ReturnType<typeof judge>) => all.map(({ code }) => code);
  expect(codes(fixed("first").before)).toContain("options-repeated");
  expect(codes(fixed("first").after)).not.toContain("options-repeated");
  expect(codes(fixed("second").before)).toContain("ifenslave-bond-master-on-itself");
  expect(codes(fixed("second").after)).not.toContain("ifenslave-bond-master-on-itself");
});
