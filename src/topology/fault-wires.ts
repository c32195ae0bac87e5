import { atOnce, type Fault, type Ground } from "./faults.ts";
import { carryingPorts, edgeOfPort, type Graph, type GraphEdge, nodeNamed } from "./graph.ts";
import type { TimedOperation } from "./lab-plan.ts";

/** A port of the bond with its first wire, the active one first. */
export function portWires(graph: Graph): readonly GraphEdge[] {
  const edges = carryingPorts(graph).flatMap((port) => edgeOfPort(graph, port.name) ?? []);
  return edges.toSorted(
    (one, other) => Number(other.port === graph.activePort) - Number(one.port === graph.activePort),
  );
}

/** An end of a wire, for people: the port where it is the host's. */
export function endLabel(graph: Graph, edge: GraphEdge, node: string): string {
  return edge.port !== undefined && node === edge.from ? edge.port : (nodeNamed(graph, node)?.label ?? node);
}

function ends(graph: Graph, edge: GraphEdge): string {
  return `${endLabel(graph, edge, edge.from)} – ${endLabel(graph, edge, edge.to)}`;
}

/** Each cable pulled, each radio link and each powerline lost. Wires to clients and to the Internet belong to other families. */
export function lostWires({ graph }: Ground): readonly Fault[] {
  const leaves = new Set(["client", "server", "internet"]);
  const between = graph.edges.filter(
    (edge) =>
      edge.port === undefined &&
      ![edge.from, edge.to].some((end) => leaves.has(nodeNamed(graph, end)?.kind ?? "internet")),
  );
  return [...portWires(graph), ...between].map((edge, index) => ({
    id: `${edge.medium}-${edge.id}`,
    text: lostText(graph, edge),
    kind: "cut",
    inject: atOnce([{ op: "wire-down", wire: edge.id }]),
    strikes: [edge.id],
    order: edge.port !== undefined ? 10 + index : edge.medium === "powerline" ? 30 + index : 70 + index,
    // The host's own cable is the plainest of its kind; behind it a powerline is likelier lost than a cable.
    rank: edge.port !== undefined ? 0 : edge.medium === "powerline" ? 1 : 2,
  }));
}

function lostText(graph: Graph, edge: GraphEdge): string {
  const from = endLabel(graph, edge, edge.from);
  const to = endLabel(graph, edge, edge.to);
  switch (edge.medium) {
    case "cable":
      return `the cable ${ends(graph, edge)} is pulled`;
    case "radio":
      return `the radio link between ${from} and ${to} is lost`;
    case "powerline":
      return `the powerline between ${from} and ${to} is lost`;
  }
}

/** Packets that vanish one way, or now and then, on the first wire of each port. */
export function lossyWires({ graph }: Ground): readonly Fault[] {
  return portWires(graph).flatMap((edge, index): readonly Fault[] => {
    const spare = index === 0 ? {} : { onlyInAll: true as const };
    const shared = { strikes: [edge.id], ...spare };
    return [
      {
        id: `oneway-to-host-${edge.id}`,
        text: `nothing reaches the host through ${edge.port}; what it sends still arrives`,
        kind: "one-way",
        inject: atOnce([{ op: "wire-loss", wire: edge.id, direction: "b-to-a", percent: 100 }]),
        order: 200 + index,
        ...shared,
      },
      {
        id: `oneway-from-host-${edge.id}`,
        text: `nothing leaves the host through ${edge.port}; what is sent to it still arrives`,
        kind: "one-way",
        inject: atOnce([{ op: "wire-loss", wire: edge.id, direction: "a-to-b", percent: 100 }]),
        order: 201 + index,
        ...shared,
      },
      {
        id: `loss-30-${edge.id}`,
        text: `30 % of all packets through ${edge.port} vanish, both ways`,
        kind: "loss",
        inject: atOnce([{ op: "wire-loss", wire: edge.id, direction: "both", percent: 30 }]),
        order: 210 + index,
        ...shared,
      },
    ];
  });
}

/** Half a second down, half a second up: slow enough for a 100 ms monitor to follow every change. */
const flapHalfMs = 500;
const flaps = 5;

/** The first wire of each port comes and goes. */
export function flappingWires({ graph }: Ground): readonly Fault[] {
  return portWires(graph).map((edge, index) => ({
    id: `flap-${edge.id}`,
    text: `${ends(graph, edge)} comes and goes ${flaps} times in ${(flaps * flapHalfMs * 2) / 1000} s`,
    kind: "flap",
    inject: Array.from(
      { length: flaps * 2 },
      (_, n): TimedOperation => ({
        atMs: n * flapHalfMs,
        do: { op: n % 2 === 0 ? "wire-down" : "wire-up", wire: edge.id },
      }),
    ),
    strikes: [edge.id],
    order: 220 + index,
    ...(index === 0 ? {} : { onlyInAll: true as const }),
  }));
}

/** A cable pulled for a moment at a switch with spanning tree: carrier is back at once, the switch forwards much later. */
export function heldPorts({ graph, plan }: Ground): readonly Fault[] {
  return portWires(graph).flatMap((edge, index): readonly Fault[] => {
    const delay = plan.nodes.find((node) => node.name === edge.to)?.bridge?.stpForwardDelay;
    if (delay === undefined || edge.medium === "radio") return [];
    const holder = endLabel(graph, edge, edge.to);
    return [
      {
        id: `stp-failback-${edge.id}`,
        text: `the cable ${ends(graph, edge)} is pulled for half a second; ${holder} then holds the port back for ${delay * 2} s (spanning tree)`,
        kind: "flap",
        inject: [
          { atMs: 0, do: { op: "wire-down", wire: edge.id } },
          { atMs: 500, do: { op: "wire-up", wire: edge.id } },
        ],
        strikes: [edge.id],
        order: 230 + index,
        ...(index === 0 ? {} : { onlyInAll: true as const }),
      },
    ];
  });
}
