import { describe, expect, test } from "vitest";
import type { Diagnostic } from "../../src/diagnostic/diagnostic.ts";
import type { Language } from "../../src/dialects/dialect.ts";
import { languageNamed } from "../../src/dialects/registry.ts";
import { check } from "../../src/rules/check.ts";
import { ifupdownSubject } from "../../src/rules/ifupdown-subject.ts";
import { type CorpusCase, corpusCases } from "./cases.ts";
import { corpusMissing } from "./corpus.ts";

/** How the corpus calls a dialect, how we do, and where its files lie on a host. */
const languages = [
  ["ifupdown", "ifupdown", "/etc/network/"],
  ["ifupdown2", "ifupdown2", "/etc/network/"],
  ["netplan", "netplan", "/etc/netplan/"],
  ["networkd", "networkd", "/etc/systemd/network/"],
  ["nm-keyfile", "networkmanager", "/etc/NetworkManager/system-connections/"],
  ["nmstate", "nmstate", "/etc/nmstate/"],
  ["ifcfg-rh", "ifcfg-rh", "/etc/sysconfig/network-scripts/"],
  ["wicked", "wicked", "/etc/sysconfig/network/"],
  ["iproute2", "iproute2", "/usr/local/sbin/"],
] as const;

const all = languages.flatMap(([kind, dialect, folder]) =>
  corpusCases(kind)
    .filter((one) => one.kind !== "peer-pair")
    .map((one) => ({ ...one, dialect, folder })),
);

function judged({ dialect, folder, files }: (typeof all)[number]): readonly Diagnostic[] {
  const named = new Map([...files].map(([name, text]) => [folder + onHost(dialect, name), text]));
  if (dialect === "ifupdown") return check(ifupdownSubject(named, { facts: { maxBonds: 0 } }));
  return check({ dialect, files: named, ...(languageNamed(dialect) as Language).parse(named) });
}

function onHost(dialect: string, name: string): string {
  if (dialect.startsWith("ifupdown")) return "interfaces";
  if (dialect === "wicked") return name.replace(/-bond0-.*/, "-bond0");
  return name.replace(/\.example$/, "").replace(/\.yml$/, ".yaml");
}

const alone = "a unit of a test, alone: what it names is in other files";

/** Cases that are said to be good or belong to a test suite, in which an error is found all the same, and why. */
const deviations: Readonly<Record<string, string>> = {
  "peer-fixture-ifcfg-rh-003": "it names no mode: good for a test of a reader, and balance-rr for a host",
  "peer-fixture-networkd-001": "watches nothing and so never fails over, which a test of a parser may",
  "peer-fixture-networkd-003": alone,
  "peer-fixture-networkd-005": alone,
  "peer-fixture-networkd-006": alone,
  "peer-fixture-networkd-008": alone,
  "peer-fixture-networkd-009": alone,
  "peer-fixture-networkd-010": alone,
  "peer-fixture-networkd-013": "watches nothing and so never fails over, which a test of a parser may",
  "peer-fixture-networkd-015": alone,
  "wild-ifcfg-rh-059":
    "its Open vSwitch bond is good; the kernel's beside it says mode=balance-tcp, which the kernel refuses",
  "wild-ifupdown-044":
    "written for ifenslave 2.6; 2.13 makes no bond of a stanza with neither bond-slaves nor bond-mode",
  "wild-ifupdown-064": "its addresses are still to be filled in",
  "wild-netplan-062": "a part of a file: network: is missing",
  "wild-netplan-064": "interfaces: is a mapping where netplan wants a list",
  "wild-nm-keyfile-007": "a template: its uuids are still to be filled in",
};

const isGood = (one: CorpusCase) => one.kind === "peer-fixture" || one.outcome === "valid";

/** What the thread's answer, or whoever gathered the case, says is wrong: the findings that say it. What a dialect's own parser must
 *  find is in that dialect's test. */
const told: readonly (readonly [id: string, ...codes: string[]])[] = [
  ["thread-case-ifupdown-002", "wifi-same-mac-hairpin"],
  ["thread-case-ifupdown2-001", "vlan-beside-bridge"],
  ["thread-case-ifupdown2-002", "no-link-monitor", "ifupdown2-ignored"],
  ["thread-case-ifupdown2-003", "virtual-function-keeps-mac"],
  ["thread-case-ifupdown2-005", "vlan-on-port"],
  ["thread-case-ifupdown2-006", "ifupdown2-port-mtu-stays"],
  ["thread-case-iproute2-001", "wifi-same-mac-hairpin"],
  ["thread-case-iproute2-002", "bond-command-refused"],
  ["thread-case-netplan-001", "no-link-monitor"],
  ["thread-case-networkd-003", "no-link-monitor"],
  ["wild-ifcfg-rh-012", "primary-in-wrong-mode"],
  ["wild-ifcfg-rh-014", "primary-in-wrong-mode"],
  ["wild-ifcfg-rh-016", "bad-option-value"],
  ["wild-netplan-001", "no-link-monitor"],
  ["wild-netplan-003", "no-link-monitor"],
  ["wild-netplan-004", "no-link-monitor"],
  ["wild-netplan-017", "bond-options-without-effect", "netplan-ignored"],
  ["wild-netplan-020", "no-link-monitor", "netplan-port-address"],
];

describe.skipIf(corpusMissing !== undefined)(
  `the rules over the corpus${corpusMissing ? `: ${corpusMissing}` : ""}`,
  () => {
    test.each(all.filter(isGood))("$id is good, so it has no error", (one) => {
      const errors = judged(one).filter(({ severity }) => severity === "error");
      if (one.id in deviations) expect(errors, deviations[one.id]).not.toEqual([]);
      else expect(errors.map(({ code, message }) => `${code}: ${message}`)).toEqual([]);
    });

    test.each(told)("%s: what its readers said is found", (id, ...codes) => {
      const found = all.filter((one) => one.id === id).flatMap((one) => judged(one).map(({ code }) => code));
      expect(found).toEqual(expect.arrayContaining(codes));
    });

    test.each([
      ["thread-case-ifupdown2-005", "sub interfaces are not allowed on bond slave"],
      ["thread-case-iproute2-001", "Radios that drop off when theirs is rewritten"],
    ])("%s: the reason its readers gave is in the words", (id, words) => {
      const found = all.filter((one) => one.id === id).flatMap((one) => judged(one));
      expect(found.map(({ message, hint = "" }) => `${message} ${hint}`).join("\n")).toContain(words);
    });

    test("a module that is loaded with the mode of the bond isn't told to make one in balance-rr", () => {
      const found = all.filter(({ id }) => id === "thread-case-iproute2-001").flatMap((one) => judged(one));
      expect(found.map(({ code }) => code)).not.toContain("module-precreates-bond0");
    });

    test("no finding is a riddle: each has a place, and none prints what it doesn't know", () => {
      for (const { code, at, message, hint } of all.flatMap((one) => judged(one))) {
        expect(`${message} ${hint ?? ""}`, code).not.toMatch(/undefined|NaN|\[object/);
        expect(at, `${code}: ${message}`).toBeDefined();
      }
    });
  },
);
