import type { Interface, Route } from "../../model/config.ts";
import { isCanonicalAddress, isCanonicalCidr } from "../netmask.ts";
import { type Family, ourName } from "./read-ip.ts";
import type { Lose } from "./render.ts";
import type { Value } from "./yaml-lines.ts";

const largest = 4_294_967_295;

/** What a state says of one family of an interface; undefined: nothing, so that it stays as it is. */
export function familyOf(iface: Interface, family: Family, lose: Lose): { readonly [key: string]: Value } | undefined {
  const settings = iface[family];
  const addresses = settings.addresses.filter(
    (one, index) => isCanonicalCidr(one, family) && settings.addresses.indexOf(one) === index,
  );
  if (addresses.length < settings.addresses.length)
    lose(`interface/${iface.name}/${family}/addresses`, `${iface.name}: what is no ${family} address is left out`);
  const said = family === "ipv4" ? family4(iface, addresses, lose) : family6(iface, addresses, lose);
  const more = { ...leftAside(iface, family, said, lose), ...extrasOf(iface, family) };
  if (said === undefined) return Object.keys(more).length === 0 ? undefined : more;
  return { ...said, ...(addresses.length === 0 ? {} : { address: addresses.map(addressValue) }), ...more };
}

type Said = { readonly [key: string]: Value } | undefined;

function addressValue(address: string): Value {
  const [ip = "", bits = ""] = address.split("/");
  return { ip, "prefix-length": Number(bits) };
}

function family4(iface: Interface, addresses: readonly string[], lose: Lose): Said {
  const { method } = iface.ipv4;
  const hasAddresses = addresses.length > 0;
  if (method === "dhcp") return { enabled: true, dhcp: true };
  if (method === "auto" || method === "other" || method === "loopback")
    lose(
      `interface/${iface.name}/ipv4`,
      `${iface.name}: its way of getting an IPv4 address is not one of nmstate's; it gets none`,
    );
  if (hasAddresses && method !== "static")
    lose(`interface/${iface.name}/ipv4`, `${iface.name}: its IPv4 addresses are set whatever its method says`);
  if (hasAddresses) return { enabled: true, dhcp: false };
  return method === "none" ? undefined : { enabled: false };
}

function family6(iface: Interface, addresses: readonly string[], lose: Lose): Said {
  const { method, acceptRa } = iface.ipv6;
  const key = `interface/${iface.name}/ipv6`;
  const hasAddresses = addresses.length > 0;
  if (method === "dhcp") {
    if (acceptRa === true)
      lose(
        key,
        `${iface.name}: written as autoconf: advertisements are taken, and DHCPv6 is asked where they say so`,
        "advice",
      );
    if (acceptRa === false)
      lose(`${key}/acceptRa`, `${iface.name}: DHCPv6 without autoconf takes no advertisements by itself`, "advice");
    return { enabled: true, dhcp: true, autoconf: acceptRa === true };
  }
  if (method === "auto") {
    if (hasAddresses)
      lose(key, `${iface.name}: written as addresses and router advertisements, which is the same`, "advice");
    else if (acceptRa !== undefined)
      lose(`${key}/acceptRa`, `${iface.name}: method auto takes advertisements by itself`, "advice");
    return { enabled: true, dhcp: true, autoconf: true };
  }
  if (method === "other" || method === "loopback")
    lose(key, `${iface.name}: its way of getting an IPv6 address is not one of nmstate's; it gets none`);
  if (hasAddresses && method !== "static")
    lose(key, `${iface.name}: its IPv6 addresses are set whatever its method says`);
  if (hasAddresses && acceptRa === undefined) return { enabled: true };
  if (hasAddresses) return { enabled: true, dhcp: acceptRa === true, autoconf: acceptRa === true };
  return withoutAddresses(iface, lose);
}

/** Without an address: a link-local one and no advertisements, or IPv6 switched off, or nothing said. */
function withoutAddresses(iface: Interface, lose: Lose): Said {
  const { method, acceptRa } = iface.ipv6;
  const isOff = iface.extra.some(
    ({ key, value, from }) => from === ourName && key === "ipv6.enabled" && value === "false",
  );
  if (isOff && acceptRa === false) return { enabled: false };
  if (acceptRa === false) return { enabled: true, dhcp: false, autoconf: false };
  if (acceptRa === true) {
    lose(
      `interface/${iface.name}/ipv6`,
      `${iface.name}: IPv6 is written as autoconf, which takes router advertisements`,
      "advice",
    );
    return { enabled: true, dhcp: true, autoconf: true };
  }
  if (method === "none") return undefined;
  lose(
    `interface/${iface.name}/ipv6/acceptRa`,
    `${iface.name}: without IPv6 addresses no router advertisements are taken`,
    "advice",
  );
  return { enabled: true, dhcp: false, autoconf: false };
}

/** What of an answer is left aside, and the metric of what is taken. */
function leftAside(iface: Interface, family: Family, said: Said, lose: Lose): { readonly [key: string]: Value } {
  const { dhcp, metric, method } = iface[family];
  const isLearnt = method === "dhcp" || (family === "ipv6" && method === "auto");
  const isMetric = metric !== undefined && Number.isInteger(metric) && metric >= 0 && metric <= largest;
  const key = `interface/${iface.name}/${family}`;
  if (metric !== undefined && isLearnt && !isMetric) lose(`${key}/metric`, `${iface.name}: the metric is none`);
  const isOff = said?.["enabled"] === false;
  if (isOff && dhcp !== undefined) {
    for (const what of Object.keys(dhcp))
      lose(`${key}/dhcp/${what}`, `${iface.name}: no DHCP is asked, so nothing of it is left aside`);
    return {};
  }
  return {
    ...(isLearnt && isMetric ? { "auto-route-metric": metric === 0 ? 0 : metric } : {}),
    ...(dhcp?.useDns === false ? { "auto-dns": false } : {}),
    ...(dhcp?.useRoutes === false ? { "auto-gateway": false, "auto-routes": false } : {}),
  };
}

/** What nmstate itself said of the family and the model has no word for. */
function extrasOf(iface: Interface, family: Family): { readonly [key: string]: Value } {
  const found: [string, Value][] = [];
  for (const { key, value, from } of iface.extra) {
    if (from !== ourName || !isFamilyExtra(key, family)) continue;
    const data = dataOf(value);
    if (data !== undefined) found.push([key.slice(5), data]);
  }
  return Object.fromEntries(found);
}

const own = /^(?:enabled|dhcp|autoconf|address|auto-dns|auto-route-metric)$/;

/** Whether an extra's key is one of a family's that may be written. */
export function isFamilyExtra(key: string, family: Family): boolean {
  return key.startsWith(`${family}.`) && /^[a-z][a-z0-9-]{0,39}$/.test(key.slice(5)) && !own.test(key.slice(5));
}

/** Plain data as it was kept; undefined when it is none, or holds what trips up readers. */
export function dataOf(text: string): Value | undefined {
  if (text.length > 10_000 || /__proto__|"constructor"|"prototype"|"<<"/.test(text)) return undefined;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return undefined;
  }
}

/** The routes of an interface as entries of routes.config. */
export function routesOf(iface: Interface, lose: Lose): readonly Value[] {
  return (["ipv4", "ipv6"] as const).flatMap((family) => {
    const { gateway, metric, routes = [] } = iface[family];
    const key = `interface/${iface.name}/${family}/routes`;
    const all: readonly Route[] =
      gateway === undefined
        ? routes
        : [{ to: "default", via: gateway, ...(metric === undefined ? {} : { metric }) }, ...routes];
    return all.flatMap((route) => {
      if (!isRoute(route, family)) {
        lose(key, `${iface.name}: a route that names no ${family} network or router is left out`);
        return [];
      }
      if (route.onLink === true)
        lose(key, `${iface.name}: nmstate can't say that a router is on the link though in no subnet of it`);
      return [routeValue(route, iface.name, family)];
    });
  });
}

function isRoute(route: Route, family: Family): boolean {
  const isNumber = (value: number, least: number): boolean =>
    Number.isInteger(value) && value >= least && value <= largest;
  return (
    (route.to === "default" || isCanonicalCidr(route.to, family)) &&
    (route.via === undefined || isCanonicalAddress(route.via, family)) &&
    (route.source === undefined || isCanonicalAddress(route.source, family)) &&
    (route.metric === undefined || isNumber(route.metric, 0)) &&
    (route.table === undefined || (isNumber(route.table, 1) && route.table !== 254))
  );
}

function routeValue({ to, via, metric, table, source }: Route, iface: string, family: Family): Value {
  return {
    destination: to === "default" ? (family === "ipv4" ? "0.0.0.0/0" : "::/0") : to,
    "next-hop-address": via,
    "next-hop-interface": iface,
    metric: metric === undefined || metric !== 0 ? metric : 0,
    "table-id": table,
    source,
  };
}
