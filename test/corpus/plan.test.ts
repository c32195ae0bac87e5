import { basename } from "node:path";
import { describe, expect, test } from "vitest";
import { dialectNamed } from "../../src/dialects/registry.ts";
import type { Config, Interface } from "../../src/model/config.ts";
import { differences } from "../../src/model/differences.ts";
import { mergeInto } from "../../src/plan/merge.ts";
import { corpusCases } from "./cases.ts";
import { corpusMissing } from "./corpus.ts";

const facts = { maxBonds: 0 };
const none = { method: "none", addresses: [] } as const;

/** Where a case's file would lie on a host, by its real name. */
const places: Readonly<Record<string, (name: string) => string>> = {
  ifupdown: (name) => (name === "interfaces" ? "/etc/network/interfaces" : `/etc/network/${basename(name)}`),
  ifupdown2: (name) => (name === "interfaces" ? "/etc/network/interfaces" : `/etc/network/${basename(name)}`),
  netplan: (name) => `/etc/netplan/${basename(name).replace(/\.yml$/, ".yaml")}`,
  networkd: (name) => `/etc/systemd/network/${basename(name)}`,
  networkmanager: (name) => `/etc/NetworkManager/system-connections/${basename(name)}`,
};

function bare(name: string): Interface {
  return { name, start: "boot", ipv4: { method: "manual", addresses: [] }, ipv6: none, hooks: [], extra: [] };
}

/** What the corpus calls a language by another name. */
const corpusNames: Readonly<Record<string, string>> = { networkmanager: "nm-keyfile" };

/** The first bond of a host as a holdfast.yaml would have it, with an address of its own and another monitor. */
function wantedFor({ bonds, interfaces }: Config): Config | undefined {
  const [bond] = bonds.filter(({ ports }) => ports.length > 0);
  if (bond === undefined) return undefined;
  const options = { mode: "active-backup", miimon: 77 } as const;
  const isBridged = interfaces.some(({ bridge }) => bridge?.ports.includes(bond.name));
  const ipv4 = { method: "static", addresses: ["192.0.2.7/24"] } as const;
  const own: Interface = isBridged ? bare(bond.name) : { ...bare(bond.name), ipv4 };
  return {
    bonds: [{ name: bond.name, ports: bond.ports, options }],
    interfaces: [own, ...bond.ports.map(bare)],
    uplinks: [],
    targets: [],
  };
}

describe.skipIf(corpusMissing !== undefined)("people's own files", () => {
  test.each(Object.keys(places))(
    "of %s take up a bond, and nothing else changes; or it is refused with a reason",
    (name) => {
      const dialect = dialectNamed(name);
      if (dialect === undefined) throw new Error(name);
      const reasons = new Map<string, number>();
      let planned = 0;
      for (const { id, outcome, files: own } of corpusCases(corpusNames[name] ?? name)) {
        const files = new Map([...own].map(([file, text]) => [places[name]?.(file) ?? file, text]));
        const before = dialect.parse(files, facts);
        const wanted = wantedFor(before.config);
        if (wanted === undefined || outcome === "error") continue;
        const result = mergeInto(dialect, files, wanted, facts);
        if (!result.ok) {
          const said = result.error.map(({ code, message }) => `${code}: ${message}`).join("; ");
          expect([id, said]).toEqual([id, expect.stringMatching(/^plan-(port-taken|cannot-merge)/)]);
          reasons.set(`${id} ${said}`, 1);
          continue;
        }
        planned += 1;
        const isForeign = (one: { readonly name: string }) => !result.value.names.has(one.name);
        const foreign = (config: Config): Config => ({
          ...config,
          bonds: config.bonds.filter(isForeign),
          interfaces: config.interfaces.filter(isForeign),
        });
        const after = dialect.parse(result.value.files, facts).config;
        expect([id, differences(foreign(before.config), foreign(after))]).toEqual([id, []]);
        expect(after.bonds.find((one) => one.name === wanted.bonds[0]?.name)?.options.miimon).toBe(77);
      }
      if (process.env["SHOW"] !== undefined)
        process.stderr.write(`${name}: ${planned} planned\n${[...reasons.keys()].join("\n")}\n`);
      expect(planned).toBeGreaterThan(reasons.size);
    },
  );
});
