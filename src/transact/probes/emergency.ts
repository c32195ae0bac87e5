import type { Step } from "../../plan/change.ts";
import { detectAgain } from "../../plan/detection.ts";
import { gatewaysOf, linkAt, portsOf, type Snapshot } from "./snapshot.ts";

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
  const routes = gatewaysOf(now).map(({ family, router, link, metric }) => {
    const order = metric > 0 ? ["metric", String(metric)] : [];
    const words = ["route", "replace", "default", "via", router, "dev", link.name, "onlink", ...order];
    return ip(family === "ipv4" ? words : ["-6", ...words], `Traffic leaves by ${router}`);
  });
  return [...links, ...routes, ...detections];
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
