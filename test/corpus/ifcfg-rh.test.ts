import { describe, expect, test } from "vitest";
import { unaccounted } from "../../src/dialects/account.ts";
import type { Parsed } from "../../src/dialects/dialect.ts";
import { ifcfgRh } from "../../src/dialects/ifcfg-rh/ifcfg-rh.ts";
import { detectDialect } from "../../src/dialects/registry.ts";
import { type CorpusCase, corpusCases } from "./cases.ts";
import { corpusMissing } from "./corpus.ts";

const cases = corpusCases("ifcfg-rh");
const modules = corpusCases("modprobe");

function read({ files }: CorpusCase): Parsed {
  return ifcfgRh.parse(new Map([...files].map(([name, text]) => [`/etc/sysconfig/network-scripts/${name}`, text])));
}

/** What a reader said of the case when it was gathered, as the findings that say it. What rules say for every language (primary in
 *  balance-xor, use_carrier) is not here. */
const told: readonly (readonly [id: string, ...codes: string[]])[] = [
  ["wild-ifcfg-rh-004", "ifcfg-rh-no-device"],
  ["wild-ifcfg-rh-008", "shell-beyond-assignments", "bonding-opts-word"],
  ["wild-ifcfg-rh-012", "bonding-opts-word"],
  ["wild-ifcfg-rh-013", "ifcfg-rh-ignored-below"],
  ["wild-ifcfg-rh-014", "bonding-opts-word"],
  ["wild-ifcfg-rh-015", "bonding-opts-word"],
  ["wild-ifcfg-rh-016", "bad-option-value"],
  ["wild-ifcfg-rh-017", "ifcfg-rh-ignored-below"],
  ["wild-ifcfg-rh-028", "key-said-twice", "shell-beyond-assignments"],
  ["wild-ifcfg-rh-035", "ifcfg-rh-ignored-below", "ifcfg-rh-no-bond"],
  ["wild-ifcfg-rh-037", "shell-expansion"],
  ["wild-ifcfg-rh-044", "shell-beyond-assignments", "unknown-key"],
  ["wild-ifcfg-rh-053", "shell-beyond-assignments", "unknown-key"],
  ["wild-ifcfg-rh-054", "bad-value", "bonding-opts-word"],
];

/** Cases said to be good in which we find an error all the same, and why. */
const deviations: ReadonlyMap<string, string> = new Map([
  [
    "wild-ifcfg-rh-059",
    "said of its Open vSwitch bond; the kernel's bond beside it has mode=balance-tcp, which the kernel refuses",
  ],
]);

/** What the source of a test suite's file says it is read as. */
const meant: readonly (readonly [id: string, bonds: unknown])[] = [
  [
    "peer-fixture-ifcfg-rh-001",
    [{ name: "bond0", ports: [], options: { mode: "balance-rr", downdelay: 5, miimon: 100, updelay: 10 } }],
  ],
  [
    "peer-fixture-ifcfg-rh-002",
    [{ name: "bond0", ports: [], options: { miimon: 213, mode: "802.3ad", lacp_rate: "fast" } }],
  ],
  ["peer-fixture-ifcfg-rh-003", [{ name: "bond0", ports: [], options: { miimon: 100 } }]],
  ["peer-fixture-ifcfg-rh-004", [{ name: "bond0", ports: [], options: { mode: "802.3ad", miimon: 100 } }]],
  [
    "peer-fixture-ifcfg-rh-005",
    [{ name: "bond99", ports: ["eth0"], options: {}, portOptions: { eth0: { queue_id: 1 } } }],
  ],
  ["peer-fixture-ifcfg-rh-006", [{ name: "bond0", ports: ["eth0"], options: {} }]],
  ["peer-fixture-ifcfg-rh-007", [{ name: "bond0", ports: ["ib0"], options: {} }]],
];

describe.skipIf(corpusMissing !== undefined)(`the ifcfg corpus${corpusMissing ? `: ${corpusMissing}` : ""}`, () => {
  test.each(cases)("$id is known for what it is, and means the same after it was written anew", (one) => {
    const named = new Map([...one.files].map(([name, text]) => [`/home/x/${name}`, text]));
    expect(detectDialect(named)?.name).toBe("ifcfg-rh");
    const { config } = read(one);
    const rendered = ifcfgRh.render(config);
    expect(unaccounted(ifcfgRh, config, rendered)).toEqual([]);
    expect(ifcfgRh.render(ifcfgRh.parse(rendered.files).config).files).toEqual(rendered.files);
  });

  test.each(told)("what was said of %s is found", (id, ...codes) => {
    const one = cases.find((found) => found.id === id);
    if (one === undefined) throw new Error("the case is gone");
    const found = new Set(read(one).diagnostics.map(({ code }) => code));
    expect(codes.filter((code) => !found.has(code))).toEqual([]);
  });

  test.each(meant)("%s is read as its test suite says", (id, bonds) => {
    const one = cases.find((found) => found.id === id);
    if (one === undefined) throw new Error("the case is gone");
    expect(read(one).config.bonds).toEqual(bonds);
  });

  test("no good case has an error, but where it is said why", () => {
    const wrong = cases
      .filter(({ outcome, id }) => outcome === "valid" && !deviations.has(id))
      .flatMap((one) =>
        read(one)
          .diagnostics.filter(({ severity }) => severity === "error")
          .map(({ message }) => `${one.id}: ${message}`),
      );
    expect(wrong).toEqual([]);
  });

  test.each(modules)("the module's options of $id give bonds their defaults", ({ files }) => {
    const [text = ""] = files.values();
    const bond = "DEVICE=bond7\nTYPE=Bond\n";
    const both = new Map([
      ["/etc/modprobe.d/bonding.conf", text],
      ["/etc/sysconfig/network-scripts/ifcfg-bond7", bond],
    ]);
    const { config, diagnostics } = ifcfgRh.parse(both);
    expect(Object.keys(config.bonds[0]?.options ?? {}).length).toBeGreaterThan(1);
    expect(diagnostics.filter(({ code }) => code === "bonding-module-option")).toEqual([]);
  });
});
