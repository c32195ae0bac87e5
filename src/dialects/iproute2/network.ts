import type { Span } from "../../diagnostic/diagnostic.ts";
import type { Bond } from "../../model/bond.ts";
import type { Interface, IpSettings, Route } from "../../model/config.ts";
import type { BondOptions, PortOptions } from "../../model/options.ts";
import { type Addresses, noAddresses } from "./addresses.ts";

/** One link as the commands so far have left it. */
export interface Link {
  name: string;
  kind: "bond" | "bridge" | "vlan" | "other";
  /** Said by a command, not only named as another's parent. */
  up: boolean | undefined;
  mtu?: number;
  mac?: string;
  master?: string;
  /** Which of the network's joins put it there: the kernel keeps ports in this order. */
  joinedAs?: number;
  vlan?: { parent: string; id: number };
  settings: Record<string, string>;
  options: BondOptions;
  portOptions: PortOptions;
  ipv4: Family;
  ipv6: Family;
  at: Span;
}

interface Family {
  readonly addresses: Addresses;
  readonly routes: Set<Route>;
  /** The same by `routeKey`: a script may replace one of thousands over and over. */
  readonly routesByKey: Map<string, Route[]>;
  asks: boolean;
  auto: boolean;
  acceptRa?: boolean;
}

/** The network as the commands make it, in the order of the script. */
export interface Network {
  readonly links: Map<string, Link>;
  readonly origins: Map<string, Span>;
  /** What has had a port. */
  readonly joined: Set<string>;
  /** How often a link has joined another. */
  joins: number;
  /** The link that has the route to a destination, by `routeKey`. */
  readonly routes: Map<string, Link>;
  /** Options of the bonding module: the defaults of every bond made later. */
  moduleOptions: BondOptions;
  /** The module is loaded, so its parameters count no more. */
  isLoaded: boolean;
}

export function emptyNetwork(): Network {
  return {
    links: new Map(),
    origins: new Map(),
    joined: new Set(),
    joins: 0,
    routes: new Map(),
    moduleOptions: {},
    isLoaded: false,
  };
}

/** What tells one route from another in the kernel's eyes. */
export function routeKey(family: "ipv4" | "ipv6", { to, metric, table }: Route): string {
  return `${family} ${to} ${metric ?? 0} ${table ?? 254}`;
}

/** Puts a route behind the others. */
export function keepRoute({ routes, routesByKey }: Family, key: string, route: Route): void {
  routes.add(route);
  const same = routesByKey.get(key);
  if (same === undefined) routesByKey.set(key, [route]);
  else same.push(route);
}

/** Takes the routes out that the kernel holds for one and the same. */
export function forgetRoutes({ routes, routesByKey }: Family, key: string): void {
  for (const route of routesByKey.get(key) ?? []) routes.delete(route);
  routesByKey.delete(key);
}

/** The link of that name; a new one of no special kind when nobody has spoken of it. */
export function linkNamed(network: Network, name: string, at: Span): Link {
  const known = network.links.get(name);
  if (known !== undefined) return known;
  const none = (): Family => ({
    addresses: noAddresses(),
    routes: new Set(),
    routesByKey: new Map(),
    asks: false,
    auto: false,
  });
  const link: Link = {
    name,
    kind: "other",
    up: undefined,
    settings: {},
    options: {},
    portOptions: {},
    ipv4: none(),
    ipv6: none(),
    at,
  };
  network.links.set(name, link);
  network.origins.set(`interface/${name}`, at);
  return link;
}

/** A bond from now on, with what the module's parameters make its defaults. */
export function makeBond(network: Network, name: string, at: Span): Link {
  const link = linkNamed(network, name, at);
  link.kind = "bond";
  link.options = { ...network.moduleOptions };
  network.isLoaded = true;
  network.origins.set(`bond/${name}`, at);
  return link;
}

/** The model of what the commands have made. */
export function configOf({ links }: Network): {
  readonly bonds: readonly Bond[];
  readonly interfaces: readonly Interface[];
} {
  const membersOf = new Map<string, Link[]>();
  const inOrder = [...links.values()].toSorted((one, other) => (one.joinedAs ?? 0) - (other.joinedAs ?? 0));
  for (const link of inOrder)
    if (link.master !== undefined) {
      const members = membersOf.get(link.master);
      if (members === undefined) membersOf.set(link.master, [link]);
      else members.push(link);
    }
  const bonds = [...links.values()]
    .filter(({ kind }) => kind === "bond")
    .map((bond) => bondOf(bond, membersOf.get(bond.name) ?? []));
  const interfaces = [...links.values()].map((link) => interfaceOf(link, membersOf.get(link.name) ?? []));
  return { bonds, interfaces };
}

function bondOf({ name, options }: Link, members: readonly Link[]): Bond {
  const portOptions = Object.fromEntries(
    members.filter((port) => Object.keys(port.portOptions).length > 0).map((port) => [port.name, port.portOptions]),
  );
  const ports = members.map((port) => port.name);
  return { name, ports, options, ...(Object.keys(portOptions).length === 0 ? {} : { portOptions }) };
}

function interfaceOf(link: Link, members: readonly Link[]): Interface {
  const { name, mtu, mac, vlan } = link;
  return {
    name,
    start: "boot",
    ipv4: settingsOf(link.ipv4),
    ipv6: settingsOf(link.ipv6),
    ...(mtu === undefined ? {} : { mtu }),
    ...(mac === undefined ? {} : { mac }),
    ...(vlan === undefined ? {} : { vlan }),
    ...(link.kind === "bridge" ? { bridge: { ports: members.map((port) => port.name), settings: link.settings } } : {}),
    hooks: [],
    extra: [],
  };
}

function settingsOf({ addresses: said, routes, asks, auto, acceptRa }: Family): IpSettings {
  const addresses = [...said.texts];
  const method = asks ? "dhcp" : auto ? "auto" : addresses.length > 0 ? "static" : "none";
  return {
    method,
    addresses,
    ...(routes.size === 0 ? {} : { routes: [...routes] }),
    ...(acceptRa === undefined ? {} : { acceptRa }),
  };
}
