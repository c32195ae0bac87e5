import { readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import { hostConfig } from "../../test/arbitrary/host-config.ts";
import { renderHoldfast } from "../config/render.ts";
import { applyFixes } from "../diagnostic/apply-fixes.ts";
import type { Diagnostic, FileSet } from "../diagnostic/diagnostic.ts";
import { dialects } from "../dialects/registry.ts";
import { type Config, emptyConfig } from "../model/config.ts";
import type { BondOptions } from "../model/options.ts";
import { check } from "./check.ts";
import { hostSubject } from "./host-subject.ts";
import { rules } from "./registry.ts";
import type { Subject } from "./rule.ts";
import { subjectIn } from "./testing/file-sample.ts";
import { pageOf, samplesOf, subjectOf } from "./testing/samples.ts";

/** What a root cause kept quiet comes up when it is gone: that is nothing the fix has made. */
const roots = new Set(["no-link-monitor", "arp-targets-with-commas"]);

/** The same subject with some of its files changed. */
function again(subject: Subject, changed: FileSet): Subject {
  const files = new Map([...subject.files, ...changed]);
  if (subject.host === undefined) return subjectIn(subject.dialect, files);
  return hostSubject(files, subject.host, { facts: { maxBonds: 0 } });
}

/** What comes up when a bond is made at all; and a line that said again what the bond's stanza said, and now says otherwise. */
function follows(code: string, fixed: string): boolean {
  return fixed === "ifenslave-bond-master-on-itself" || code === "ifenslave-options-only-on-ports";
}

const countOf = (all: readonly Diagnostic[], code: string) => all.filter((one) => one.code === code).length;

/** Applies each fix by itself: its finding goes, and no error or warning comes. Answers with the rules that offered one. */
function mended(subject: Subject): readonly string[] {
  const before = check(subject);
  const fixed = before.filter(({ fix }) => fix !== undefined);
  for (const one of fixed) {
    const done = applyFixes([one], subject.files);
    const after = check(again(subject, done.files));
    const shown = `${one.code} in ${subject.dialect}\n${[...subject.files.values(), "=>", ...done.files.values()].join("\n")}`;
    expect(done.mended.length, `it can be applied: ${shown}`).toBe(1);
    expect(countOf(after, one.code), `it is gone: ${shown}`).toBeLessThan(countOf(before, one.code));
    const worse = after.filter(
      ({ code, severity }) =>
        severity !== "advice" &&
        !(severity === "warning" && roots.has(one.code)) &&
        !follows(code, one.code) &&
        countOf(after, code) > countOf(before, code),
    );
    expect(
      worse.map(({ code, message }) => `${code}: ${message}`),
      `nothing bad comes: ${shown}`,
    ).toEqual([]);
  }
  return fixed.map(({ code }) => code);
}

test("a fix takes its finding away and brings nothing bad: every sample of the pages, in every language", () => {
  const samples = rules.flatMap(({ name }) => samplesOf(pageOf(name)));
  expect(samples.length).toBeGreaterThan(200);
  for (const sample of samples) mended(subjectOf(sample));
});

const path = "/etc/network/interfaces";
const mendedIn = (text: string) => mended(subjectIn("ifupdown", new Map([[path, text]])));

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

test("a fix takes its finding away and brings no error: stanzas with any of the faults", () => {
  const lines = fc
    .subarray(faults, { maxLength: 6 })
    .chain((some) => fc.shuffledSubarray(some, { minLength: some.length }));
  const mode = fc.constantFrom("active-backup", "1", "802.3ad", "balance-rr");
  fc.assert(
    fc.property(mode, lines, lines, (word, own, ports) => {
      const stanza = (head: string, body: readonly string[]) =>
        [head, ...body.map((line) => `    ${line}`), ""].join("\n");
      mendedIn(
        `${stanza("auto bond0\niface bond0 inet static", ["address 192.0.2.5/24", "bond-slaves em1 em2", `bond-mode ${word}`, "bond-primary em1", ...own])}\n${stanza("auto em1\niface em1 inet manual", ports)}`,
      );
    }),
    { numRuns: 100 },
  );
});

/** Bonds with what any of the rules that fix something look for. */
const faulty = fc.record(
  {
    mode: fc.constantFrom("active-backup", "active-backup", "balance-rr", "802.3ad", "balance-xor", "balance-tlb"),
    miimon: fc.constantFrom(0, 100, 120, 1000, 2000),
    updelay: fc.constantFrom(0, 130, 250),
    downdelay: fc.constantFrom(0, 130, 990),
    peer_notif_delay: fc.constantFrom(0, 130),
    num_peer_notif: fc.constantFrom(0, 3),
    lacp_rate: fc.constantFrom("fast", "slow"),
    xmit_hash_policy: fc.constantFrom("layer2", "layer3+4"),
    min_links: fc.constantFrom(1),
    resend_igmp: fc.constantFrom(0, 1),
    lp_interval: fc.constantFrom(1, 2),
    tlb_dynamic_lb: fc.constantFrom(0, 1),
  },
  { requiredKeys: [] },
) as fc.Arbitrary<BondOptions>;

const hosts = fc
  .tuple(hostConfig([], ["hooks"]), faulty)
  .map(([config, options]): Config => ({ ...config, bonds: config.bonds.map((bond) => ({ ...bond, options })) }));

const plain = { start: "boot", ipv6: { method: "none", addresses: [] }, hooks: [], extra: [] } as const;
const slow: BondOptions = { mode: "active-backup", miimon: 1000, updelay: 1300 };
const blind: BondOptions = { mode: "active-backup", miimon: 0 };

function faultyHost(options: BondOptions): Config {
  const ipv4 = { method: "static", addresses: ["192.0.2.5/24"] } as const;
  const bond = { name: "bond0", ports: ["eth0", "eth1"], options };
  return { ...emptyConfig, bonds: [bond], interfaces: [{ ...plain, name: "bond0", ipv4 }] };
}

/** What every language can say wrong, and rules mend in it. */
const everywhere = ["delay-rounding", "miimon-slow"];
const fixedIn: Readonly<Record<string, readonly string[]>> = {
  holdfast: ["no-link-monitor", "num-grat-arp-zero"],
  ifupdown: ["no-link-monitor", "num-grat-arp-zero", "bond-options-without-effect"],
  ifupdown2: ["no-link-monitor", "num-grat-arp-zero", "bond-options-without-effect"],
  "ifupdown-ng": ["no-link-monitor", "num-grat-arp-zero", "bond-options-without-effect"],
  networkmanager: ["no-link-monitor", "bond-options-without-effect"],
  "ifcfg-rh": ["no-link-monitor", "num-grat-arp-zero", "bond-options-without-effect"],
  netplan: ["no-link-monitor", "bond-options-without-effect"],
  networkd: ["no-link-monitor", "num-grat-arp-zero", "bond-options-without-effect"],
  nmstate: ["no-link-monitor", "bond-options-without-effect"],
  // wicked refuses a bond that watches nothing: its parser speaks.
  wicked: ["num-grat-arp-zero", "bond-options-without-effect"],
  // A word of a command is left where it is: the advice names it.
  iproute2: ["no-link-monitor", "num-grat-arp-zero"],
};

test.each(["holdfast", ...dialects.map(({ name }) => name)])("%s: hosts with any of the faults are mended", (name) => {
  const dialect = dialects.find((one) => one.name === name);
  const seen = new Set<string>();
  fc.assert(
    fc.property(hosts, (config) => {
      const files = dialect?.render(config).files ?? new Map([["holdfast.yaml", renderHoldfast(config).text]]);
      for (const code of mended(subjectIn(name, files))) seen.add(code);
    }),
    // The first says everything wrong at once, each in the mode where it matters.
    {
      numRuns: 40,
      examples: [[faultyHost({ ...slow, num_peer_notif: 0, xmit_hash_policy: "layer2" })], [faultyHost(blind)]],
    },
  );
  expect([...seen].sort()).toEqual([...everywhere, ...(fixedIn[name] ?? [])].sort());
});

test("what is certain is fixed: the lines of the first article that change nothing, the second's line that undoes the bond", () => {
  const fixed = (name: string) => {
    const text = readFileSync(join(import.meta.dirname, `../../examples/articles/${name}`, path), "utf8");
    const found = check(subjectIn("ifupdown", new Map([[path, text]])));
    return { before: found, after: check(subjectIn("ifupdown", applyFixes(found, new Map([[path, text]])).files)) };
  };
  const codes = (all: readonly Diagnostic[]) => all.map(({ code }) => code);
  expect(codes(fixed("first").before)).toContain("options-repeated");
  expect(codes(fixed("first").after)).not.toContain("options-repeated");
  expect(codes(fixed("second").before)).toContain("ifenslave-bond-master-on-itself");
  expect(codes(fixed("second").after)).not.toContain("ifenslave-bond-master-on-itself");
});
