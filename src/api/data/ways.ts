import type { StatusDocument, StatusPath, StatusPort } from "../../report/status-input.ts";
import { type Graph, type GraphEdge, type GraphNode, hostName, nodeNamed, otherEnd } from "../../topology/graph.ts";
import { wayOut } from "../../topology/picture-facts.ts";
import { intact } from "../../topology/reach.ts";
import type { TopologyState } from "../dashboard.ts";

/** What is known of each port, node and edge right now. */
export interface Standing {
  readonly ports: ReadonlyMap<string, TopologyState>;
  readonly nodes: ReadonlyMap<string, TopologyState>;
  readonly edges: ReadonlyMap<string, TopologyState>;
}

/** What is known from probes: they prove what lies on their way, and accuse what lies on no other. undefined: nobody tells. */
export function standingOf(graph: Graph, status: StatusDocument | undefined): Standing {
  const ports = new Map<string, TopologyState>();
  const nodes = new Map<string, TopologyState>();
  const edges = new Map<string, TopologyState>();
  for (const port of graph.ports) {
    const told = status?.ports.find(({ name }) => name === port.name);
    const paths = status?.paths.filter((path) => path.port === port.name) ?? [];
    const state = told === undefined ? "unknown" : portState(told, paths);
    ports.set(port.name, state);
    for (const { edge, node, isFar } of reachOf(graph, port.name)) {
      const here = isFar ? farState(state, paths, status) : state;
      edges.set(edge.id, better(edges.get(edge.id), here));
      if (node !== undefined) nodes.set(node.name, better(nodes.get(node.name), here));
    }
  }
  return { ports, nodes, edges };
}

function portState({ active, carrier, present, usable }: StatusPort, paths: readonly StatusPath[]): TopologyState {
  if (!present || !carrier) return "dead";
  const isDead = paths.some(({ state }) => state === "dead") && paths.every(({ state }) => state !== "alive");
  if (isDead || (active && !usable && paths.length > 0)) return "dead";
  if (active) return "carries";
  return paths.some(({ state }) => state === "alive") ? "proven" : "unknown";
}

/** Beyond the router: by what was asked there, or by the agent's own look at the Internet. */
function farState(
  state: TopologyState,
  paths: readonly StatusPath[],
  status: StatusDocument | undefined,
): TopologyState {
  if (state === "dead" || state === "unknown") return state;
  // Looked at through the active port, and only where every port leads to the one router.
  const internet = status?.internet?.state;
  if (internet !== undefined) return internet === "answers" ? state : internet === "lost" ? "dead" : "unknown";
  // The first target is the router itself.
  const far = paths.slice(1);
  if (far.some((path) => path.state === "alive")) return state;
  return far.some((path) => path.state === "dead") ? "dead" : state === "carries" ? "carries" : "unknown";
}

interface Passed {
  readonly edge: GraphEdge;
  readonly node: GraphNode | undefined;
  /** Behind the router. */
  readonly isFar: boolean;
}

/** The edges of a port's way with the node each leads to. */
function reachOf(graph: Graph, port: string): readonly Passed[] {
  let at: string = hostName;
  let isFar = false;
  return wayOut(graph, intact, port).map((edge) => {
    at = otherEnd(edge, at);
    const node = nodeNamed(graph, at);
    const passed = { edge, node, isFar };
    isFar ||= node?.kind === "router" || node?.gateway !== undefined;
    return passed;
  });
}

const ranks: readonly TopologyState[] = ["dead", "unknown", "proven", "carries"];

function better(one: TopologyState | undefined, other: TopologyState): TopologyState {
  if (one === undefined) return other;
  return ranks.indexOf(one) >= ranks.indexOf(other) ? one : other;
}
