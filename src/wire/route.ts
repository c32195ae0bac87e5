import { concat, fromU8, fromU32, u16, u32 } from "./bytes.ts";
import { AF_INET, familyOf, ipText } from "./ip.ts";
import {
  type Attribute,
  attribute,
  decodeAttributes,
  encodeAttributes,
  encodeMessage,
  type NetlinkMessage,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_REPLACE,
  NLM_F_REQUEST,
} from "./netlink.ts";
import { type RouteMetric, routeMetrics } from "./route-metrics.ts";

/** rtnetlink route messages. Source: linux/rtnetlink.h. */

export const RTM_NEWROUTE = 24;
export const RTM_DELROUTE = 25;
export const RTM_GETROUTE = 26;
const RTA = {
  ...{ DST: 1, OIF: 4, GATEWAY: 5, PRIORITY: 6, PREFSRC: 7, METRICS: 8, MULTIPATH: 9, FLOW: 11 },
  ...{ TABLE: 15, VIA: 18, ENCAP_TYPE: 21 },
};
/** The router needs no network of the link's own. */
const RTNH_F_ONLINK = 4;
export const MAIN_TABLE = 254;
const PROTO_STATIC = 4;
export const PROTO_RA = 9;
/** Matches routes whoever made them. */
const ANYBODYS = 0;
const SCOPE_LINK = 253;
export const TYPE_UNICAST = 1;
/** Routes that lead nowhere, as ip(8) calls them by their types: what they match is refused, or left to other tables. */
export const deadEnds: ReadonlyMap<number, string> = new Map([
  [6, "blackhole"],
  [7, "unreachable"],
  [8, "prohibit"],
  [9, "throw"],
]);

/** One route as the kernel has it. */
export interface Route {
  readonly family: number;
  readonly table: number;
  /** TYPE_UNICAST, one of `deadEnds`, or that of local, broadcast and multicast routes. */
  readonly type: number;
  /** "" for the default route. */
  readonly to: string;
  readonly prefix: number;
  /** "" when the network is on the link itself. An IPv4 route's may be an IPv6 address. */
  readonly via: string;
  readonly index: number;
  readonly metric: number;
  /** "" when the kernel chooses the source address. */
  readonly source: string;
  /** Who made it: PROTO_RA is a router's advertisement. */
  readonly protocol: number;
  /** The router is on the link whatever networks the link has, as on hosts with a /32 address. */
  readonly onLink?: true;
  /** For IPv4 packets of this type of service alone. */
  readonly tos?: number;
  readonly realms?: number;
  readonly metrics?: readonly RouteMetric[];
  /** Of a route by several ways; `via` is "" and `index` 0 then. */
  readonly hops?: readonly Hop[];
  /** It goes by something that isn't read here, an encapsulation, some other router or the sender: made from this it would be another
   *  route. */
  readonly isUnread?: true;
}

/** One way of a route by several. */
export interface Hop {
  readonly via: string;
  readonly index: number;
  /** 1 to 256: its share. */
  readonly weight: number;
  readonly onLink?: true;
  /** Source's realm in the upper half, destination's in the lower: what traffic control goes by. */
  readonly realms?: number;
}

/** A route to be made: addresses as bytes in network order; no `to` is the default route. */
export interface NewRoute {
  readonly to?: { readonly bytes: Uint8Array; readonly prefix: number };
  readonly via?: Uint8Array;
  readonly index: number;
  readonly metric?: number;
  readonly source?: Uint8Array;
}

/** Asks for every route of both families. */
export function encodeRouteDump(seq: number): Uint8Array {
  const payload = header({ family: 0, prefix: 0, scope: 0, protocol: 0, type: 0 });
  return encodeMessage({ type: RTM_GETROUTE, flags: NLM_F_REQUEST | NLM_F_DUMP, seq, payload });
}

/** Makes a route in the main table; one to the same network with the same metric is replaced. */
export function encodeRouteReplace(seq: number, route: NewRoute): Uint8Array {
  const flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
  return encodeMessage({ type: RTM_NEWROUTE, flags, seq, payload: body(route) });
}

/** Takes a route out of the main table. ESRCH when it is gone already. */
export function encodeRouteRemove(seq: number, route: NewRoute): Uint8Array {
  return encodeMessage({ type: RTM_DELROUTE, flags: NLM_F_REQUEST | NLM_F_ACK, seq, payload: body(route, ANYBODYS) });
}

/** A route message; undefined when it is too short to be one. */
export function decodeRoute(message: NetlinkMessage): Route | undefined {
  const { payload } = message;
  if (payload.length < 12) return undefined;
  const has = decodeAttributes(payload.subarray(12));
  const table = has.get(RTA.TABLE);
  const number = (type: number): number => u32(has.get(type) ?? new Uint8Array(), 0);
  return {
    family: payload[0] ?? 0,
    table: table === undefined ? (payload[4] ?? 0) : u32(table, 0),
    type: payload[7] ?? 0,
    to: ipText(has.get(RTA.DST) ?? new Uint8Array()),
    prefix: payload[1] ?? 0,
    via: routerIn(has),
    index: number(RTA.OIF),
    metric: number(RTA.PRIORITY),
    source: ipText(has.get(RTA.PREFSRC) ?? new Uint8Array()),
    protocol: payload[5] ?? 0,
    ...onLinkIn(u32(payload, 8)),
    ...((payload[3] ?? 0) === 0 ? {} : { tos: payload[3] ?? 0 }),
    ...realmsIn(has),
    ...metricsIn(has),
    ...(isUnread(has) || payload[2] !== 0 ? { isUnread: true } : {}),
    ...hopsIn(has.get(RTA.MULTIPATH) ?? new Uint8Array()),
  };
}

/** Its router where that is of the route's own family, else "": what asks or makes routes of one family can't take the other's. */
export function ownRouter({ family, via }: Route): string {
  return via.includes(":") === (family === AF_INET) ? "" : via;
}

function onLinkIn(flags: number): Pick<Route, "onLink"> {
  return (flags & RTNH_F_ONLINK) === 0 ? {} : { onLink: true };
}

function realmsIn(has: ReadonlyMap<number, Uint8Array>): Pick<Route, "realms"> {
  const flow = has.get(RTA.FLOW);
  return flow === undefined ? {} : { realms: u32(flow, 0) };
}

function metricsIn(has: ReadonlyMap<number, Uint8Array>): Pick<Route, "metrics"> {
  const metrics = routeMetrics(has.get(RTA.METRICS) ?? new Uint8Array());
  return metrics.length === 0 ? {} : { metrics };
}

/** "" where there is none, and where it can't be read. */
function routerIn(has: ReadonlyMap<number, Uint8Array>): string {
  const via = has.get(RTA.VIA);
  if (via === undefined) return ipText(has.get(RTA.GATEWAY) ?? new Uint8Array());
  // struct rtvia: family u16, address.
  const address = via.subarray(2);
  return u16(via, 0) === familyOf(address) ? ipText(address) : "";
}

function isUnread(has: ReadonlyMap<number, Uint8Array>): boolean {
  return has.has(RTA.ENCAP_TYPE) || (has.has(RTA.VIA) && routerIn(has) === "");
}

/** struct rtnexthop, one after the other: length u16, flags u8, weight less one u8, index u32, attributes. */
function hopsIn(bytes: Uint8Array): Pick<Route, "hops" | "isUnread"> {
  const hops: Hop[] = [];
  let unread: Pick<Route, "isUnread"> = {};
  for (let rest = bytes; rest.length >= 8; ) {
    const length = u16(rest, 0);
    if (length < 8 || length > rest.length) break;
    const has = decodeAttributes(rest.subarray(8, length));
    if (isUnread(has)) unread = { isUnread: true };
    const more = { ...onLinkIn(rest[2] ?? 0), ...realmsIn(has) };
    hops.push({ via: routerIn(has), index: u32(rest, 4), weight: (rest[3] ?? 0) + 1, ...more });
    rest = rest.subarray((length + 3) & ~3);
  }
  return hops.length === 0 ? {} : { hops, ...unread };
}

function body(route: NewRoute, protocol = PROTO_STATIC): Uint8Array {
  const { to, via, index, metric, source } = route;
  const family = familyOf(to?.bytes ?? via ?? source ?? new Uint8Array(4));
  // The kernel wants the narrowest scope a next hop can have: IPv4 networks on the link itself.
  const scope = via === undefined && family === AF_INET ? SCOPE_LINK : 0;
  const attributes: Attribute[] = [];
  if (to !== undefined) attributes.push(attribute(RTA.DST, to.bytes));
  if (via !== undefined) attributes.push(attribute(RTA.GATEWAY, via));
  attributes.push(attribute(RTA.OIF, fromU32(index)));
  if (metric !== undefined) attributes.push(attribute(RTA.PRIORITY, fromU32(metric)));
  if (source !== undefined) attributes.push(attribute(RTA.PREFSRC, source));
  const top = header({ family, prefix: to?.prefix ?? 0, scope, protocol, type: TYPE_UNICAST });
  return concat([top, encodeAttributes(attributes)]);
}

/** struct rtmsg. */
function header(of: {
  readonly family: number;
  readonly prefix: number;
  readonly scope: number;
  readonly protocol: number;
  readonly type: number;
}): Uint8Array {
  const bytes = [of.family, of.prefix, 0, 0, MAIN_TABLE, of.protocol, of.scope, of.type];
  return concat([...bytes.map(fromU8), fromU32(0)]);
}
