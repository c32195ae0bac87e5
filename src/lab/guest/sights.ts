import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import type { BondSeen } from "../../measure/rehearsal.ts";
import type { RadioLink, Sight, Station } from "../../measure/sight.ts";
import { accessPoints } from "./access-points.ts";
import { readActivePort } from "./bond-state.ts";
import { readLinkText, readStationsText } from "./iw-text.ts";
import { hostRadios } from "./joined.ts";
import { inside } from "./namespaces.ts";
import { type Network, namespaceOf } from "./network.ts";

/** A sight with its moment on the monotonic clock. */
export interface TimedSight extends Omit<Sight, "atMs"> {
  readonly atNs: bigint;
}

/** Looks at the host's radios, the access points' tables and a LAN machine's neighbours, with the programs an administrator would
 *  use. Undefined where the plan has no radios. In virtual time it takes none. */
export function takeSight(
  network: Network,
  bond: BondSeen | undefined,
  moment: Pick<TimedSight, "when" | "atNs">,
): TimedSight | undefined {
  const ports = hostRadios(network.plan);
  if (ports.length === 0) return undefined;
  const neighbour = neighbourOf(network);
  return {
    ...moment,
    ...(bond === undefined
      ? {}
      : { bond: { name: bond.name, mac: macOf(bond.name), activePort: readActivePort(bond.name) } }),
    ...(neighbour === undefined ? {} : { neighbour }),
    links: ports.map(linkOf),
    stations: stationsOf(network),
  };
}

function linkOf(port: string): RadioLink {
  return { port, mac: macOf(port), ...readLinkText(output("iw", ["dev", port, "link"])) };
}

function stationsOf(network: Network): readonly Station[] {
  return accessPoints(network.plan).flatMap(({ end }) => {
    const text = inside(namespaceOf(network, end.node), network.home, () =>
      output("iw", ["dev", end.dev, "station", "dump"]),
    );
    return readStationsText(text).map((station) => ({
      accessPoint: end.node,
      ...station,
      whose: ownerOf(network, station.mac),
    }));
  });
}

/** A port of a bond may speak with the bond's address, which is another port's. */
function ownerOf(network: Network, mac: string): string {
  const ends = network.plan.wires.flatMap(({ a, b }) => [a, b]);
  return ends.find((end) => end.mac.toLowerCase() === mac)?.node ?? "";
}

/** From the first machine that sends to the host's own address: one of the LAN. */
function neighbourOf(network: Network): Sight["neighbour"] {
  const flow = network.plan.flows.find(({ hostAddress }) => hostAddress !== undefined);
  if (flow?.hostAddress === undefined) return undefined;
  const { peer: node, hostAddress: address } = flow;
  const text = inside(namespaceOf(network, node), network.home, () => output("ip", ["neigh", "show", "to", address]));
  return { node, address, mac: / lladdr ([0-9a-f:]{17})/.exec(text)?.[1] ?? "" };
}

function macOf(dev: string): string {
  try {
    return readFileSync(`/sys/class/net/${dev}/address`, "utf8").trim();
  } catch {
    return "";
  }
}

/** What a program prints; nothing where it can't be run or has nothing to say: then it isn't in the table. */
function output(program: string, args: readonly string[]): string {
  return spawnSync(program, args, { encoding: "utf8", timeout: 120_000 }).stdout ?? "";
}
