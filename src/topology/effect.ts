import { carryingPorts, edgeOfPort, type Graph, gateways, hostName, internetName, lanPeer } from "./graph.ts";
import type { LabOperation, TimedOperation } from "./lab-plan.ts";
import { type Broken, reaches } from "./reach.ts";

/** What a fault comes to while it is at its worst. */
export interface Effect {
  readonly broken: Broken;
  /** Ports of the host that lose carrier. */
  readonly dark: ReadonlySet<string>;
  /** Edges on which only some packets vanish. */
  readonly lossy: ReadonlySet<string>;
}

/** Reads the effect off the operations themselves, so that what is promised and what is done cannot differ. Something that comes and goes
 *  counts as gone; partial loss breaks nothing. */
export function effectOf(graph: Graph, operations: readonly TimedOperation[]): Effect {
  const nodes = new Set<string>();
  const edges = new Set<string>();
  const dark = new Set<string>();
  const lossy = new Set<string>();
  for (const { do: operation } of operations) {
    const cut = cutBy(operation);
    if (cut.node !== undefined) nodes.add(cut.node);
    if (cut.edge !== undefined) edges.add(cut.edge);
    if (operation.op === "wire-loss" && operation.percent > 0 && operation.percent < 100) lossy.add(operation.wire);
    for (const edge of graph.edges) {
      const lockedOut = edge.medium === "radio" && isLockedOut(operation, edge.to);
      if (lockedOut) edges.add(edge.id);
      if (edge.port === undefined) continue;
      const unplugged = operation.op === "wire-down" && edge.id === operation.wire;
      const unpowered = operation.op === "node-off" && edge.to === operation.node;
      if (unplugged || unpowered || lockedOut) dark.add(edge.port);
    }
  }
  return { broken: { nodes, edges }, dark, lossy };
}

/** Whether nobody can stay in, or come into, an access point's network: whoever can't prove the key is let in and thrown out again, and has
 *  carrier only in between. One that is only on another channel can be found there. */
function isLockedOut(operation: LabOperation, point: string): boolean {
  switch (operation.op) {
    case "change-key":
    case "refuse":
    case "ignore-joins":
      return operation.node === point;
    default:
      return false;
  }
}

/** The effect on a host that chooses among its ways: what is lossy is as good as broken where the Internet is reached without it. */
export function effectOnChoice(graph: Graph, effect: Effect): Effect {
  const { nodes, edges } = effect.broken;
  const broken = { nodes, edges: new Set([...edges, ...effect.lossy]) };
  return reaches(graph, broken, hostName, internetName) ? { ...effect, broken } : effect;
}

function cutBy(operation: LabOperation): { readonly node?: string; readonly edge?: string } {
  switch (operation.op) {
    case "wire-down":
    case "unbridge":
      return { edge: operation.wire };
    case "node-off":
    case "node-hang":
      return { node: operation.node };
    case "wire-loss":
      return operation.percent >= 100 ? { edge: operation.wire } : {};
    default:
      return {};
  }
}

/** What a fault does to the host, as a comparable text: faults with the same text look alike to it. */
export function effectSignature(graph: Graph, effect: Effect): string {
  // A router that lost its power has also forgotten every connection: not the same fault as a pulled cable.
  const dead = gateways(graph).filter((node) => effect.broken.nodes.has(node.name));
  return [waysLeft(graph, effect), ...dead.map((node) => node.name)].join(" ");
}

/** What each port of the bond still reaches, as a comparable text, whatever became of what lies beyond. */
export function waysLeft(graph: Graph, effect: Effect): string {
  const client = lanPeer(graph)?.name;
  const goals = [internetName, ...(client === undefined ? [] : [client]), ...gateways(graph).map((node) => node.name)];
  const ports = carryingPorts(graph).map(({ name }) => {
    const reached = goals.map((goal) => (reaches(graph, effect.broken, hostName, goal, [name]) ? "+" : "-"));
    return `${name}:${effect.dark.has(name) ? "dark" : "lit"}${reached.join("")}`;
  });
  return ports.join(" ");
}

/** Whether carrier shows the fault on every port that it cuts off; false when it cuts off none. */
export function carrierTells(graph: Graph, effect: Effect): boolean {
  const cut = carryingPorts(graph).filter(({ name }) => {
    const whole = { nodes: new Set<string>(), edges: new Set<string>() };
    const goals = [internetName, lanPeer(graph)?.name ?? internetName];
    return goals.some(
      (goal) => reaches(graph, whole, hostName, goal, [name]) && !reaches(graph, effect.broken, hostName, goal, [name]),
    );
  });
  const concerned = cut.filter(({ name }) => edgeOfPort(graph, name) !== undefined);
  return concerned.length > 0 && concerned.every(({ name }) => effect.dark.has(name));
}
