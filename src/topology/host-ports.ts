import type { Config, Interface } from "../model/config.ts";
import { mainBond } from "./addressing.ts";
import { meantBonds, meantPorts } from "./meant-bonds.ts";

/** A physical interface of the host, as declared. */
export interface HostPort {
  readonly name: string;
  /** Permanent MAC address, where the port is recognised by it. */
  readonly mac?: string;
  /** The bond it belongs to. */
  readonly bond?: string;
  /** Part of the bond the rehearsal is about: traffic may use it. */
  readonly carries: boolean;
  /** The network it joins by radio. */
  readonly ssid?: string;
  /** USB hubs it hangs on, nearest first. */
  readonly hubs: readonly string[];
}

/** The host's ports, the main bond's first. Where no bond is declared every port may carry traffic. */
export function hostPorts(config: Config): readonly HostPort[] {
  const main = mainBond(config);
  const named = new Map<string, string | undefined>();
  for (const bond of [...(main === undefined ? [] : [main]), ...config.bonds]) {
    for (const port of bond.ports) if (!named.has(port)) named.set(port, bond.name);
  }
  for (const uplink of config.uplinks) if (!named.has(uplink.port)) named.set(uplink.port, undefined);
  const known = new Map(config.interfaces.map((one) => [one.name, one]));
  const bonds = new Set(meantBonds(config));
  for (const one of config.interfaces) {
    if (isPhysical(one) && !bonds.has(one.name) && !named.has(one.name)) named.set(one.name, undefined);
  }
  for (const port of meantPorts(config)) if (!bonds.has(port) && !named.has(port)) named.set(port, undefined);
  if (named.size === 0) for (const end of looseEnds(config)) named.set(end, undefined);
  return [...named].map(([name, bond]) => describePort(config, name, known.get(name), bond, bond === main?.name));
}

function describePort(
  config: Config,
  name: string,
  one: Interface | undefined,
  bond: string | undefined,
  carries: boolean,
): HostPort {
  return {
    name,
    carries,
    hubs: hubsOf(config, name),
    ...(one?.match?.mac === undefined ? {} : { mac: one.match.mac.toLowerCase() }),
    ...(bond === undefined ? {} : { bond }),
    ...(one?.wifi === undefined ? {} : { ssid: one.wifi.ssid }),
  };
}

function isPhysical(one: Interface): boolean {
  if (one.vlan !== undefined || one.bridge !== undefined || one.name === "lo") return false;
  return one.ipv4.method !== "loopback" && !one.name.includes(":");
}

/** Cable ends that are no devices: all there is to know ports by when the file speaks of the topology alone. */
function looseEnds(config: Config): readonly string[] {
  const topology = config.topology;
  if (topology === undefined) return [];
  const devices = new Set(topology.devices.map((device) => device.name));
  const ends = topology.cables.flatMap((cable) => [cable.from, cable.to]);
  return ends.filter((end) => !devices.has(end) && end !== "host");
}

/** A cable between a port and a USB hub says where the adapter is plugged in, not where packets go.
 *  Between two hubs the first named hangs on the second. */
function hubsOf(config: Config, port: string): readonly string[] {
  const topology = config.topology;
  if (topology === undefined) return [];
  const hubs = new Set(topology.devices.filter((device) => device.kind === "usb-hub").map((device) => device.name));
  const found: string[] = [];
  let at = port;
  for (;;) {
    const next = topology.cables
      .flatMap((cable) => (cable.from === at ? [cable.to] : cable.to === at && at === port ? [cable.from] : []))
      .find((end) => hubs.has(end) && !found.includes(end));
    if (next === undefined) return found;
    found.push(next);
    at = next;
  }
}
