import type { TopologyDocument, TopologyEdge, TopologyNode } from "../documents.ts";

/** A way out of the host: what it passes, from the port on. */
export interface Way {
  readonly edges: readonly TopologyEdge[];
  readonly nodes: readonly TopologyNode[];
}

const nowhere: Way = { edges: [], nodes: [] };

/** The shortest way from a port to the Internet, or where there is none to the last router, past nothing that is broken (names of nodes, ids
 *  of edges). Empty: there is no way. */
export function wayFrom(topology: TopologyDocument, port: string, broken: ReadonlySet<string> = new Set()): Way {
  const goal = goalOf(topology);
  const first = topology.edges.filter((edge) => edge.port === port);
  const queue: { readonly at: string; readonly way: Way }[] = [];
  const seen = new Set<string>();
  const go = (edge: TopologyEdge, to: string, way: Way): void => {
    const node = topology.nodes.find((one) => one.name === to);
    if (node === undefined || seen.has(to) || broken.has(to) || broken.has(edge.id)) return;
    seen.add(to);
    queue.push({ at: to, way: { edges: [...way.edges, edge], nodes: [...way.nodes, node] } });
  };
  if (broken.has("host")) return nowhere;
  for (const edge of first) go(edge, isNode(topology, edge.to) ? edge.to : edge.from, nowhere);
  for (const { at, way } of queue) {
    if (at === goal) return way;
    const kind = way.nodes.at(-1)?.kind;
    if (kind === "client" || kind === "server") continue;
    for (const edge of topology.edges) {
      if (edge.port !== "" || (edge.from !== at && edge.to !== at)) continue;
      go(edge, edge.from === at ? edge.to : edge.from, way);
    }
  }
  return nowhere;
}

function goalOf({ nodes }: TopologyDocument): string | undefined {
  const kinds = ["internet", "router", "client", "server"] as const;
  for (const kind of kinds) {
    const node = nodes.find((one) => one.kind === kind);
    if (node !== undefined) return node.name;
  }
  return undefined;
}

function isNode({ nodes }: TopologyDocument, name: string): boolean {
  return nodes.some((node) => node.name === name);
}
