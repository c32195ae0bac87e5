import type { Interface, Route } from "../../model/config.ts";
import { isCanonicalAddress, isCanonicalCidr } from "../netmask.ts";
import type { Loser } from "./losses.ts";
import type { Family } from "./read-ip.ts";
import { type Draft, open, setRaw } from "./write-profile.ts";

const largest = 4_294_967_295;

/** Writes [ipv4] and [ipv6] of an interface that is no port. */
export function writeAddresses(draft: Draft, iface: Interface, lose: Loser): void {
  const methods = { ipv4: writeFamily(draft, iface, "ipv4", lose), ipv6: writeFamily(draft, iface, "ipv6", lose) };
  writeDns(draft, iface, methods, lose);
}

/** Methods beside which NetworkManager takes no addresses and no name servers. */
function isBare(method: string): boolean {
  return method === "disabled" || method === "ignore" || method === "link-local";
}

function writeFamily(draft: Draft, iface: Interface, family: Family, lose: Loser): string {
  const settings = iface[family];
  const key = `interface/${iface.name}/${family}`;
  const addresses = usableAddresses(settings.addresses, family);
  if (addresses.length < settings.addresses.length)
    lose(`${key}/addresses`, `${iface.name}: what is no ${family} address is left out`);
  const method = methodFor(iface, family, addresses, lose);
  open(draft, family);
  setRaw(draft, family, "method", method);
  if (isBare(method) && addresses.length > 0)
    lose(
      `${key}/addresses`,
      `${iface.name}: its ${family} addresses are left out: NetworkManager takes none with method=${method}`,
    );
  else for (const [index, address] of addresses.entries()) setRaw(draft, family, `address${index + 1}`, address);
  const isHeld = !isBare(method) && addresses.length > 0;
  writeRoutes(draft, iface, family, isHeld, lose);
  if (settings.dhcp?.useDns === false) setRaw(draft, family, "ignore-auto-dns", "true");
  if (settings.dhcp?.useRoutes === false) {
    setRaw(draft, family, "ignore-auto-routes", "true");
    setRaw(draft, family, "never-default", "true");
  }
  return method;
}

function usableAddresses(addresses: readonly string[], family: Family): readonly string[] {
  return addresses.filter((one, index) => isCanonicalCidr(one, family) && addresses.indexOf(one) === index);
}

function methodFor(iface: Interface, family: Family, addresses: readonly string[], lose: Loser): string {
  const settings = iface[family];
  const kept = iface.extra.find((extra) => extra.from === "networkmanager" && extra.key === `${family}.method`)?.value;
  const lost = (message: string, severity: "warning" | "advice" = "warning"): void =>
    lose(`interface/${iface.name}/${family}`, `${iface.name}: ${message}`, severity);
  switch (settings.method) {
    case "dhcp":
      if (family === "ipv4") return "auto";
      if (settings.acceptRa === false) lost("method=dhcp takes no router advertisements by itself", "advice");
      if (settings.acceptRa !== true) return "dhcp";
      lost("written as method=auto: advertisements are taken, and DHCPv6 is asked where they say so", "advice");
      return "auto";
    case "auto":
      if (family === "ipv4") lost("IPv4 has no router advertisements; written as DHCP");
      else if (addresses.length > 0)
        lost("written as addresses and router advertisements, which is the same", "advice");
      return "auto";
    case "static":
      if (addresses.length > 0) return withAddresses(iface, family, lose);
      break;
    case "other":
      if (kept !== undefined && /^(?:shared|link-local)$/.test(kept)) return kept;
      lost("its way of getting an address is not one of NetworkManager's; it gets none");
      break;
    case "loopback":
      lost("only lo can be a loopback interface");
      break;
    default:
  }
  if (family === "ipv4") return "disabled";
  return kept === "disabled" ? kept : withoutAddresses(iface, lose);
}

function withAddresses(iface: Interface, family: Family, lose: Loser): string {
  if (family === "ipv4") return "manual";
  const { acceptRa } = iface.ipv6;
  if (acceptRa === false)
    lose(
      `interface/${iface.name}/ipv6/acceptRa`,
      `${iface.name}: that router advertisements are not taken need not be said: with method=manual NetworkManager never takes them`,
      "advice",
    );
  return acceptRa === true ? "auto" : "manual";
}

/** Without an address: "ignore" leaves IPv6 to the kernel, as where nothing is said; "link-local" takes no advertisements. */
function withoutAddresses(iface: Interface, lose: Loser): string {
  const { acceptRa } = iface.ipv6;
  if (acceptRa === true)
    lose(
      `interface/${iface.name}/ipv6`,
      `${iface.name}: IPv6 is written as method=auto, which takes router advertisements`,
      "advice",
    );
  return acceptRa === undefined ? "ignore" : acceptRa ? "auto" : "link-local";
}

/** The gateway, its metric, and routes. */
function writeRoutes(draft: Draft, iface: Interface, family: Family, isHeld: boolean, lose: Loser): void {
  const { gateway, metric, method, routes = [] } = iface[family];
  const key = `interface/${iface.name}/${family}`;
  const written: string[] = [];
  const isDynamic = method === "dhcp" || method === "auto";
  const cost = metric !== undefined && isMetric(metric) ? metric : undefined;
  if (metric !== undefined && cost === undefined)
    lose(`${key}/metric`, `${iface.name}: the metric ${Number(metric)} is none`);
  const lacksOwn = routes.some((route) => route.metric === undefined);
  // As the connection's, the metric would be that of every route that has none of its own.
  const isShared = cost !== undefined && (isDynamic || !lacksOwn);
  if (isShared) setRaw(draft, family, "route-metric", String(cost));
  if (isShared && lacksOwn)
    lose(`${key}/routes`, `${iface.name}: its routes without a metric of their own get ${cost} too`, "advice");
  if (gateway !== undefined) {
    if (!isCanonicalAddress(gateway, family))
      lose(`${key}/routes`, `${iface.name}: the gateway is no ${family} address`);
    else if (isHeld && (cost === undefined || isShared) && iface[family].dhcp?.useRoutes !== false)
      setRaw(draft, family, "gateway", gateway);
    else
      written.push(routeText({ to: "default", via: gateway, ...(cost === undefined ? {} : { metric: cost }) }, family));
  }
  const options = new Map<number, string>();
  for (const route of routes) {
    if (!isRoute(route, family)) {
      lose(`${key}/routes`, `${iface.name}: a route that names no ${family} network or router is left out`);
      continue;
    }
    written.push(routeText(route, family));
    const said = optionsText(route);
    if (said !== "") options.set(written.length, said);
  }
  written.forEach((text, index) => {
    setRaw(draft, family, `route${index + 1}`, text);
    const said = options.get(index + 1);
    if (said !== undefined) setRaw(draft, family, `route${index + 1}_options`, said);
  });
}

function isMetric(metric: number): boolean {
  return Number.isInteger(metric) && metric >= 0 && metric <= largest;
}

function isRoute(route: Route, family: Family): boolean {
  return (
    (route.to === "default" || isCanonicalCidr(route.to, family)) &&
    (route.via === undefined || isCanonicalAddress(route.via, family)) &&
    (route.source === undefined || isCanonicalAddress(route.source, family)) &&
    (route.metric === undefined || isMetric(route.metric)) &&
    (route.table === undefined || (isMetric(route.table) && route.table > 0 && route.table !== 254))
  );
}

function routeText({ to, via, metric }: Route, family: Family): string {
  const network = to === "default" ? (family === "ipv4" ? "0.0.0.0/0" : "::/0") : to;
  // A metric stands third: where there is no router, the address of none fills the second place.
  const hop = via ?? (metric === undefined ? undefined : family === "ipv4" ? "0.0.0.0" : "::");
  return [network, hop, metric].filter((part) => part !== undefined).join(",");
}

function optionsText({ onLink, table, source }: Route): string {
  const said = [
    ...(onLink === true ? ["onlink=true"] : []),
    ...(source === undefined ? [] : [`src=${source}`]),
    ...(table === undefined ? [] : [`table=${table}`]),
  ];
  return said.join(",");
}

function writeDns(draft: Draft, iface: Interface, methods: Readonly<Record<Family, string>>, lose: Loser): void {
  const { servers = [], search = [] } = iface.dns ?? {};
  const key = `interface/${iface.name}/dns`;
  const sorted: string[] = [];
  for (const family of ["ipv4", "ipv6"] as const) {
    const own = [...new Set(servers)].filter((server) => isCanonicalAddress(server, family));
    if (own.length === 0 || isBare(methods[family])) continue;
    setRaw(draft, family, "dns", `${own.join(";")};`);
    sorted.push(...own);
  }
  if (sorted.length < servers.length)
    lose(
      `${key}/servers`,
      `${iface.name}: name servers are left out: NetworkManager takes those of a family only where the interface has addresses of it`,
      "warning",
      "Name them on an interface with addresses, or under [global-dns] of NetworkManager.conf.",
    );
  else if (sorted.join() !== servers.join())
    lose(`${key}/servers`, `${iface.name}: IPv4 name servers are asked before IPv6 ones`, "advice");
  const usable = [...new Set(search)].filter((domain) => /^~?[\w.-]+$/.test(domain));
  const family = (["ipv4", "ipv6"] as const).find((one) => !isBare(methods[one]));
  if (usable.length < search.length || (family === undefined && search.length > 0))
    lose(`${key}/search`, `${iface.name}: search domains are left out: there is no place for them`);
  if (family !== undefined && usable.length > 0) setRaw(draft, family, "dns-search", `${usable.join(";")};`);
}
