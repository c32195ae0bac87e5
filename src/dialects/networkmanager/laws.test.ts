import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { hostConfig } from "../../../test/arbitrary/host-config.ts";
import { readingLaws, writingLaws } from "../../../test/dialects/laws.ts";
import type { Config, Interface } from "../../model/config.ts";
import { optionNames } from "../../model/options.ts";
import { applied } from "./bond-rules.ts";
import { networkmanager } from "./networkmanager.ts";
import { spellingOf, youngerThanOldest } from "./spelling.ts";

const folder = "/etc/NetworkManager/system-connections";

readingLaws(networkmanager, {
  paths: [
    `${folder}/bond0.nmconnection`,
    `${folder}/eth0`,
    "/run/NetworkManager/system-connections/x.nmconnection",
    "/tmp/x",
  ],
  lines: [
    "[connection]",
    "[bond]",
    "[bond-port]",
    "[ipv4]",
    "[ipv6]",
    "[wifi]",
    "[wifi-security]",
    "[vlan]",
    "[bridge]",
    "[match]",
    "[802-3-ethernet]",
    "id=x",
    "uuid=3f34449f-9fce-4983-a9ea-0e98fcdf057f",
    "type=bond",
    "type=wifi",
    "type=vlan",
    "type=bridge",
    "type=ethernet",
    "interface-name=bond0",
    "interface-name=eth0",
    "master=bond0",
    "controller=3f34449f-9fce-4983-a9ea-0e98fcdf057f",
    "slave-type=bond",
    "port-type=bridge",
    "autoconnect=no",
    "autoconnect-slaves=1",
    "mode=1",
    "miimon=100",
    "arp_interval=100",
    "primary=eth0",
    "num_grat_arp=0",
    "method=manual",
    "address1=192.0.2.1/24,192.0.2.254",
    "gateway=::1",
    "route1=0.0.0.0/0,192.0.2.1,5",
    "route1_options=table=5,onlink=true",
    "dns=1.1.1.1;2001::1;",
    "ssid=97;98;300;",
    "psk=12345678",
    "id=10",
    "parent=bond0",
    "mac-address=02:00:00:00:00:01",
    "path=pci-*",
    "stp=true",
  ],
  repeated: [
    "[connection]\n",
    "a=b\n",
    "address1=192.0.2.1/24\n",
    "[ipv4]\nroute1=10.0.0.0/8;;;;;;\n",
    "[bond]\nmode=1\n",
    "dns=1.1.1.1;",
    "[",
    "\\",
    "=",
  ],
});

const quiet = optionNames.filter(
  (option) => spellingOf(option) !== "cannot-say" && youngerThanOldest(option) === undefined,
);

/** What a profile says in full: bonds NetworkManager applies as they stand, name servers where there are addresses. Made so, and not
 *  picked out: of sixty hosts one is so by itself. */
const sayable = hostConfig(quiet, ["hooks", "optional", "start"]).map((config): Config => {
  const bonds = config.bonds.map((bond) => ({ ...bond, options: applied(bond.options).options }));
  const ports = new Set([
    ...bonds.flatMap((bond) => bond.ports),
    ...config.interfaces.flatMap(({ bridge }) => bridge?.ports ?? []),
  ]);
  const primaries = new Set(bonds.map(({ options }) => options.primary));
  const interfaces = config.interfaces.map((iface) => {
    const plain = ports.has(iface.name) ? withoutAddresses(iface) : withPlainAddresses(iface);
    return primaries.has(iface.name) ? without(plain, "match") : plain;
  });
  return { ...config, bonds, interfaces };
});

function without<Part extends object, Key extends keyof Part>(all: Part, key: Key): Omit<Part, Key> {
  const { [key]: _, ...rest } = all;
  return rest;
}

function withoutAddresses(iface: Interface): Interface {
  const none = { method: "none", addresses: [] } as const;
  return without({ ...iface, ipv4: none, ipv6: none }, "dns");
}

function withPlainAddresses(iface: Interface): Interface {
  const { ipv4, ipv6, dns } = iface;
  const isPlain = ipv6.acceptRa === undefined || (ipv6.acceptRa && ipv6.method === "static");
  const kept = isPlain ? iface : { ...iface, ipv6: without(ipv6, "acceptRa") };
  return dns === undefined || ipv4.method !== "none" ? kept : without(kept, "dns");
}

writingLaws(networkmanager, sayable);

describe("a megabyte of profiles", () => {
  test("is read in linear time, each with its port", () => {
    const files = new Map<string, string>();
    for (let at = 0; at < 4000; at++) {
      files.set(
        `${folder}/b${at}.nmconnection`,
        `[connection]\nid=b${at}\nuuid=00000000-0000-4000-8000-${String(at).padStart(12, "0")}\ntype=bond\ninterface-name=b${at}\n[bond]\nmode=1\nminmon=1\n`,
      );
      files.set(
        `${folder}/p${at}.nmconnection`,
        `[connection]\nid=p${at}\ntype=ethernet\ninterface-name=p${at}\nmaster=00000000-0000-4000-8000-${String(at).padStart(12, "0")}\nslave-type=bond\n`,
      );
    }
    const start = process.cpuUsage();
    const { config } = networkmanager.parse(files);
    const { user, system } = process.cpuUsage(start);
    expect(config.bonds).toHaveLength(4000);
    expect((user + system) / 1000).toBeLessThan(3000);
  });

  test("with thousands of addresses and routes in one is read in linear time", () => {
    const lines = Array.from(
      { length: 15_000 },
      (_, at) => `address${at}=10.${at >> 8}.${at & 255}.1/24\nroute${at}=10.${at >> 8}.${at & 255}.0/24,10.0.0.1\n`,
    );
    const start = process.cpuUsage();
    networkmanager.parse(
      new Map([[`${folder}/x`, `[connection]\ntype=bond\ninterface-name=b\n[ipv4]\n${lines.join("")}`]]),
    );
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1000).toBeLessThan(3000);
  });
});

describe("defaults", () => {
  test("spelled out twice are the same as once", () => {
    fc.assert(
      fc.property(hostConfig(), (config) => {
        const once = networkmanager.spellOutDefaults(config);
        expect(networkmanager.spellOutDefaults(once)).toEqual(once);
      }),
      { numRuns: 100 },
    );
  });
});
