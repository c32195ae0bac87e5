import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { iproute2 } from "../../src/dialects/iproute2/iproute2.ts";
import { scriptPath } from "../../src/dialects/iproute2/render.ts";
import { isNewer } from "../../src/dialects/iproute2/spelling.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { formatAddress, parseCidr, reservedRole } from "../../src/model/address.ts";
import type { Bond } from "../../src/model/bond.ts";
import type { Config, Interface, IpSettings } from "../../src/model/config.ts";
import { type OptionName, optionNames, optionRow } from "../../src/model/options.ts";
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

/** A host whose routers are where its addresses are, and whose VLANs are no larger than what they lie on: the kernel checks both. */
function reachable(config: Config): Config {
  const interfaces = config.interfaces.map((iface, index): Interface => {
    const { mtu, ...rest } = iface;
    const size = mtu === undefined || iface.vlan !== undefined ? {} : { mtu };
    return {
      ...rest,
      ...size,
      ipv4: routed(iface.ipv4, "10.99.0.0/16", 70 + index),
      ipv6: routed(iface.ipv6, "2001:db8:99::/48", 70 + index),
    };
  });
  return { ...config, bonds: config.bonds.map(steady), interfaces };
}

/** Addresses with a router beside the first, and a network behind it. */
function routed({ method, addresses, acceptRa }: IpSettings, behind: string, metric: number): IpSettings {
  const one = addresses[0] === undefined ? undefined : parseCidr(addresses[0]);
  const ra = acceptRa === undefined ? {} : { acceptRa };
  if (method !== "static" || one?.ok !== true) return { method: "none", addresses: [], ...ra };
  const { family, bits, prefix } = one.value;
  if ((family === 4 ? 29 : 126) < prefix) return { method, addresses, ...ra };
  const beside = reservedRole({ family, bits: bits ^ 1n, prefix }) === undefined ? 1n : 2n;
  const via = formatAddress({ family, bits: bits ^ beside });
  return {
    method,
    addresses: [`${formatAddress(one.value)}/${prefix}`],
    routes: [{ to: behind, via, metric }],
    ...ra,
  };
}

/** Without what this ip or kernel is too old for. */
function steady(bond: Bond): Bond {
  const options = Object.fromEntries(
    Object.entries(bond.options).filter(([option, value]) => !isNewer(option as OptionName, value)),
  );
  const { portOptions, ...rest } = { ...bond, options };
  void portOptions;
  return rest;
}

/** What runs for one host: links in a namespace of their own, the script twice, and what the kernel then has. */
function commandFor(config: Config): string {
  const script = iproute2.render(config).files.get(scriptPath) ?? "";
  return [
    `cat > /tmp/network-up.sh <<'END'\n${script}END`,
    "unshare -nm sh -ec '",
    "mount -t sysfs none /sys; ip link set lo up",
    `printf "%s\\n" ${links.map((name) => `"link add ${name} type dummy"`).join(" ")} | ip -batch -`,
    "sh /tmp/network-up.sh; sh /tmp/network-up.sh",
    `ip -d -j link; echo ${divider}; ip -j address; echo ${divider}; ip -j route; echo ${divider}; ip -6 -j route`,
    "'",
  ].join("\n");
}

interface Link {
  readonly ifname: string;
  readonly master?: string;
  readonly mtu: number;
  readonly address: string;
  readonly linkinfo?: { readonly info_kind?: string; readonly info_data?: Readonly<Record<string, unknown>> };
}

/** Names in ip's JSON that are not the kernel's. */
const jsonKeys: Readonly<Record<string, string>> = {
  peer_notif_delay: "peer_notify_delay",
  lacp_rate: "ad_lacp_rate",
  lacp_active: "ad_lacp_active",
};

/** What the kernel makes of the value: delays are stored in whole monitor intervals. */
function expected(bond: Bond, option: OptionName): unknown {
  const value = bond.options[option];
  const row = optionRow(option);
  const unit = row.kind === "int" ? row.multipleOf : undefined;
  const step = unit === undefined ? 0 : Number(bond.options[unit as OptionName] ?? 0);
  if (step > 0) return Math.floor(Number(value) / step) * step;
  if (option === "lacp_active") return value === 1 ? "on" : "off";
  return option === "arp_validate" && value === "none" ? null : value;
}

function compareBond(bond: Bond, all: readonly Link[]): void {
  const link = all.find(({ ifname }) => ifname === bond.name);
  expect(link?.linkinfo?.info_kind).toBe("bond");
  const data = link?.linkinfo?.info_data ?? {};
  const said = optionNames.filter((option) => bond.options[option] !== undefined);
  const has = Object.fromEntries(said.map((option) => [option, data[jsonKeys[option] ?? option]]));
  expect(has).toEqual(Object.fromEntries(said.map((option) => [option, expected(bond, option)])));
  const ports = all.filter(({ master }) => master === bond.name).map(({ ifname }) => ifname);
  expect(ports.toSorted()).toEqual(bond.ports.toSorted());
}

function compareHost(config: Config, output: string): void {
  const [one = "[]", two = "[]", four = "[]", six = "[]"] = output.split(`${divider}\n`);
  const all = JSON.parse(one) as readonly Link[];
  for (const bond of config.bonds) compareBond(bond, all);
  const addresses = JSON.parse(two) as readonly {
    ifname: string;
    addr_info: readonly { local: string; prefixlen: number; scope: string }[];
  }[];
  const routes = [...JSON.parse(four), ...JSON.parse(six)] as readonly {
    dst: string;
    gateway?: string;
    dev: string;
    metric?: number;
  }[];
  for (const { name, mtu, vlan, bridge, ipv4, ipv6 } of config.interfaces) {
    const link = all.find(({ ifname }) => ifname === name);
    const has = addresses.find(({ ifname }) => ifname === name)?.addr_info ?? [];
    const global = has.filter(({ scope }) => scope === "global").map(({ local, prefixlen }) => `${local}/${prefixlen}`);
    expect(new Set(global)).toEqual(new Set([...ipv4.addresses, ...ipv6.addresses]));
    if (mtu !== undefined) expect(link?.mtu).toBe(mtu);
    if (vlan !== undefined) expect(link?.linkinfo?.info_data?.["id"]).toBe(vlan.id);
    for (const port of bridge?.ports ?? []) expect(all.find(({ ifname }) => ifname === port)?.master).toBe(name);
    for (const { to, via, metric } of [...(ipv4.routes ?? []), ...(ipv6.routes ?? [])])
      expect(routes).toContainEqual(expect.objectContaining({ dst: to, gateway: via, dev: name, metric }));
  }
}

describe("scripts of ip commands, run", () => {
  it("make on a real kernel what the configuration says, twice the same, for 20 hosts", {
    timeout: 300_000,
  }, async () => {
    const usable = optionNames.filter((option) => option !== "active_slave");
    const hosts = fc
      .sample(
        hostConfig(usable, [
          "hooks",
          "dns",
          "match",
          "optional",
          "start",
          "wifi",
          "dhcp",
          "routes",
          "mac",
          "portOptions",
        ]),
        { numRuns: 20, seed: 20 },
      )
      .map((config) => reachable(plainHost(config)));
    const more = { timeoutMs: 280_000, packages: [] };
    const { messages, result } = await runJob(engine, { commands: hosts.map(commandFor) }, more);
    expect(result.ok ? "" : `${result.error.message}`).toBe("");
    const outputs = messages as readonly { status: number; output: string }[];
    for (const [index, config] of hosts.entries()) {
      const { status, output } = outputs[index] ?? { status: -1, output: "nothing came" };
      expect({ index, status, output: status === 0 ? "" : `${output}\n${commandFor(config)}` }).toEqual({
        index,
        status: 0,
        output: "",
      });
      compareHost(config, output);
    }
  });
});
