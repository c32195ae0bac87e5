import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { FileSet } from "../../src/diagnostic/diagnostic.ts";
import { unaccounted } from "../../src/dialects/account.ts";
import { cloudInit } from "../../src/dialects/cloud-init/cloud-init.ts";
import { netplan } from "../../src/dialects/netplan/netplan.ts";
import { detectDialect } from "../../src/dialects/registry.ts";
import type { Config, Interface } from "../../src/model/config.ts";
import { differences } from "../../src/model/differences.ts";
import { hostConfig } from "../arbitrary/host-config.ts";
import { besideNetplan } from "../dialects/netplan-beside.ts";
import { netplanMissing } from "../dialects/netplan-generate.ts";
import { byNetworkManager } from "../dialects/netplan-renderer.ts";
import { corpusDirectory, corpusFiles, corpusMissing } from "./corpus.ts";

interface Case {
  readonly name: string;
  readonly files: FileSet;
}

/** Cases of a folder of the corpus: a file each, or a folder of files of one host. */
function casesIn(folder: string): readonly Case[] {
  const path = join(corpusDirectory, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .toSorted()
    .map((name) => {
      const inside = statSync(join(path, name)).isDirectory() ? readdirSync(join(path, name)) : [""];
      const files = inside.map((one): [string, string] => [
        `/etc/netplan/${(one === "" ? name : one).replace(/\.yml$/, ".yaml")}`,
        readFileSync(join(path, name, one), "utf8"),
      ]);
      return { name, files: new Map(files) };
    });
}

const cases = [...casesIn("wild/netplan"), ...casesIn("thread-case/netplan")];

/** What the index says is refused, and isn't by a reader's judgement alone. */
const errors = [
  "008",
  "011",
  "012",
  "022",
  "025",
  "031",
  "040",
  "042",
  "045",
  "053",
  "059",
  "062",
  "064",
  "071",
  "072",
  "073",
  "075",
];

/** Where our reading and netplan's own result differ, each with its reason. */
const deviations: Readonly<Record<string, string>> = {
  "wild-netplan-026.netplan.yaml":
    "netplan refuses Open vSwitch only because ovs-vsctl is not installed here; we say it is not the kernel's",
};

describe.skipIf(corpusMissing !== undefined)(`the netplan corpus${corpusMissing ? `: ${corpusMissing}` : ""}`, () => {
  test.each(cases)("$name is read, and refused where netplan refuses it", ({ name, files }) => {
    const { diagnostics } = netplan.parse(files);
    const isRefused = diagnostics.some(({ severity }) => severity === "error");
    expect(isRefused).toBe(errors.some((number) => name.includes(`-${number}.`)));
  });

  test.each(cases)("$name means the same after it was written anew", ({ files }) => {
    const first = netplan.parse(files).config;
    expect(unaccounted(netplan, first, netplan.render(first))).toEqual([]);
  });

  test("the forum's bond without a monitor has none in the model either", () => {
    const thread = cases.find(({ name }) => name.startsWith("thread-case-netplan-001"));
    const [bond] = netplan.parse(thread?.files ?? new Map()).config.bonds;
    expect(bond?.options.miimon).toBeUndefined();
    expect(bond?.ports.length).toBeGreaterThan(1);
  });
});

interface Pair {
  readonly input: Readonly<Record<string, unknown>>;
  readonly expected: { readonly expected_netplan?: string };
}

const pairs = corpusFiles("peer-pair/cloud-init-network-config").map(({ name, text }) => ({
  name,
  pair: JSON.parse(text) as Pair,
}));

/** Where what cloud-init writes for netplan says something else than its own input, each with its reason. */
const pairDeviations: Readonly<Record<string, readonly RegExp[]>> = {
  // 015: it writes undescribed ports below bonds. 006: its netplan renderer leaves out InfiniBand, `control: manual` and a VLAN's start.
  "peer-pair-cloud-init-network-config-015.json": [/^bond\/eth[01]$/],
  "peer-pair-cloud-init-network-config-006.json": [/^interface\/ib0/, /^interface\/eth5\/start$/],
};

describe.skipIf(corpusMissing !== undefined)(
  `the cloud-init corpus${corpusMissing ? `: ${corpusMissing}` : ""}`,
  () => {
    test.each(pairs)("$name is read", ({ pair }) => {
      for (const value of Object.values(pair.input)) {
        const text = typeof value === "string" ? value : JSON.stringify(value);
        const { config } = cloudInit.parse(new Map([["/network-config", text]]));
        if (/bond_interfaces|"bonds"|^\s*bonds:/m.test(text)) expect(config.bonds.length).toBeGreaterThan(0);
      }
    });

    const withNetplan = pairs.filter(({ pair }) => /\n/.test(pair.expected.expected_netplan ?? ""));
    test.each(withNetplan)("$name means what cloud-init writes for netplan", ({ name, pair }) => {
      const ours = cloudInit.parse(new Map([["/network-config", String(pair.input["yaml"])]])).config;
      // One expected file puts ports below bonds, where netplan refuses them: what the bonds say is meant.
      const theirs = netplan.parse(
        new Map([["/etc/netplan/50-cloud-init.yaml", pair.expected.expected_netplan ?? ""]]),
      ).config;
      const keys = differences(plain(ours), plain(theirs));
      expect(keys.filter((key) => !(pairDeviations[name] ?? []).some((reason) => reason.test(key)))).toEqual([]);
    });
  },
);

/** Without extras, and without what netplan hands on and its renderer keeps to itself. */
function plain(config: Config): Config {
  return { ...config, interfaces: config.interfaces.map((iface): Interface => ({ ...iface, extra: [] })) };
}

test.skipIf(corpusMissing !== undefined)("every whole file of the corpus is known for netplan's by its text", () => {
  const whole = cases.filter(({ files }) => [...files.values()].some((text) => /^network:/m.test(text)));
  for (const { name, files } of whole) {
    const [text = ""] = files.values();
    expect(detectDialect(new Map([[`/tmp/${name}.yaml`, text]]))?.name, name).toBe("netplan");
  }
});

const noNetplan = netplanMissing;
describe.skipIf(noNetplan !== undefined)(`beside the real netplan${noNetplan ? `: ${noNetplan}` : ""}`, () => {
  test.skipIf(corpusMissing !== undefined).each(cases)("$name means what netplan makes of it", ({ name, files }) => {
    const beside = besideNetplan(files);
    if (Object.hasOwn(deviations, name)) expect(beside.outcome).toBe("different");
    else expect(beside).not.toHaveProperty("keys");
  });

  test("what we write is taken by netplan, and means the same to systemd-networkd", () => {
    fc.assert(
      fc.property(hostConfig(), (config) => {
        expect(besideNetplan(netplan.render(config).files)).toEqual({ outcome: "equal" });
      }),
      { numRuns: 100 },
    );
  }, 120_000);

  test("and to NetworkManager", () => {
    fc.assert(
      fc.property(hostConfig(), (config) => {
        expect(besideNetplan(netplan.render(byNetworkManager(config)).files)).toEqual({ outcome: "equal" });
      }),
      { numRuns: 60 },
    );
  }, 120_000);
});
