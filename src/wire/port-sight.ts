import type { LldpNeighbour, PortSight, SeenBridge } from "../model/network-sight.ts";
import { BPDU_GROUPS, decodeBpdu } from "./bpdu.ts";
import { decodeFrame, ETHERTYPE, type Frame } from "./ethernet.ts";
import { decodeLldp, LLDP_GROUPS } from "./lldp.ts";
import { compileFilter, type Instruction } from "./packet-filter.ts";

/** What is kept of one port at the most: a LAN has fewer of each, and who makes up addresses fills no memory. */
const MOST_STATIONS = 512;
const MOST_NEIGHBOURS = 32;

/** Groups that a port must be told to listen for: no card passes them on by itself. */
export const neighbourGroups: readonly string[] = [...new Set([...LLDP_GROUPS, ...BPDU_GROUPS])];

/** Frames from others to many: the only ones in which somebody says who he is to those who didn't ask. */
export const groupFrames: readonly Instruction[] = compileFilter([
  [
    { load: "packet-type", at: 0, oneOf: [0, 1, 2, 3] },
    { load: "byte", at: 0, mask: 1, oneOf: [1] },
  ],
]);

/** One port's ear. */
export interface PortEar {
  /** A frame as it came in; what isn't one is left aside. */
  hear(frame: Uint8Array): void;
  /** What was heard so far. */
  sight(): PortSight;
}

/** Hears at a port who its neighbours are; of each the last word counts. `own`: this host's MAC addresses, lower case. */
export function portEar(port: string, own: ReadonlySet<string>): PortEar {
  const neighbours = new Map<string, LldpNeighbour>();
  const bridges = new Map<string, SeenBridge>();
  const stations = new Set<string>();
  let hearsOwn = false;
  return {
    hear(bytes) {
      const frame = decodeFrame(bytes);
      if (frame === undefined) return;
      if (own.has(frame.from)) hearsOwn = true;
      else if (stations.size < MOST_STATIONS) stations.add(frame.from);
      const neighbour = neighbourIn(frame);
      const { chassis, port: end } = neighbour ?? {};
      if (neighbour !== undefined) put(neighbours, `${chassis?.kind} ${chassis?.value} ${end?.value}`, neighbour);
      const bridge = neighbour === undefined ? decodeBpdu(frame) : undefined;
      if (bridge !== undefined && !own.has(bridge.mac)) put(bridges, `${bridge.mac} ${bridge.port}`, bridge);
    },
    sight: () => ({
      port,
      neighbours: [...neighbours.values()],
      bridges: [...bridges.values()],
      stations: [...stations],
      hearsOwn,
    }),
  };
}

function neighbourIn(frame: Frame): LldpNeighbour | undefined {
  return frame.type === ETHERTYPE.lldp ? decodeLldp(frame.payload) : undefined;
}

function put<Value>(known: Map<string, Value>, key: string, value: Value): void {
  if (known.has(key) || known.size < MOST_NEIGHBOURS) known.set(key, value);
}
