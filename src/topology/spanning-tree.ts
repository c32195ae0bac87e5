import { type Graph, type GraphEdge, hostName } from "./graph.ts";

/** Spanning tree where a loop would otherwise drown the network, and what to say of it. */
export interface LoopGuards {
  /** Node name → forward delay, s. */
  readonly delays: ReadonlyMap<string, number>;
  readonly notes: readonly string[];
}

/** The shortest forward delay the kernel's bridge takes, s. Source: br_stp.h, BR_MIN_FORWARD_DELAY. */
const shortestDelay = 2;

/** Finds loops of bridged devices in which none runs spanning tree, and has one device in each run it: the lab would otherwise storm. */
export function loopGuards(graph: Graph): LoopGuards {
  const delays = new Map<string, number>();
  const notes: string[] = [];
  const tree: GraphEdge[] = [];
  for (const edge of graph.edges) {
    if (!bridgesBothEnds(graph, edge)) continue;
    const loop = pathBetween(tree, edge.from, edge.to);
    if (loop === undefined) {
      tree.push(edge);
      continue;
    }
    const guarded = loop.some((name) => delays.has(name) || declaredDelay(graph, name) !== undefined);
    if (guarded) continue;
    delays.set(edge.from, shortestDelay);
    notes.push(
      `${loop.join(" – ")} form a loop and none of them is said to run spanning tree: ${edge.from} runs it here, or a storm would end the rehearsal`,
    );
  }
  return { delays, notes };
}

function declaredDelay(graph: Graph, name: string): number | undefined {
  return graph.nodes.find((node) => node.name === name)?.device?.stpForwardDelay;
}

function bridgesBothEnds(graph: Graph, edge: GraphEdge): boolean {
  const leaves = ["host", "client", "server"];
  const isLeaf = (name: string) => leaves.includes(graph.nodes.find((node) => node.name === name)?.kind ?? hostName);
  return !edge.wan && !isLeaf(edge.from) && !isLeaf(edge.to);
}

/** The nodes between two ends over the given edges, both ends included; undefined when they are not connected. */
function pathBetween(edges: readonly GraphEdge[], from: string, to: string): readonly string[] | undefined {
  const paths: (readonly string[])[] = [[from]];
  const seen = new Set([from]);
  for (const path of paths) {
    const at = path.at(-1) ?? from;
    if (at === to) return path;
    for (const edge of edges) {
      const next = edge.from === at ? edge.to : edge.to === at ? edge.from : undefined;
      if (next === undefined || seen.has(next)) continue;
      seen.add(next);
      paths.push([...path, next]);
    }
  }
  return undefined;
}
