import type { HostRoute } from "../../../model/host-state.ts";
import type { LinkAddress } from "../../../wire/address.ts";
import { decodeLink, decodeLinkDetails, encodeLinkDump, RTM_NEWLINK } from "../../../wire/link.ts";
import { ownRouter, type Route } from "../../../wire/route.ts";
import { openRequests, type Requests } from "../netlink-socket.ts";
import { linuxTables } from "../tables.ts";
import type { LinkExtras } from "./read-links.ts";

/** What only the running kernel tells, and without rights: links, addresses, routes. */
export interface SeenNetwork {
  readonly extras: ReadonlyMap<string, LinkExtras>;
  /** CIDR by link, link-local ones left out. */
  readonly addresses: ReadonlyMap<string, readonly string[]>;
  /** Those of them that expire. */
  readonly leased: ReadonlyMap<string, readonly string[]>;
  /** Absent: addresses and routes could not be seen. */
  readonly routes?: readonly HostRoute[];
}

/** A host of which only files are there. */
export const networkUnseen: SeenNetwork = { extras: new Map(), addresses: new Map(), leased: new Map() };

/** Asks this kernel. What it doesn't tell is put among the unseen, with its reason. */
export function readNetwork(unseen: string[]): SeenNetwork {
  const requests = openRequests();
  if (!requests.ok) {
    unseen.push(`kinds, addresses and routes of links: ${requests.error.message}`);
    return networkUnseen;
  }
  try {
    return seenBy(requests.value, unseen);
  } finally {
    requests.value.close();
  }
}

const UNICAST = 1;
/** Made by the kernel itself, which follows from addresses and names no router. ifupdown2 says the same of its gateways. */
const PROTO_KERNEL = 2;

function seenBy(requests: Requests, unseen: string[]): SeenNetwork {
  const dumped = requests.dump("list links", encodeLinkDump);
  if (!dumped.ok) {
    unseen.push(`kinds and permanent addresses of links: ${dumped.error.message}`);
    return networkUnseen;
  }
  const messages = dumped.value.filter(({ type }) => type === RTM_NEWLINK);
  const links = messages.flatMap((message) => decodeLink(message) ?? []);
  const details = new Map(
    messages.flatMap((message) => {
      const one = decodeLinkDetails(message);
      return one === undefined ? [] : [[one.name, one] as const];
    }),
  );
  const extras = new Map(
    links.map(({ name, kind, permanentMac }): [string, LinkExtras] => {
      const { altNames = [], vlanId } = details.get(name) ?? {};
      return [name, { kind, permanentMac, altNames, ...(vlanId === undefined ? {} : { vlanId }) }];
    }),
  );
  const names = new Map(links.map(({ index, name }) => [index, name]));
  const tables = linuxTables(requests);
  const [addresses, routes] = [tables.addresses(), tables.routes()];
  if (!addresses.ok || !routes.ok) {
    unseen.push(
      `addresses and routes: ${[addresses, routes].flatMap((one) => (one.ok ? [] : [one.error.message]))[0]}`,
    );
    return { ...networkUnseen, extras };
  }
  const spoken = addresses.value.filter(({ scope }) => scope !== "link");
  return {
    extras,
    addresses: byLink(spoken, names),
    leased: byLink(
      spoken.filter(({ isLeased }) => isLeased),
      names,
    ),
    routes: routes.value
      .filter(({ type, protocol, via }) => type === UNICAST && (protocol !== PROTO_KERNEL || via !== ""))
      .map((route) => hostRoute(route, names)),
  };
}

function byLink(addresses: readonly LinkAddress[], names: ReadonlyMap<number, string>): ReadonlyMap<string, string[]> {
  const found = new Map<string, string[]>();
  for (const { index, ip, prefix } of addresses) {
    const name = names.get(index) ?? "";
    found.set(name, [...(found.get(name) ?? []), `${ip}/${prefix}`]);
  }
  return found;
}

const AF_INET = 2;

function hostRoute(route: Route, names: ReadonlyMap<number, string>): HostRoute {
  const { family, to, prefix, index, metric, table } = route;
  return {
    to: to === "" ? "default" : `${to}/${prefix}`,
    via: ownRouter(route),
    dev: names.get(index) ?? "",
    metric,
    table,
    family: family === AF_INET ? "ipv4" : "ipv6",
  };
}
