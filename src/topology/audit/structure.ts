import { carryingPorts, type Graph, type GraphEdge, type GraphNode, hostName } from "../graph.ts";
import type { Broken } from "../reach.ts";
import { always, type Diagram, type Diagrams, never } from "./decision-diagram.ts";

/** When the host reaches a node, as a function of what works: variable n is true while cut n has not happened. Exact: one node after the
 *  other is taken out of the graph, and every way through it is put in as a direct one, until host and goal are left (Kleene's way to a
 *  closure, over diagrams). Agrees with `reaches` under every set of cuts. */
export function reachedWhen(graph: Graph, cuts: readonly Broken[], goal: string, diagrams: Diagrams): Diagram {
  const works = (isCut: (cut: Broken) => boolean): Diagram =>
    cuts.reduce((sum, cut, n) => (isCut(cut) ? diagrams.and(sum, diagrams.variable(n)) : sum), always);
  const nodeWorks = new Map(graph.nodes.map(({ name }) => [name, works((cut) => cut.nodes.has(name))]));
  const ways = new Map<string, Map<string, Diagram>>(graph.nodes.map(({ name }) => [name, new Map()]));
  const open = (from: string, to: string, when: Diagram): void => {
    const row = ways.get(from);
    row?.set(to, diagrams.or(row.get(to) ?? never, when));
  };
  for (const edge of graph.edges) {
    const edgeWorks = works((cut) => cut.edges.has(edge.id));
    // Who gets there gets to a node that works.
    for (const { from, to } of stepsOver(graph, edge))
      open(from, to, diagrams.and(edgeWorks, nodeWorks.get(to) ?? never));
  }
  for (const through of nearestFirst(graph).filter((name) => name !== hostName && name !== goal)) {
    const onwards = ways.get(through) ?? new Map<string, Diagram>();
    ways.delete(through);
    for (const [from, row] of ways) {
      const there = row.get(through);
      row.delete(through);
      if (there === undefined) continue;
      for (const [to, when] of onwards) if (to !== from && to !== through) open(from, to, diagrams.and(there, when));
    }
  }
  return diagrams.and(nodeWorks.get(hostName) ?? always, ways.get(hostName)?.get(goal) ?? never);
}

/** The nodes by their distance from the host, then those that it cannot reach at all. */
function nearestFirst(graph: Graph): readonly string[] {
  const found = new Set([hostName]);
  for (const node of found) {
    for (const edge of graph.edges) {
      if (edge.from === node) found.add(edge.to);
      if (edge.to === node) found.add(edge.from);
    }
  }
  return [...found, ...graph.nodes.map(({ name }) => name).filter((name) => !found.has(name))];
}

/** One edge in one direction. */
interface Step {
  readonly edge: string;
  readonly from: string;
  readonly to: string;
}

function stepsOver(graph: Graph, edge: GraphEdge): readonly Step[] {
  if (edge.port !== undefined && carryingPorts(graph).every((port) => port.name !== edge.port)) return [];
  const there = { edge: edge.id, from: edge.from, to: edge.to };
  const back = { edge: edge.id, from: edge.to, to: edge.from };
  // A WAN is left by its router and entered by nobody: `from` is the router.
  const directions = edge.wan ? [there] : [there, back];
  return directions.filter(({ from, to }) => to !== hostName && (from === hostName || passes(graph, from)));
}

/** Whether packets go on from there: not from a peer, nor from the Internet. */
function passes(graph: Graph, name: string): boolean {
  const kind: GraphNode["kind"] | undefined = graph.nodes.find((node) => node.name === name)?.kind;
  return kind !== undefined && kind !== "host" && kind !== "client" && kind !== "server" && kind !== "internet";
}

/** The order in which a diagram should decide the cuts, as indices: what takes much along first, all else by its distance from the host, so
 *  that whatever is decided only matters to its neighbours. */
export function goodOrder(graph: Graph, cuts: readonly Broken[]): readonly number[] {
  const places = new Map<string, number>();
  for (const node of nearestFirst(graph)) {
    for (const edge of graph.edges)
      if (edge.from === node || edge.to === node)
        places.set(`edge ${edge.id}`, places.get(`edge ${edge.id}`) ?? places.size);
    places.set(`node ${node}`, places.size);
  }
  const placeOf = ({ nodes, edges }: Broken): number => {
    if (nodes.size + edges.size > 1) return -1;
    const [thing] = [...[...nodes].map((name) => `node ${name}`), ...[...edges].map((id) => `edge ${id}`)];
    return places.get(thing ?? "") ?? places.size;
  };
  return cuts
    .map((cut, n) => ({ n, place: placeOf(cut) }))
    .toSorted((one, other) => one.place - other.place)
    .map(({ n }) => n);
}
