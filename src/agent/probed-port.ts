import type { Gauge, Host, Tap } from "../host/ports.ts";
import type { WatchedPort } from "../watch/state.ts";
import type { Arp } from "../wire/arp.ts";
import type { Frame } from "../wire/ethernet.ts";
import type { BondView } from "./bond-view.ts";
import type { Outstanding } from "./outstanding.ts";
import type { Marks } from "./probe-frames.ts";

/** What sending and hearing share: the ports as they are probed. */

export interface ProberEvents {
  /** The answer to a probe was received at this time (monotonic ms). */
  readonly onAnswer: (port: string, target: string, id: number, at: number) => void;
  /** A probe couldn't leave yet: it isn't known for certain that it would mislead nobody. */
  readonly onUnsent: (port: string, target: string, id: number) => void;
  /** The router sent something to this host, after the latest probe to it left. */
  readonly onHeard: (port: string) => void;
  /** A router answered with another MAC address than before, or after a silence: the kernel may have given it up. */
  readonly onRouterSeen: (port: string) => void;
  /** A port can't be probed; in words. */
  readonly onTrouble: (port: string, what: string) => void;
  /** What one port sends is heard on another: they are on one LAN. Told once for each pair. */
  readonly onShared: (one: string, other: string) => void;
}

export interface ProberSettings {
  readonly ports: readonly WatchedPort[];
  /** The host's own addresses on single uplinks, by port, where they aren't the bond's. */
  readonly ownAddress: ReadonlyMap<string, string>;
  readonly marks: Marks;
  /** Targets beyond the router that the active port alone is asked for; their answers are let through too. */
  readonly beyond: readonly string[];
  /** The VLAN the host's address lives in: probes bear its tag. Absent: none. */
  readonly vlan?: number;
}

/** One port as it is probed. */
export interface Probed {
  settings: WatchedPort;
  readonly index: number;
  readonly tap: Tap;
  gauge: Gauge | undefined;
  /** What our probes bear here now. */
  mac: string;
  readonly heard: Set<string>;
  filterKey: string;
  routerMac: string | undefined;
  /** Probes beyond the router that left before it was known; the first answer sends them on, a moment later. */
  held: { readonly target: string; readonly id: number }[];
  /** From then on, having heard none of our questions to everybody elsewhere means that no other port is on this LAN. */
  provenAt: number;
  outstanding: readonly Outstanding[];
  /** The question to the router as it was last put together: nearly always it is the same again. */
  question: Question | undefined;
  /** The ARP frame that came last, read. */
  latest: { readonly bytes: Uint8Array; readonly frame: Frame; readonly arp: Arp | undefined } | undefined;
  /** When the gauge was last asked, monotonic ms. */
  listenedAt: number;
  /** When the router last answered, monotonic ms. */
  heardAt: number;
  /** When the latest probe left that the router answered, monotonic ms. */
  answeredAs: number;
}

/** A question to a router: what it was made of, and the frame. */
export interface Question {
  readonly mac: string;
  readonly to: string;
  readonly target: string;
  readonly own: string | undefined;
  readonly vlan: number | undefined;
  readonly frame: Uint8Array;
}

/** All that one prober holds. */
export interface Probing {
  readonly host: Host;
  settings: ProberSettings;
  readonly events: ProberEvents;
  readonly probed: Map<string, Probed>;
  /** Ports seen to be on one LAN with another. */
  readonly shared: Set<string>;
  view: BondView | undefined;
  addresses: readonly string[];
}

/** The IPv4 address that stands for the host on this port's side. */
export function ownIp(probing: Probing, name: string): string | undefined {
  return ownAmong(probing, name, (address) => !address.includes(":"));
}

/** The IPv6 address that stands for the host on this port's side, beyond its link. */
export function ownIp6(probing: Probing, name: string): string | undefined {
  return ownAmong(probing, name, (address) => address.includes(":") && !/^fe[89ab]/.test(address));
}

/** The uplink's own address, else one that is no other uplink's. */
function ownAmong(probing: Probing, name: string, fits: (address: string) => boolean): string | undefined {
  const { ownAddress } = probing.settings;
  const own = ownAddress.get(name);
  if (own !== undefined && fits(own)) return own;
  const others = [...ownAddress.values()];
  return probing.addresses.find((address) => fits(address) && !others.includes(address));
}

/** Will it be known of this port in a moment whether another one is on its LAN? */
export function isBeingProven(probing: Probing, port: Probed): boolean {
  const now = probing.host.time.now();
  return now < port.provenAt && port.provenAt < Number.POSITIVE_INFINITY && !probing.shared.has(port.settings.name);
}

/** Is this port known to be on a LAN that no other port is on? */
export function isApart(probing: Probing, port: Probed): boolean {
  if (probing.shared.has(port.settings.name) || probing.host.time.now() < port.provenAt) return false;
  for (const other of probing.probed.values()) {
    if (other !== port && (other.routerMac === port.routerMac || probing.shared.has(other.settings.name))) return false;
  }
  return true;
}
