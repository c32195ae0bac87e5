import type { Route } from "../model/config.ts";
import type { HostRoute } from "../model/host-state.ts";
import { interfacePlace } from "./about/bonds.ts";
import {
  type DeclaredLink,
  declaredLinks,
  isAwayWithAgent,
  isCarrying,
  isSameAddress,
  isSameHost,
} from "./about/in-force.ts";
import { listed } from "./about/words.ts";
import type { Finding, Rule } from "./rule.ts";

/** A gateway that the files say and the kernel doesn't use. */
export const routeNotInForce: Rule = {
  name: "route-not-in-force",
  severity: "error",
  about: "A bond has the routes its files say",
  source: ["rtnetlink(7), RTM_GETROUTE, as the running kernel answers it"],
  applies: "any",
  check: (subject) =>
    declaredLinks(subject).flatMap((one): readonly Finding[] => {
      const { host, bond, declared, link } = one;
      if (host.routes === undefined || !isCarrying(link) || isAwayWithAgent(one)) return [];
      const seen = host.routes;
      return saidRoutes(one)
        .filter((said) => !seen.some((route) => isThere(said, route, link.name)))
        .map((said) => ({
          bond: bond.name,
          message: `the route to ${said.to === "default" ? "everywhere" : said.to} through ${said.via} on ${declared.name}, which its files say, is gone${instead(said, seen)}`,
          hint: `Put it back (ip route add ${said.to} via ${said.via} dev ${link.name}), or write into the files what is wanted.`,
          at:
            interfacePlace(subject, declared.name, `${said.via.includes(":") ? "ipv6" : "ipv4"}/${said.place}`) ??
            one.at,
          ...(said.to === "default" ? {} : { severity: "warning" as const }),
        }));
    }),
};

interface Said {
  readonly to: string;
  readonly via: string;
  readonly place: "gateway" | "routes";
}

function saidRoutes({ declared }: DeclaredLink): readonly Said[] {
  return [declared.ipv4, declared.ipv6].flatMap(({ gateway, routes = [], addresses, method }): readonly Said[] => {
    // A gateway beside DHCP alone may be left to what the server says.
    const isStatic = addresses.length > 0 && method !== "dhcp";
    return [
      ...(gateway === undefined || !isStatic ? [] : [{ to: "default", via: gateway, place: "gateway" as const }]),
      ...routes.flatMap((route) =>
        isLookedFor(route) ? [{ to: asTo(route), via: route.via, place: "routes" as const }] : [],
      ),
    ];
  });
}

function isLookedFor(route: Route): route is Route & { readonly via: string } {
  return route.via !== undefined && (asTo(route) === "default" || route.to.includes("/"));
}

function asTo({ to }: Route): string {
  return /^(0\.0\.0\.0|::)\/0$/.test(to) ? "default" : to;
}

/** In whatever table. Of a route by several routers the kernel's list names none: it may be the one. */
function isThere(said: Said, route: HostRoute, dev: string): boolean {
  if (route.family !== (said.via.includes(":") ? "ipv6" : "ipv4") || !isSameTarget(said.to, route.to)) return false;
  return (route.via === "" && route.dev === "") || (route.dev === dev && isSameHost(said.via, route.via));
}

function isSameTarget(said: string, seen: string): boolean {
  return said === "default" || seen === "default" ? said === seen : isSameAddress(said, seen);
}

function instead(said: Said, routes: readonly HostRoute[]): string {
  const family = said.via.includes(":") ? "ipv6" : "ipv4";
  const others = routes.filter(
    (route) => route.table === 254 && route.family === family && isSameTarget(said.to, route.to),
  );
  if (others.length === 0) return said.to === "default" ? ": nothing leads out" : "";
  return `: it leads ${listed(others.map(({ via, dev }) => (via === "" ? `to ${dev}` : `through ${via} on ${dev}`)))} now`;
}
