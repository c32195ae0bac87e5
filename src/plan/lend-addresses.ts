import { networkOf, parseCidr } from "../model/address.ts";
import type { Config } from "../model/config.ts";
import type { HostState } from "../model/host-state.ts";
import { routesOf } from "./readdress.ts";

/** Addresses and ways that a link bears while its manager does its slow work: as lines of `ip -batch`. */
export interface Loan {
  readonly give: readonly string[];
  readonly take: readonly string[];
}

/** Worse than any way a manager adds, which is then used at once, and added without a collision. */
const LENT_METRIC = 4_000_000;
const MAIN_TABLE = 254;

/** What some links bear now, lent to one link so that the host is reached at once, and its manager's own are still added as if nothing
 *  were there: the kernel takes the same IPv4 address with another prefix and the same way with another metric. undefined: there is
 *  nothing to lend, or nothing that could be told from what the manager adds. IPv6 has no such second place, and waits. */
export function loanOf(host: HostState, before: Config, from: readonly string[], to: string): Loan | undefined {
  const cidrs = host.links
    .filter(({ name }) => from.includes(name))
    .flatMap(({ addresses }) => addresses.filter((one) => !one.includes(":")));
  const places = cidrs.flatMap((cidr) => {
    const parsed = parseCidr(cidr);
    if (!parsed.ok || parsed.value.prefix > 31) return [];
    return [{ ip: cidr.split("/")[0] ?? "", network: networkOf(parsed.value) }];
  });
  if (places.length === 0 || places.length < cidrs.length) return undefined;
  const ways = [
    ...places.map(({ ip, network }) => `${network} dev ${to} src ${ip}`),
    ...routersOf(host, before, from).map(({ dest, via }) => `${dest} via ${via} dev ${to} onlink`),
  ].map((way) => `${way} metric ${LENT_METRIC}`);
  return {
    give: [
      ...places.map(({ ip }) => `address replace ${ip}/32 dev ${to}`),
      ...[...new Set(ways)].map((way) => `route replace ${way}`),
    ],
    take: [
      ...[...new Set(ways)].map((way) => `route del ${way}`),
      ...places.map(({ ip }) => `address del ${ip}/32 dev ${to}`),
    ],
  };
}

interface Way {
  readonly dest: string;
  readonly via: string;
}

/** What leads through routers: as it runs, or where that wasn't seen as the files say. */
function routersOf(host: HostState, before: Config, from: readonly string[]): readonly Way[] {
  if (host.routes !== undefined)
    return host.routes
      .filter(
        ({ family, table, dev, via }) => family === "ipv4" && table === MAIN_TABLE && from.includes(dev) && via !== "",
      )
      .map(({ to, via }) => ({ dest: to, via }));
  return before.interfaces
    .filter(({ name }) => from.includes(name))
    .flatMap(({ ipv4 }) => routesOf(ipv4))
    .flatMap((route) => {
      const [, dest, via] = /^(\S+) via (\S+)/.exec(route) ?? [];
      return dest === undefined || via === undefined || / table /.test(route) ? [] : [{ dest, via }];
    });
}
