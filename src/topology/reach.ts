import { carryingPorts, type Graph, type GraphEdge, hostName, internetName, otherEnd } from "./graph.ts";

/** What is broken: nodes that pass nothing, edges that carry nothing. */
export interface Broken {
  readonly nodes: ReadonlySet<string>;
  readonly edges: ReadonlySet<string>;
}

/** Nothing is broken. */
export const intact: Broken = { nodes: new Set(), edges: new Set() };

/** Whether a conversation can be opened from one node to another: through switches and a router's LAN side freely, through a
 *  router's WAN side only outwards, never through a host, a client or the Internet. `ports` limits the host's own ports
 *  (default: those that carry traffic). */
export function reaches(
  graph: Graph,
  broken: Broken,
  from: string,
  to: string,
  ports: readonly string[] = carryingPorts(graph).map((port) => port.name),
): boolean {
  return routersOnTheWay(graph, broken, from, to, ports) !== undefined;
}

/** The gateway a conversation from the host to the Internet would leave through, by the shortest way; undefined when there is none. */
export function gatewayUsed(graph: Graph, broken: Broken, ports: readonly string[]): string | undefined {
  return routersOnTheWay(graph, broken, hostName, internetName, ports)?.[0];
}

/** A place in the search. Whoever came out of a router's WAN side is outside and goes into no other LAN. */
interface Step {
  readonly node: string;
  /** The access point that the way came to by radio and that keeps its stations apart: it goes on by wire, and doesn't come back. "": none. */
  readonly apartFrom: string;
  readonly wanRouters: readonly string[];
}

/** Routers crossed to the WAN on the shortest way, or undefined when there is no way. */
function routersOnTheWay(
  graph: Graph,
  broken: Broken,
  from: string,
  to: string,
  ports: readonly string[],
): readonly string[] | undefined {
  if (broken.nodes.has(from) || broken.nodes.has(to)) return undefined;
  const queue: Step[] = [{ node: from, apartFrom: "", wanRouters: [] }];
  const seen = new Set([`${from} `]);
  for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
    if (step.node === to) return step.wanRouters;
    if (step.node !== from && isEnd(graph, step.node)) continue;
    for (const edge of graph.edges) {
      const next = follow(edge, step.node, broken, ports);
      if (next === undefined || next === step.apartFrom) continue;
      const byRadio = edge.medium === "radio";
      if (byRadio && step.node === step.apartFrom) continue;
      const apartFrom = byRadio && keepsApart(graph, next) ? next : step.apartFrom;
      // A way that came by wire may go where one that came by radio may not.
      const key = `${next} ${apartFrom}`;
      if (seen.has(key)) continue;
      seen.add(key);
      queue.push({ node: next, apartFrom, wanRouters: edge.wan ? [...step.wanRouters, step.node] : step.wanRouters });
    }
  }
  return undefined;
}

function keepsApart(graph: Graph, name: string): boolean {
  return graph.nodes.find((node) => node.name === name)?.device?.offers?.clientIsolation === true;
}

/** Packets end there: it is a host of its own, or the far side. */
function isEnd(graph: Graph, name: string): boolean {
  const kind = graph.nodes.find((node) => node.name === name)?.kind;
  return kind === "host" || kind === "client" || kind === "server" || kind === "internet";
}

/** Where an unbroken edge leads from a node; undefined when it does not touch the node, is broken, or may not be taken that way. */
function follow(edge: GraphEdge, node: string, broken: Broken, ports: readonly string[]): string | undefined {
  if (edge.from !== node && edge.to !== node) return undefined;
  if (broken.edges.has(edge.id)) return undefined;
  if (edge.port !== undefined && !ports.includes(edge.port)) return undefined;
  const next = otherEnd(edge, node);
  if (broken.nodes.has(next)) return undefined;
  // A WAN is left by its router and entered by nobody: `from` is the router.
  return edge.wan && node !== edge.from ? undefined : next;
}
