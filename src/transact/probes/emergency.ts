import type { Step } from "../../plan/change.ts";
import { detectAgain } from "../../plan/detection.ts";
import { type Route, TYPE_UNICAST } from "../../wire/route.ts";
import { familyWords, routerWords } from "./route-words.ts";
import { type Gateway, gatewaysOf, linkAt, portsOf, type Snapshot } from "./snapshot.ts";

/** Addresses and routes as they are, put back with ip(8) alone: for when nothing else works any more. Every step may fail: what is
 *  there already needn't be made. */
export function emergencySteps(now: Snapshot): readonly Step[] {
  const bearers = now.links.filter(({ index, name }) => name !== "lo" && addressesOf(now, index).length > 0);
  const links = bearers.flatMap((link) => {
    const ports = portsOf(now, link);
    const steps =
      link.bond === undefined
        ? // It may have been put into a bond meanwhile.
          [ip(["link", "set", "dev", link.name, "nomaster"], `${link.name} stands alone`)]
        : [
            ip(bondWords(link.name, link.bond.mode), `There is a bond ${link.name}`),
            ...ports.flatMap(({ name }) => [
              ip(["link", "set", "dev", name, "down"], `${name} can join`),
              ip(["link", "set", "dev", name, "master", link.name], `${name} joins ${link.name}`),
              ip(["link", "set", "dev", name, "up"], `${name} is up`),
            ]),
          ];
    return [
      ...steps,
      ip(["link", "set", "dev", link.name, "up"], `${link.name} is up`),
      ...addressesOf(now, link.index).map((cidr) =>
        ip(["address", "replace", cidr, "dev", link.name], `${link.name} has ${cidr}`),
      ),
    ];
  });
  // Where the way home was broken off, its own last step wasn't done.
  const with6 = bearers.filter(({ index }) => addressesOf(now, index).some((cidr) => cidr.includes(":")));
  const detections = with6.map(({ name }): Step => {
    const why = `IPv6 addresses of ${name} are detected as ever`;
    return { argv: ["/bin/sh", "-c", detectAgain("$0"), name], limitSeconds: 5, why, onFailure: "go-on" };
  });
  return [...links, ...routeSteps(now), ...detections];
}

/** One way at a time, also of a route by several: the kernel takes all of that or none. */
function routeSteps(now: Snapshot): readonly Step[] {
  // What isn't understood would become another; it may be in force still, and stays. What leads nowhere may go.
  const gateways = gatewaysOf(now).filter(({ isUnread }) => isUnread !== true);
  const kept = now.routes.filter(
    (route) => route.to === "" && route.family === 2 && route.type === TYPE_UNICAST && !isGiven(gateways, route),
  );
  return gateways.map(({ family, router, link, metric }, at) => {
    const isBeside =
      gateways.slice(0, at).some((other) => other.family === family && other.metric === metric) ||
      (family === "ipv4" && kept.some((other) => other.metric === metric));
    const by = [...routerWords(family, router), "dev", link.name, "onlink"];
    const order = metric > 0 ? ["metric", String(metric)] : [];
    const words = ["route", isBeside ? "append" : "replace", "default", ...by, ...order];
    return ip([...familyWords(family, [router]), ...words], `Traffic leaves by ${router}`);
  });
}

function isGiven(gateways: readonly Gateway[], { isUnread, hops, via, index }: Route): boolean {
  if (isUnread === true) return false;
  const isThere = (way: Pick<Route, "via" | "index">) =>
    gateways.some(({ router, link }) => router === way.via && link.index === way.index);
  return (hops ?? [{ via, index }]).some(isThere);
}

const modes = ["balance-rr", "active-backup", "balance-xor", "broadcast", "802.3ad", "balance-tlb", "balance-alb"];

function bondWords(name: string, mode: number): readonly string[] {
  return ["link", "add", name, "type", "bond", "mode", modes[mode] ?? "active-backup", "miimon", "100"];
}

function addressesOf(now: Snapshot, index: number): readonly string[] {
  const isPort = (linkAt(now, index)?.master ?? 0) !== 0;
  if (isPort) return [];
  return now.addresses
    .filter((one) => one.index === index && one.scope === "global")
    .map(({ ip: address, prefix }) => `${address}/${prefix}`);
}

function ip(words: readonly string[], why: string): Step {
  return { argv: ["ip", ...words], limitSeconds: 5, why, onFailure: "go-on" };
}
