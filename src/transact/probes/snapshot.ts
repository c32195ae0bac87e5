import { readFileSync } from "node:fs";
import type { Host } from "../../host/ports.ts";
import type { LinkAddress } from "../../wire/address.ts";
import type { LinkState } from "../../wire/link.ts";
import { deadEnds, type Hop, MAIN_TABLE, type Route, TYPE_UNICAST } from "../../wire/route.ts";

/** The network of this moment, as the kernel has it. */
export interface Snapshot {
  readonly links: readonly LinkState[];
  readonly addresses: readonly LinkAddress[];
  /** Of the main table: unicast ones, and those that lead nowhere. */
  readonly routes: readonly Route[];
  /** IPv6 addresses that nobody may use yet, or ever: duplicate address detection is under way, or has failed. */
  readonly tentative: ReadonlySet<string>;
}

/** A default route by way of a router, or one way of a route by several. */
export interface Gateway {
  /** The route's; its router may be an IPv6 one where this is IPv4. */
  readonly family: "ipv4" | "ipv6";
  readonly router: string;
  /** The link it is behind. */
  readonly link: LinkState;
  readonly metric: number;
  /** Its route goes by more than is read here: made from this it would be another. */
  readonly isUnread?: true;
}

/** Looks. What the kernel refuses to tell is empty: the probes then fail, as they should. */
export function takeSnapshot(host: Host): Snapshot {
  const [links, addresses, routes] = [host.net.links(), host.tables.addresses(), host.tables.routes()];
  return {
    links: links.ok ? links.value : [],
    addresses: addresses.ok ? addresses.value : [],
    routes: (routes.ok ? routes.value : []).filter(({ table, type }) => table === MAIN_TABLE && isKept(type)),
    tentative: tentativeAddresses(),
  };
}

function isKept(type: number): boolean {
  return type === TYPE_UNICAST || deadEnds.has(type);
}

const TENTATIVE_OR_FAILED = 0x40 | 0x08;

/** "fe80000000000000020000fffe000101 02 40 20 80 em1": address, index, prefix, scope, flags, name. */
function tentativeAddresses(): ReadonlySet<string> {
  let text: string;
  try {
    text = readFileSync("/proc/net/if_inet6", "utf8");
  } catch {
    return new Set();
  }
  const rows = text.split("\n").map((line) => line.trim().split(/\s+/));
  const waiting = rows.filter((row) => (Number.parseInt(row[4] ?? "0", 16) & TENTATIVE_OR_FAILED) !== 0);
  return new Set(waiting.map(([digits = ""]) => digits));
}

/** Whether an IPv6 address is still being detected, or was found to be somebody else's. */
export function isTentative({ tentative }: Snapshot, bytes: Uint8Array): boolean {
  return tentative.has(Buffer.from(bytes).toString("hex"));
}

export function linkNamed({ links }: Snapshot, name: string): LinkState | undefined {
  return links.find((link) => link.name === name);
}

export function linkAt({ links }: Snapshot, index: number): LinkState | undefined {
  return links.find((link) => link.index === index);
}

/** The default routes by way of a router, each way of those by several, the preferred first. */
export function gatewaysOf(snapshot: Snapshot): readonly Gateway[] {
  return snapshot.routes
    .filter(({ to }) => to === "")
    .flatMap((route) => (route.hops ?? [route]).flatMap((way) => gatewayBy(snapshot, route, way)))
    .toSorted((a, b) => a.metric - b.metric);
}

function gatewayBy(snapshot: Snapshot, route: Route, { via, index }: Pick<Hop, "via" | "index">): readonly Gateway[] {
  const link = linkAt(snapshot, index);
  if (via === "" || link === undefined) return [];
  const unread = route.isUnread === true ? { isUnread: true as const } : {};
  return [{ family: familyOf(route), router: via, link, metric: route.metric, ...unread }];
}

/** A route's family, by its number. */
export function familyOf({ family }: Pick<Route, "family">): Gateway["family"] {
  return family === 2 ? "ipv4" : "ipv6";
}

/** The names of a bond's ports, in the kernel's order. */
export function portsOf({ links }: Snapshot, bond: LinkState): readonly LinkState[] {
  return links.filter(({ master }) => master === bond.index);
}

/** The bond that a link is, or stands on, as far as it can be told: a VLAN or bridge over it has its MAC address. */
export function bondBelow(snapshot: Snapshot, link: LinkState): LinkState | undefined {
  if (link.kind === "bond") return link;
  const bonds = snapshot.links.filter(({ kind }) => kind === "bond");
  return bonds.find(({ master, mac }) => master === link.index || (link.kind !== "" && mac === link.mac));
}
