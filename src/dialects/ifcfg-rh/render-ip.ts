import type { Interface, IpSettings, Route } from "../../model/config.ts";
import { routeWords } from "../ip-route-words.ts";
import { familyOf } from "../netmask.ts";
import type { Lose } from "../sayable.ts";

/** Lines of the ifcfg file as pairs, and what goes into a route file of its own. */
export interface IpLines {
  readonly pairs: readonly (readonly [string, string])[];
  readonly routes: readonly string[];
}

type Pair = readonly [string, string];

/** IPv4 of an interface. The metric is written in both readers' words. */
export function ipv4Lines({ ipv4 }: Interface): IpLines {
  const { method, addresses, gateway, metric, routes = [], dhcp } = ipv4;
  const asks = method === "dhcp";
  const pairs: Pair[] = [["BOOTPROTO", asks ? "dhcp" : "none"]];
  for (const [index, cidr] of addresses.entries()) {
    const [address = "", prefix = ""] = cidr.split("/");
    const number = index === 0 ? "" : String(index);
    pairs.push([`IPADDR${number}`, address], [`PREFIX${number}`, prefix]);
  }
  if (gateway !== undefined) pairs.push(["GATEWAY", gateway]);
  if (metric !== undefined && (asks || gateway !== undefined))
    pairs.push(["METRIC", String(metric)], ["IPV4_ROUTE_METRIC", String(metric)]);
  if (asks) pairs.push(...asideLines(dhcp, "PEERDNS", "PEERROUTES"));
  return { pairs, routes: routes.map(routeLine) };
}

function asideLines(dhcp: IpSettings["dhcp"], dns: string, routes: string): readonly Pair[] {
  return [
    ...(dhcp?.useDns === false ? [[dns, "no"] as const] : []),
    ...(dhcp?.useRoutes === false ? [[routes, "no"] as const] : []),
  ];
}

function routeLine(route: Route): string {
  return routeWords(route).join(" ");
}

/** IPv6 of an interface. */
export function ipv6Lines(iface: Interface, lose: Lose): IpLines {
  const said = withoutContradiction(iface, lose);
  const { method, addresses, gateway, metric, routes = [], acceptRa, dhcp } = said;
  const lines = routes.map(routeLine);
  if (method === "none" && acceptRa === undefined) {
    // IPV6INIT would bring addresses from advertisements, which nobody asked for.
    if (gateway !== undefined)
      lines.unshift(routeLine({ to: "default", via: gateway, ...(metric === undefined ? {} : { metric }) }));
    return { pairs: [], routes: lines };
  }
  const [first, ...more] = addresses;
  const isFound = method === "dhcp" || method === "auto";
  const auto = method === "auto" ? true : acceptRa;
  const pairs: Pair[] = [
    ["IPV6INIT", "yes"],
    ...(first === undefined ? [] : [["IPV6ADDR", first] as const]),
    ...(more.length === 0 ? [] : [["IPV6ADDR_SECONDARIES", more.join(" ")] as const]),
    ...(method === "dhcp" ? [["DHCPV6C", "yes"] as const] : []),
    ...(auto === undefined ? [] : [["IPV6_AUTOCONF", auto ? "yes" : "no"] as const]),
    ...(gateway === undefined ? [] : [["IPV6_DEFAULTGW", gateway] as const]),
    ...(metric === undefined || !(isFound || gateway !== undefined)
      ? []
      : [["IPV6_ROUTE_METRIC", String(metric)] as const]),
    ...(isFound ? asideLines(dhcp, "IPV6_PEERDNS", "IPV6_PEERROUTES") : []),
  ];
  return { pairs, routes: lines };
}

/** Advertisements and addresses as these files can combine them: with an address, "auto" is an address and advertisements. */
function withoutContradiction({ name, ipv6 }: Interface, lose: Lose): IpSettings {
  const about = `interface/${name}/ipv6`;
  const advice = { severity: "advice" } as const;
  const { acceptRa: _, ...rest } = ipv6;
  if (ipv6.method === "none" && ipv6.acceptRa === true) {
    lose(
      about,
      "taking router advertisements is written as IPv6 from router advertisements: here they are one thing",
      advice,
    );
    return { ...rest, method: "auto" };
  }
  if (ipv6.method !== "auto") return ipv6;
  if (ipv6.acceptRa !== undefined)
    lose(`${about}/acceptRa`, "IPv6 from router advertisements takes them: saying so, or not, is left out", advice);
  if (ipv6.addresses.length === 0) return rest;
  lose(
    about,
    "IPv6 from router advertisements beside an address is written as an address, and advertisements that are taken",
    advice,
  );
  return { ...rest, method: "static", acceptRa: true };
}

/** Name servers and search domains. */
export function dnsLines({ name, dns }: Interface, lose: Lose): readonly Pair[] {
  if (dns === undefined) return [];
  const servers = [...new Set(dns.servers)].filter((server) => familyOf(server) !== undefined && !server.includes("/"));
  const search = [...new Set(dns.search)].filter((domain) => /^[\w.-]+$/.test(domain));
  if (servers.length < dns.servers.length)
    lose(`interface/${name}/dns/servers`, "a name server is left out: it is no address, or is said twice");
  if (search.length < dns.search.length)
    lose(`interface/${name}/dns/search`, "a search domain is left out: it is none, or is said twice");
  return [
    ...servers.map((server, index) => [`DNS${index + 1}`, server] as const),
    ...(search.length === 0 ? [] : [["DOMAIN", search.join(" ")] as const]),
  ];
}
