import type { Bond } from "./bond.ts";
import { type Config, emptyConfig, type Interface } from "./config.ts";
import type { HostLink, HostState } from "./host-state.ts";

/** A running host in the words of a configuration: its bonds with every option as it is, and the addresses as they are. */
export function runningConfig(host: HostState): Config {
  const bonds = host.bonds.map(({ name, ports, options }): Bond => ({ name, ports, options }));
  return { ...emptyConfig, bonds, interfaces: host.links.filter(({ name }) => name !== "lo").map(interfaceOf) };
}

function interfaceOf(
  { name, addresses, kind, on, master }: HostLink,
  _at: number,
  all: readonly HostLink[],
): Interface {
  const of = (family: "ipv4" | "ipv6") => {
    const own = addresses.filter((one) => one.includes(":") === (family === "ipv6"));
    return { method: own.length > 0 ? "static" : "none", addresses: own } as const;
  };
  const parent = on[0];
  const ports = all.filter((link) => link.master === name).map((link) => link.name);
  return {
    name,
    start: master === "" ? "boot" : "hotplug",
    ipv4: of("ipv4"),
    ipv6: of("ipv6"),
    // Its number is in a table that only root may read; no rule asks for it.
    ...(kind === "vlan" && parent !== undefined ? { vlan: { parent, id: 1 } } : {}),
    ...(kind === "bridge" ? { bridge: { ports, settings: {} } } : {}),
    hooks: [],
    extra: [],
  };
}
