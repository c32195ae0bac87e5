import { networkOf, parseCidr } from "../model/address.ts";
import type { Config } from "../model/config.ts";
import type { HostState } from "../model/host-state.ts";
import { routesOf } from "./readdress.ts";

/** Addresses and ways that a link bears while its manager does its slow work: as lines of `ip -batch`. */
export interface Loan {
  readonly give: readonly string[];
  readonly take: readonly string[];
  /** Lent IPv6 addresses, CIDR, that don't expire: the manager's files say them, and one that adds them must find them gone. */
  readonly same6: readonly string[];
  /** The families a default router of which is among the ways. */
  readonly routers: readonly (4 | 6)[];
  /** Has the link ask for its routers, which learn at once where the host is now: a bond may have had another MAC address. */
  readonly ask: readonly string[];
  /** Which lent IPv6 address should say a word to which router: the kernel's own question has the link-local address, and tells of no other. */
  readonly greet: readonly { readonly from: string; readonly router: string }[];
  /** Whether an IPv6 address is among them. */
  readonly has6: boolean;
}

/** Worse than any way a manager adds, which is then used at once, and added without a collision. */
export const LENT_METRIC = 4_000_000;
/** An address that a router's advertisement gave lives on by the next one, and not for ever without, s. */
const LEASED_SECONDS = 1_800;
/** The kernel's number of the table that routes without one are in. */
export const MAIN_TABLE = 254;

/** What some links bear now, lent to one link so that the host is reached at once, and its manager's own are still added as if nothing
 *  were there: the kernel takes the same IPv4 address with another prefix and the same way with another metric. IPv6 addresses have no such
 *  second place: they are lent as they are, where `families` says so. undefined: there is nothing to lend, or nothing that could be told
 *  from what the manager adds. */
export function loanOf(
  host: HostState,
  before: Config,
  { from, to, families }: { readonly from: readonly string[]; readonly to: string; readonly families: "ipv4" | "both" },
): Loan | undefined {
  const links = host.links.filter(({ name }) => from.includes(name));
  const cidrs = links.flatMap(({ addresses }) => ownIp4(addresses));
  const places = cidrs.flatMap((cidr) => {
    const parsed = parseCidr(cidr);
    if (!parsed.ok || parsed.value.prefix > 31) return [];
    return [{ ip: ipOf(cidr), network: networkOf(parsed.value) }];
  });
  const leased = new Set(links.flatMap((link) => link.leased ?? []));
  const cidrs6 =
    families === "ipv4" ? [] : links.flatMap(({ addresses }) => addresses.filter((one) => one.includes(":")));
  if (places.length + cidrs6.length === 0 || places.length < cidrs.length) return undefined;
  const routers4 = places.length === 0 ? [] : routersOf(host, before, from, "ipv4");
  const routers6 = cidrs6.length === 0 ? [] : routersOf(host, before, from, "ipv6");
  const ways = [
    ...firstOfEach(places, ({ network }) => network).map(({ ip, network }) => `${network} dev ${to} src ${ip}`),
    ...[routers4, routers6].flatMap((routers) =>
      firstOfEach(routers, ({ dest }) => dest).map(({ dest, via }) => `${dest} via ${via} dev ${to} onlink`),
    ),
  ].map((way) => `${way} metric ${LENT_METRIC}`);
  const life = (cidr: string) =>
    leased.has(cidr) ? ` valid_lft ${LEASED_SECONDS} preferred_lft ${LEASED_SECONDS}` : "";
  return {
    give: [
      ...places.map(({ ip }) => `address replace ${ip}/32 dev ${to}`),
      // It was this host's a moment ago: nobody has to be asked.
      ...cidrs6.map((cidr) => `address replace ${cidr} dev ${to}${life(cidr)} nodad`),
      ...ways.map((way) => `route replace ${way}`),
    ],
    take: [...ways.map((way) => `route del ${way}`), ...places.map(({ ip }) => `address del ${ip}/32 dev ${to}`)],
    same6: cidrs6.filter((cidr) => !leased.has(cidr)),
    ask: unique([...routers4, ...routers6]).map((via) => `neighbour replace ${via} dev ${to} use`),
    greet: cidrs6.flatMap((cidr) => unique(routers6).map((router) => ({ from: ipOf(cidr), router }))),
    routers: [...(leadsOut(routers4) ? [4 as const] : []), ...(leadsOut(routers6) ? [6 as const] : [])],
    has6: cidrs6.length > 0,
  };
}

/** The IPv4 addresses of a link that are its own, CIDR: what a loan that was never ended left beside one of them isn't. */
export function ownIp4(addresses: readonly string[]): readonly string[] {
  const cidrs = addresses.filter((one) => !one.includes(":"));
  const isLent = (cidr: string) =>
    cidr.endsWith("/32") && cidrs.some((other) => other !== cidr && ipOf(other) === ipOf(cidr));
  return cidrs.filter((cidr) => !isLent(cidr));
}

function ipOf(cidr: string): string {
  return cidr.split("/")[0] ?? "";
}

/** Of several ways to one place the first: with the one metric that all have, the kernel would keep the last. */
function firstOfEach<T>(list: readonly T[], placeOf: (one: T) => string): readonly T[] {
  return list.filter((one, at) => list.findIndex((other) => placeOf(other) === placeOf(one)) === at);
}

function unique(ways: readonly Way[]): readonly string[] {
  return [...new Set(ways.map(({ via }) => via))];
}

function leadsOut(ways: readonly Way[]): boolean {
  return ways.some(({ dest }) => dest === "default");
}

interface Way {
  readonly dest: string;
  readonly via: string;
}

/** What leads through routers, the preferred first: as it runs, or where that wasn't seen as the files say. */
function routersOf(host: HostState, before: Config, from: readonly string[], wanted: "ipv4" | "ipv6"): readonly Way[] {
  if (host.routes !== undefined)
    return host.routes
      .filter(
        ({ family, table, dev, via }) => family === wanted && table === MAIN_TABLE && from.includes(dev) && via !== "",
      )
      .toSorted((a, b) => a.metric - b.metric)
      .map(({ to, via }) => ({ dest: to, via }));
  return before.interfaces
    .filter(({ name }) => from.includes(name))
    .flatMap((iface) => routesOf(iface[wanted]))
    .flatMap((route) => {
      const [, dest, via] = /^(\S+) via (\S+)/.exec(route) ?? [];
      return dest === undefined || via === undefined || / table /.test(route) ? [] : [{ dest, via }];
    });
}
