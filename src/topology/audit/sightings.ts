import type { NetworkSight } from "../../model/network-sight.ts";
import { type Graph, hostName } from "../graph.ts";
import { reaches } from "../reach.ts";
import type { Part } from "./parts.ts";
import { assumedRate } from "./rates.ts";
import { seenBoxes } from "./seen-boxes.ts";
import { seenSwitches } from "./seen-switches.ts";
import type { Found, Sighting } from "./sighting.ts";

/** What a host has heard, put beside what is declared. */
export function sightingsOf(graph: Graph, sight: NetworkSight): readonly Found[] {
  return [...seenSwitches(graph, sight), ...seenBoxes(graph, sight)];
}

/** Things that were seen for certain and of which the file says nothing: they can fail like all that is declared. What is known by one
 *  address is one thing, in whichever ways it was seen. */
export function seenParts(found: readonly Found[]): readonly Part[] {
  const parts = new Map<string, Part>();
  for (const { certainty, declared, broken, piece } of found) {
    if (certainty !== "certain" || declared !== "unsaid" || piece === undefined) continue;
    const known = parts.get(piece.id);
    const nodes = new Set([...(known?.broken.nodes ?? []), ...broken.nodes]);
    const edges = new Set([...(known?.broken.edges ?? []), ...broken.edges]);
    if (nodes.size + edges.size === 0) continue;
    parts.set(piece.id, { ...(known ?? { ...piece, rate: assumedRate(piece.kind) }), broken: { nodes, edges } });
  }
  return [...parts.values()];
}

/** A sighting for those who read it. `goals`: names. */
export function saidOf(graph: Graph, { broken, piece: _, ...found }: Found, goals: readonly string[]): Sighting {
  return { ...found, cuts: goals.filter((goal) => !reaches(graph, broken, hostName, goal)) };
}
