import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { networkd } from "../../src/dialects/networkd/networkd.ts";
import { sendingOf } from "../../src/dialects/networkd/sending.ts";
import { spellingOf } from "../../src/dialects/networkd/spelling.ts";
import { optionText } from "../../src/dialects/networkd/values.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { formatAddress, parseCidr, reservedRole } from "../../src/model/address.ts";
import type { Bond } from "../../src/model/bond.ts";
import type { Config, Interface, IpSettings } from "../../src/model/config.ts";
import { type BondOptions, type OptionName, optionNames, optionRow } from "../../src/model/options.ts";
import { hostConfig } from "../arbitrary/host-config.ts";
import { plainHost } from "../dialects/plain-host.ts";
import { runJob } from "./booting.ts";
import { withEngine } from "./with-engine.ts";

let engine: Engine;
withEngine((found) => {
  engine = found;
});

const links = ["eth0", "eth1", "enp3s0", "wlan0", "enx00e04c680001"];
const divider = "----";

/** What systemd 252 reads. */
const usable = optionNames.filter((option) => {
  const said = spellingOf(option);
  if (said === "cannot-say" || option === "active_slave") return false;
  return said.place === "port" || said.since === undefined;
});

/** Without options that would be left out: what is written is compared with what came of it. */
function sayable(bond: Bond): Bond {
  const has = (option: OptionName, value: unknown): boolean => {
    const said = spellingOf(option);
    return said !== "cannot-say" && (said.place === "port" || optionText(option, said, value as never) !== undefined);
  };
  let options: BondOptions = Object.fromEntries(
    Object.entries(bond.options).filter(([option, value]) => has(option as OptionName, value)),
  );
  for (;;) {
    const { kept, refused } = sendingOf(options);
    if (kept.size + refused.size === 0) return { name: bond.name, ports: bond.ports, options };
    const gone = new Set([...kept.keys(), ...refused.keys()]);
    options = Object.fromEntries(Object.entries(options).filter(([option]) => !gone.has(option as OptionName)));
  }
}

/** Addresses, with a router beside the first and a network behind it: the kernel takes no others. */
function routed({ method, addresses }: IpSettings, behind: string, metric: number): IpSettings {
  const one = addresses[0] === undefined ? undefined : parseCidr(addresses[0]);
  if (method !== "static" || one?.ok !== true) return { method: "none", addresses: [] };
  const { family, bits, prefix } = one.value;
  const address = `${formatAddress({ family, bits })}/${prefix}`;
  if ((family === 4 ? 30 : 126) < prefix) return { method, addresses: [address] };
  // No router has the address of the network, or of everybody in it.
  if (reservedRole({ family, bits: bits ^ 1n, prefix }) !== undefined) return { method, addresses: [address] };
  const via = formatAddress({ family, bits: bits ^ 1n });
  return { method, addresses: [address], routes: [{ to: behind, via, metric }] };
}

function reachable(config: Config): Config {
  const interfaces = config.interfaces.map((iface, index): Interface => {
    const { mtu, ...rest } = iface;
    const size = mtu === undefined || iface.vlan !== undefined ? {} : { mtu };
    // Two ways to one network of one metric would be one route to the kernel.
    const metric = 77 + index;
    const ipv4 = routed(iface.ipv4, "10.99.0.0/16", metric);
    const ipv6 = routed(iface.ipv6, "2001:db8:99::/48", metric);
    return { ...rest, ...size, ipv4, ipv6 };
  });
  return { ...config, bonds: config.bonds.map(sayable), interfaces };
}

/** networkd in a namespace of its own, with a /sys that says there is no udev to wait for; and what the kernel then has. */
function commandFor(config: Config): string {
  const { files } = networkd.render(config);
  return [
    "rm -rf /tmp/units; mkdir /tmp/units",
    ...[...files].map(([path, text]) => `cat > /tmp/units/${path.split("/").at(-1)} <<'END'\n${text}END`),
    "unshare -nm sh -ec '",
    "mount -t sysfs -o ro none /sys; ip link set lo up",
    "mkdir -p /run/systemd /etc/systemd/network",
    "mount --bind /tmp/units /etc/systemd/network; mount -t tmpfs none /run/systemd",
    "mkdir -p /run/systemd/netif/links /run/systemd/netif/leases /run/systemd/netif/lldp",
    "chown -R systemd-network: /run/systemd/netif",
    ...links.map((name) => `ip link add ${name} type dummy`),
    "export SYSTEMD_LOG_TARGET=console SYSTEMD_LOG_COLOR=0",
    "/lib/systemd/systemd-networkd > /tmp/log 2>&1 & pid=$!",
    "sleep 5",
    `ip -d -j link; echo ${divider}; ip -j address; echo ${divider}; ip -j route; echo ${divider}; ip -6 -j route; echo ${divider}`,
    'kill $pid; grep -E "ignoring|Unknown|nvalid|ailed|could not" /tmp/log || true',
    "'",
  ].join("\n");
}

interface Link {
  readonly ifname: string;
  readonly master?: string;
  readonly mtu: number;
  readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: Readonly<Record<string, unknown>> };
}

/** What the kernel makes of the value: delays are stored in whole monitor intervals. */
function expected(bond: Bond, option: OptionName): unknown {
  const value = bond.options[option];
  const row = optionRow(option);
  const unit = row.kind === "int" ? row.multipleOf : undefined;
  const step = unit === undefined ? 0 : Number(bond.options[unit as OptionName] ?? 0);
  if (step > 0) return Math.floor(Number(value) / step) * step;
  return option === "arp_validate" && value === "none" ? null : value;
}

/** Names in ip's JSON that are not the kernel's. */
const jsonKeys: Readonly<Record<string, string>> = { lacp_rate: "ad_lacp_rate" };

function compareHost(config: Config, output: string): void {
  const [one = "[]", two = "[]", four = "[]", six = "[]", log = ""] = output.split(`${divider}\n`);
  expect(log).toBe("");
  const all = JSON.parse(one) as readonly Link[];
  for (const bond of config.bonds) {
    const link = all.find(({ ifname }) => ifname === bond.name);
    const data = link?.linkinfo?.info_data ?? {};
    const said = optionNames.filter((option) => bond.options[option] !== undefined);
    const has = Object.fromEntries(said.map((option) => [option, data[jsonKeys[option] ?? option]]));
    expect(has).toEqual(Object.fromEntries(said.map((option) => [option, expected(bond, option)])));
    const ports = all.filter(({ master }) => master === bond.name).map(({ ifname }) => ifname);
    expect(ports.toSorted()).toEqual(bond.ports.toSorted());
  }
  const addresses = JSON.parse(two) as readonly {
    ifname: string;
    addr_info: readonly { local: string; prefixlen: number; scope: string }[];
  }[];
  const routes = [...JSON.parse(four), ...JSON.parse(six)] as readonly object[];
  const bridged = new Set(config.interfaces.flatMap(({ bridge }) => bridge?.ports ?? []));
  const ports = new Set(config.bonds.flatMap((bond) => bond.ports));
  for (const { name, mtu, vlan, bridge, ipv4, ipv6 } of config.interfaces) {
    const link = all.find(({ ifname }) => ifname === name);
    // The kernel hands the bond's on to its ports.
    if (mtu !== undefined && !ports.has(name)) expect([name, link?.mtu]).toEqual([name, mtu]);
    if (vlan !== undefined) expect(link?.linkinfo?.info_data?.["id"]).toBe(vlan.id);
    for (const port of bridge?.ports ?? []) expect(all.find(({ ifname }) => ifname === port)?.master).toBe(name);
    if (bridged.has(name)) continue;
    const has = addresses.find(({ ifname }) => ifname === name)?.addr_info ?? [];
    const global = has.filter(({ scope }) => scope === "global").map(({ local, prefixlen }) => `${local}/${prefixlen}`);
    expect([name, new Set(global)]).toEqual([name, new Set([...ipv4.addresses, ...ipv6.addresses])]);
    for (const { to, via, metric } of [...(ipv4.routes ?? []), ...(ipv6.routes ?? [])])
      expect(routes).toContainEqual(expect.objectContaining({ dst: to, gateway: via, dev: name, metric }));
  }
}

const numRuns = process.env["HOLDFAST_LONG"] === undefined ? 40 : 100;

describe("units, and the networkd that reads them", () => {
  it(`make on a real kernel what the configuration says, without a word in the log, for ${numRuns} hosts`, {
    timeout: 580_000,
  }, async () => {
    const without = [
      "hooks",
      "dns",
      "match",
      "start",
      "wifi",
      "dhcp",
      "routes",
      "mac",
      "portOptions",
      "acceptRa",
    ] as const;
    const hosts = fc
      .sample(hostConfig(usable, without), { numRuns, seed: 252 })
      .map((config) => reachable(plainHost(config)));
    const more = { timeoutMs: 560_000, packages: ["systemd", "iproute2"] };
    const { messages, result } = await runJob(engine, { commands: hosts.map(commandFor) }, more);
    expect(result.ok ? "" : result.error.message).toBe("");
    const outputs = messages as readonly { status: number; output: string }[];
    for (const [index, config] of hosts.entries()) {
      const { status, output } = outputs[index] ?? { status: -1, output: "nothing came" };
      const shown = status === 0 ? "" : `${output}\n${commandFor(config)}`;
      expect({ index, status, shown }).toEqual({ index, status: 0, shown: "" });
      compareHost(config, output);
    }
  });
});
