import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostConfig, type Part } from "../../test/arbitrary/host-config.ts";
import { plainHost } from "../../test/dialects/plain-host.ts";
import type { FileSet } from "../diagnostic/diagnostic.ts";
import type { Dialect } from "../dialects/dialect.ts";
import { dialectNamed } from "../dialects/registry.ts";
import { Secret } from "../model/bond.ts";
import { type Config, emptyConfig, type Interface } from "../model/config.ts";
import { differences } from "../model/differences.ts";
import { optionNames } from "../model/options.ts";
import { mergeInto } from "./merge.ts";

const facts = { maxBonds: 0 };
const none = { method: "none", addresses: [] } as const;

function plainPort(name: string): Interface {
  return { name, start: "boot", ipv4: { method: "manual", addresses: [] }, ipv6: none, hooks: [], extra: [] };
}

/** A bond as a careful person declares it, over some links of the host. */
const wanted: fc.Arbitrary<Config> = fc
  .record({
    name: fc.constantFrom("bond0", "bond7"),
    ports: fc.shuffledSubarray(["eth0", "eth1", "enp3s0", "enx00e04c680001"], { minLength: 1, maxLength: 3 }),
    miimon: fc.constantFrom(50, 100, 200),
    address: fc.constantFrom("192.0.2.7/24", "198.51.100.9/25"),
  })
  .map(({ name, ports, miimon, address }) => ({
    bonds: [{ name, ports, options: { mode: "active-backup", miimon, primary: ports[0] ?? "eth0" } }],
    interfaces: [
      {
        ...plainPort(name),
        ipv4: { method: "static", addresses: [address], gateway: address.replace(/\d+\/.*/, "1") },
      },
      ...ports.map(plainPort),
    ],
    uplinks: [],
    targets: [],
  }));

function dialectCalled(name: string): Dialect {
  const dialect = dialectNamed(name);
  if (dialect === undefined) throw new Error(name);
  return dialect;
}

function foreign(config: Config, names: ReadonlySet<string>): Config {
  return {
    ...config,
    bonds: config.bonds.filter(({ name }) => !names.has(name)),
    interfaces: config.interfaces.filter(({ name }) => !names.has(name)),
  };
}

/** Whether a port of the wanted bond is somebody else's in that host, or the bond itself is: then nothing may be written. */
function isTaken(host: Config, want: Config): boolean {
  const [bond] = want.bonds;
  if (bond === undefined) return false;
  const isWanted = (port: string) => bond.ports.includes(port);
  const own = host.bonds.find(({ name }) => name === bond.name)?.ports ?? [];
  return (
    host.bonds.some(({ name, ports }) => name !== bond.name && ports.some(isWanted)) ||
    host.interfaces.some(
      ({ bridge, vlan }) =>
        bridge?.ports.some((port) => isWanted(port) || port === bond.name) === true ||
        (vlan !== undefined && isWanted(vlan.parent) && !own.includes(vlan.parent)),
    )
  );
}

const without: Readonly<Record<string, readonly Part[]>> = {
  ifupdown: ["match", "optional", "dhcp", "portOptions", "metric"],
  ifupdown2: ["match", "optional", "dhcp", "portOptions", "metric", "wifi"],
  netplan: ["hooks", "portOptions"],
  networkd: ["hooks", "wifi"],
  networkmanager: ["hooks", "match"],
};

describe.each(Object.keys(without))("a wanted bond in files of %s", (name) => {
  const dialect = dialectCalled(name);
  const hosts = hostConfig(
    optionNames.filter((option) => dialect.spellings[option] !== null),
    without[name],
  ).map(plainHost);

  test("nothing else changes, the bond is there, and a second plan has nothing to do", () => {
    let merged = 0;
    fc.assert(
      fc.property(hosts, wanted, (host, want) => {
        const { files } = dialect.render(host);
        const result = mergeInto(dialect, files, want, facts);
        // Whose ports are free takes the bond, always; whose are taken, never.
        expect([result.ok, result.ok ? "" : JSON.stringify(result.error)]).toEqual([
          !isTaken(host, want),
          isTaken(host, want) ? expect.stringContaining("plan-port-taken") : "",
        ]);
        if (!result.ok) return;
        merged += 1;
        const { after, before, names, losses } = result.value;
        expect(
          differences(foreign(before, names), foreign(dialect.parse(result.value.files, facts).config, names)),
        ).toEqual([]);
        const bond = after.bonds.find((one) => one.name === want.bonds[0]?.name);
        expect(bond?.ports.toSorted()).toEqual(want.bonds[0]?.ports.toSorted());
        expect(losses).toEqual([]);
        expect(bond?.options).toMatchObject(want.bonds[0]?.options ?? {});
        const again = mergeInto(dialect, result.value.files, want, facts);
        expect(again.ok ? [...again.value.files] : again.error).toEqual([...result.value.files]);
      }),
      { numRuns: 60 },
    );
    // Of the hosts that are drawn about two in five have the ports free: of 60 fewer than six are less likely than 10⁻⁶.
    expect(merged).toBeGreaterThan(5);
  });
});

test.each([
  ["netplan", "/etc/systemd/system/netplan-wpa-wlan0.service.d/10-after-bond.conf"],
  ["networkd", "/etc/systemd/system/wpa_supplicant@wlan0.service.d/10-after-bond.conf"],
])("%s: a radio that leaves its bond waits for none any more", (name, drop) => {
  const radio: Interface = {
    ...plainPort("wlan0"),
    wifi: { ssid: "home", psk: { inline: new Secret("correct horse") } },
  };
  const host = (...ports: readonly string[]): Config => ({
    ...emptyConfig,
    bonds: [{ name: "bond0", ports, options: { mode: "active-backup", miimon: 100 } }],
    interfaces: [
      { ...plainPort("bond0"), ipv4: { method: "static", addresses: ["192.0.2.7/24"] } },
      plainPort("eth0"),
      ports.includes("wlan0") ? radio : { ...radio, ipv4: { method: "dhcp", addresses: [] } },
    ],
  });
  const merged = (files: FileSet, config: Config) => {
    const result = mergeInto(dialectCalled(name), files, config, facts);
    if (!result.ok) throw new Error(result.error.map(({ message }) => message).join());
    return result.value.files;
  };
  const joined = merged(new Map(), host("eth0", "wlan0"));
  expect(joined.has(drop)).toBe(true);
  expect(merged(joined, host("eth0")).has(drop)).toBe(false);
  const own = new Map([...joined, [drop, "[Service]\n# by hand\n"]]);
  expect(merged(own, host("eth0")).has(drop)).toBe(true);
});
