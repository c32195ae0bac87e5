import type { Graph, GraphEdge, GraphNode } from "./graph.ts";
import { hostName, internetName, otherEnd } from "./graph.ts";
import { freshName, plainName } from "./names.ts";

/** A graph under construction. */
export interface Draft {
  readonly nodes: GraphNode[];
  readonly edges: GraphEdge[];
  readonly notes: string[];
  readonly nodeNames: Set<string>;
  readonly edgeIds: Set<string>;
}

/** Adds an edge under an id of its own: the port's name for the host's wires, "from-to" for all others. */
export function addEdge(draft: Draft, edge: Omit<GraphEdge, "id">): void {
  const wanted = edge.port === undefined ? `${edge.from}-${edge.to}` : plainName(edge.port);
  draft.edges.push({ id: freshName(wanted, draft.edgeIds), ...edge });
}

/** The nodes of one LAN in the order they are reached from `start` (which comes first): over everything but WANs, through everything but
 *  the host and the Internet. */
export function lanSegment(draft: Pick<Graph, "nodes" | "edges">, start: string): readonly string[] {
  const found = [start];
  for (const node of found) {
    if (isLeaf(draft, node) && node !== start) continue;
    for (const edge of draft.edges) {
      if (edge.wan || (edge.from !== node && edge.to !== node)) continue;
      const next = otherEnd(edge, node);
      if (next !== hostName && next !== internetName && !found.includes(next)) found.push(next);
    }
  }
  return found;
}

function isLeaf(draft: Pick<Graph, "nodes">, name: string): boolean {
  const kind = draft.nodes.find((node) => node.name === name)?.kind;
  return kind === "client" || kind === "server";
}

/** Marks the edges between a router and the modem behind it as the router's WAN. A stretch of network belongs to the WAN when it holds a
 *  modem, touches a router, and no port of the host hangs on it. */
export function markWans(draft: Draft): void {
  const routers = new Set(draft.nodes.filter((node) => node.kind === "router").map((node) => node.name));
  for (const modem of draft.nodes.filter((node) => node.kind === "modem")) {
    const stretch = stretchWithoutRouters(draft, modem.name, routers);
    const touches = (edge: GraphEdge) => stretch.has(edge.from) || stretch.has(edge.to);
    if (draft.edges.some((edge) => touches(edge) && edge.port !== undefined)) continue;
    for (const [index, edge] of draft.edges.entries()) {
      if (!touches(edge) || edge.wan) continue;
      const router = [edge.from, edge.to].find((end) => routers.has(end));
      if (router !== undefined) draft.edges[index] = { ...edge, from: router, to: otherEnd(edge, router), wan: true };
    }
  }
}

function stretchWithoutRouters(draft: Draft, start: string, routers: ReadonlySet<string>): ReadonlySet<string> {
  const found = new Set([start]);
  for (const node of found) {
    for (const edge of draft.edges) {
      if (edge.from !== node && edge.to !== node) continue;
      const next = otherEnd(edge, node);
      if (next !== hostName && next !== internetName && !routers.has(next)) found.add(next);
    }
  }
  return found;
}
