import { networkAround } from "../model/address.ts";
import type { IpSettings, Route } from "../model/config.ts";
import { isRoute } from "./ip-route-words.ts";
import { isAddress, isCidr } from "./netmask.ts";
import type { Lose } from "./sayable.ts";

type Draft = { -readonly [K in keyof IpSettings]: IpSettings[K] };

/** One family's settings with nothing in them that is no address, number or route. "manual" becomes "none": it means the same. */
export function sayableIp(name: string, family: "ipv4" | "ipv6", said: IpSettings, lose: Lose): IpSettings {
  const about = `interface/${name}/${family}`;
  const addresses = [...new Set(said.addresses)].filter((address) => isCidr(address, family));
  if (addresses.length < said.addresses.length)
    lose(`${about}/addresses`, "an address is left out: it is none, or is said twice");
  const kept: Draft = { method: method(about, family, said, addresses, lose), addresses };
  if (said.gateway !== undefined) {
    if (isAddress(said.gateway, family)) kept.gateway = said.gateway;
    else lose(`${about}/routes`, "the gateway is left out: it is no address");
  }
  if (said.metric !== undefined) {
    if (Number.isInteger(said.metric) && said.metric >= 0 && said.metric <= 4_294_967_295) kept.metric = said.metric;
    else {
      lose(`${about}/metric`, "the metric is left out: it is no whole number");
      lose(`${about}/routes`, "the metric of the gateway's route is left out: it is no whole number");
    }
  }
  const routes = withoutRivals(about, kept, routesOf(about, family, said.routes ?? [], lose), lose);
  if (routes.length > 0) kept.routes = routes;
  if (said.acceptRa !== undefined) {
    if (family === "ipv6") kept.acceptRa = said.acceptRa;
    else lose(`${about}/acceptRa`, "router advertisements are left out: IPv4 has none");
  }
  if (said.dhcp !== undefined) {
    if (kept.method === "dhcp" || kept.method === "auto") kept.dhcp = said.dhcp;
    else lose(`${about}/dhcp`, "what is taken of a DHCP answer is left out: nobody asks for one");
  }
  return kept;
}

function method(
  about: string,
  family: "ipv4" | "ipv6",
  said: IpSettings,
  addresses: readonly string[],
  lose: Lose,
): "none" | "static" | "dhcp" | "auto" {
  if (said.method === "dhcp" || (said.method === "auto" && family === "ipv6")) return said.method;
  if (said.method === "static" || ((said.method === "none" || said.method === "manual") && addresses.length === 0))
    return addresses.length > 0 ? "static" : "none";
  lose(`${about}/method`, `the method ${JSON.stringify(said.method)} is left out: it has no meaning here`);
  return addresses.length > 0 ? "static" : "none";
}

function routesOf(about: string, family: "ipv4" | "ipv6", routes: readonly Route[], lose: Lose): readonly Route[] {
  return routes.flatMap((route) => {
    if (!isRoute(route, family)) {
      lose(`${about}/routes`, "a route is left out: its destination, router, metric or table is none");
      return [];
    }
    const network = networkAround(route.to);
    if (network === undefined) return [route];
    lose(
      `${about}/routes`,
      `the route to ${route.to} is written as ${network}: the kernel refuses bits beyond the prefix`,
      {
        severity: "advice",
      },
    );
    const isDefault = network === "0.0.0.0/0" || network === "::/0";
    return [{ ...route, to: isDefault ? "default" : network }];
  });
}

/** One route to each destination, metric and table: the kernel has no room for a second. */
function withoutRivals(
  about: string,
  { gateway, metric }: Draft,
  routes: readonly Route[],
  lose: Lose,
): readonly Route[] {
  const keyOf = ({ to, metric: cost, table }: Route): string =>
    `${to === "0.0.0.0/0" || to === "::/0" ? "default" : to} ${cost ?? ""} ${table ?? ""}`;
  const taken = new Set(
    gateway === undefined ? [] : [keyOf({ to: "default", ...(metric === undefined ? {} : { metric }) })],
  );
  return routes.filter((route) => {
    const isTaken = taken.has(keyOf(route));
    if (isTaken) lose(`${about}/routes`, `a second route to ${route.to} is left out: the first one has its place`);
    taken.add(keyOf(route));
    return !isTaken;
  });
}
