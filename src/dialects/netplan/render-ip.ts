import { addressFamily, parseCidr } from "../../model/address.ts";
import type { Interface, IpSettings, Json, Route } from "../../model/config.ts";
import type { Lose } from "../sayable.ts";
import { isPlainDefault } from "./ip-meaning.ts";
import { below, entry, flow, type Lines, list, text } from "./yaml-text.ts";

/** Addresses, DHCP, routes and name servers. */
export function ipLines(iface: Interface, extras: ReadonlyMap<string, Json>, lose: Lose): Lines {
  const { name, ipv4, ipv6 } = iface;
  // netplan leaves accept-ra out for NetworkManager, whose method auto is behind dhcp6.
  const isManaged = extras.get("renderer") === "NetworkManager";
  const addresses = [...writableAddresses(name, "ipv4", ipv4, lose), ...writableAddresses(name, "ipv6", ipv6, lose)];
  const routes = [...routeLines(name, "ipv4", ipv4, lose), ...routeLines(name, "ipv6", ipv6, lose)];
  const kept = extras.get("routes");
  const odd = Array.isArray(kept) ? kept.map((route) => `- ${flow(route as Json)}`) : [];
  return [
    ...(ipv4.method === "dhcp" ? entry("dhcp4", "true") : []),
    ...(ipv6.method === "dhcp" || (isManaged && ipv6.method === "auto") ? entry("dhcp6", "true") : []),
    ...overrideLines(iface, extras, lose),
    ...(isManaged ? [] : acceptRaLines(iface, lose)),
    ...(addresses.length === 0 ? [] : entry("addresses", list(addresses))),
    ...below("routes", [...new Set([...routes, ...odd])]),
    ...nameserverLines(iface, lose),
  ];
}

function writableAddresses(
  name: string,
  family: "ipv4" | "ipv6",
  { addresses }: IpSettings,
  lose: Lose,
): readonly string[] {
  return addresses.filter((address) => {
    const read = parseCidr(address);
    const isFine = read.ok && read.value.prefix > 0;
    if (!isFine)
      lose(
        `interface/${name}/${family}/addresses`,
        `${JSON.stringify(address.slice(0, 60))} is left out: netplan refuses a prefix of no bits`,
      );
    return isFine;
  });
}

/** systemd-networkd has one set of settings for the DHCP of both families: where they differ, IPv4's are written for both. */
function overrideLines({ name, ipv4, ipv6 }: Interface, extras: ReadonlyMap<string, Json>, lose: Lose): Lines {
  const four = ipv4.method === "dhcp";
  const six = ipv6.method === "dhcp";
  const shared = four && six;
  if (ipv6.method === "auto" && four && ipv4.metric !== ipv6.metric)
    lose(
      `interface/${name}/ipv6/metric`,
      "routes from router advertisements get the metric of DHCP's: systemd-networkd has one for both",
      { severity: "advice" },
    );
  if (six && ipv6.dhcp?.useRoutes === false)
    lose(
      `interface/${name}/ipv6/dhcp/useRoutes`,
      "IPv6 routes are taken all the same: they come from router advertisements",
      { hint: "Set accept-ra: false if they shall not be taken." },
    );
  if (shared) {
    for (const [field, one, other] of [
      ["metric", ipv4.metric, ipv6.metric],
      ["dhcp/useDns", ipv4.dhcp?.useDns !== false, ipv6.dhcp?.useDns !== false],
    ] as const)
      if (one !== other)
        lose(
          `interface/${name}/ipv6/${field}`,
          "netplan wants the same DHCP settings for both families, and IPv4's are written for IPv6 too",
        );
  }
  const lines = (family: 4 | 6, ip: IpSettings): Lines => [
    ...(ip.metric === undefined ? [] : entry("route-metric", String(ip.metric))),
    ...(ip.dhcp?.useDns === false ? entry("use-dns", "false") : []),
    ...(ip.dhcp?.useRoutes === false && (family === 4 || shared) ? entry("use-routes", "false") : []),
    ...[...extras].flatMap(([key, value]) => {
      const prefix = `dhcp${family}-overrides/`;
      return key.startsWith(prefix) ? entry(key.slice(prefix.length), flow(value)) : [];
    }),
  ];
  return [
    ...below("dhcp4-overrides", lines(4, four ? ipv4 : quiet)),
    ...below("dhcp6-overrides", lines(6, shared ? ipv4 : six ? ipv6 : quiet)),
  ];
}

const quiet: IpSettings = { method: "none", addresses: [] };

/** IPv6 by advertisements alone is accept-ra alone; beside addresses or DHCP the same key says the same of the method there. */
function acceptRaLines({ name, ipv4, ipv6 }: Interface, lose: Lose): Lines {
  const about = `interface/${name}/ipv6`;
  const isAuto = ipv6.method === "auto";
  if (isAuto && ipv6.acceptRa !== undefined)
    lose(`${about}/acceptRa`, "is not said apart: addresses come from router advertisements", { severity: "advice" });
  if (isAuto && ipv6.addresses.length > 0) {
    lose(
      `${about}/method`,
      "addresses from router advertisements stand beside fixed ones: netplan reads both as fixed, with accept-ra",
      { severity: "advice" },
    );
    lose(`${about}/acceptRa`, "is written beside the fixed addresses", { severity: "advice" });
  }
  if (isAuto && ipv6.metric !== undefined && ipv4.method !== "dhcp")
    lose(`${about}/metric`, "the metric of routes from router advertisements is left out: netplan has no key for it");
  if (isAuto && ipv6.dhcp !== undefined)
    lose(`${about}/dhcp`, "what is left aside of router advertisements is taken: netplan has no key for it");
  if (!isAuto && ipv6.method === "none" && ipv6.acceptRa === true) {
    lose(`${about}/acceptRa`, "is written as addresses from router advertisements", { severity: "advice" });
    lose(`${about}/method`, "router advertisements bring addresses too", { severity: "advice" });
  }
  if (isAuto) return entry("accept-ra", "true");
  return ipv6.acceptRa === undefined ? [] : entry("accept-ra", String(ipv6.acceptRa));
}

function routeLines(name: string, family: "ipv4" | "ipv6", ip: IpSettings, lose: Lose): Lines {
  const { gateway, metric, routes = [] } = ip;
  const isDynamic = ip.method === "dhcp" || (ip.method === "auto" && ip.addresses.length === 0);
  const first: readonly Route[] =
    gateway === undefined
      ? []
      : [
          {
            to: "default",
            via: gateway,
            ...(metric === undefined || ip.method === "auto" ? {} : { metric }),
          },
        ];
  const all = isDynamic ? [...first, ...routes] : gatewayFirst([...first, ...routes]);
  const lines = all.flatMap((route): Lines => {
    const isMixed = [route.via, route.source].some((one) => one !== undefined && !isOf(family, one));
    if (isMixed)
      lose(
        `interface/${name}/${family}/routes`,
        "a route is left out: netplan wants its router and source in the family of its destination",
      );
    return isMixed ? [] : [`- ${routeText(family, route)}`];
  });
  const once = new Set(lines);
  if (once.size < lines.length)
    lose(`interface/${name}/${family}/routes`, "a route is said twice, and written once", { severity: "advice" });
  if (gateway !== undefined && metric !== undefined && ip.method === "auto")
    lose(`interface/${name}/ipv6/routes`, "the gateway's metric is left out");
  return [...once];
}

/** The default route that is read back as the gateway comes first. */
function gatewayFirst(routes: readonly Route[]): readonly Route[] {
  const gateway = routes.find(isPlainDefault);
  return gateway === undefined ? routes : [gateway, ...routes.filter((route) => route !== gateway)];
}

function isOf(family: "ipv4" | "ipv6", address: string): boolean {
  return addressFamily(address) === (family === "ipv4" ? 4 : 6);
}

function routeText(family: "ipv4" | "ipv6", { to, via, metric, onLink, table, source }: Route): string {
  // "default" alone does not tell the family, and netplan 0.106 crashes on it.
  const all = family === "ipv4" ? "0.0.0.0/0" : "::/0";
  const isAll = to === "default" || to === all;
  const parts = [
    `to: ${text(isAll ? (via === undefined ? all : "default") : to)}`,
    ...(via === undefined ? [] : [`via: ${text(via)}`]),
    ...(via === undefined ? ["scope: link"] : []),
    ...(source === undefined ? [] : [`from: ${text(source)}`]),
    ...(metric === undefined ? [] : [`metric: ${metric}`]),
    ...(onLink === true ? ["on-link: true"] : []),
    ...(table === undefined ? [] : [`table: ${table}`]),
  ];
  return `{${parts.join(", ")}}`;
}

function nameserverLines({ name, dns }: Interface, lose: Lose): Lines {
  if (dns === undefined) return [];
  const about = `interface/${name}/dns`;
  const servers = dns.servers.filter((server) => addressFamily(server) !== undefined);
  if (servers.length < dns.servers.length) lose(`${about}/servers`, "a name server is left out: it is no address");
  const isSix = (server: string) => server.includes(":");
  const sorted = [...servers.filter((one) => !isSix(one)), ...servers.filter(isSix)];
  if (sorted.some((one, at) => one !== servers[at]))
    lose(`${about}/servers`, "netplan hands IPv4 name servers on before IPv6 ones: they are asked in another order", {
      severity: "advice",
    });
  const search = dns.search.filter((domain) => /^~?[A-Za-z0-9_.-]+$|^~\.$/.test(domain));
  if (search.length < dns.search.length) lose(`${about}/search`, "a search domain is left out: it is none");
  return below("nameservers", [
    ...(sorted.length === 0 ? [] : entry("addresses", list(sorted))),
    ...(search.length === 0 ? [] : entry("search", list(search))),
  ]);
}
