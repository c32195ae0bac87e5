import { effectOf } from "./effect.ts";
import { carryingPorts, type Graph, type GraphEdge, goalOf, hostName, internetName, otherEnd } from "./graph.ts";
import type { Scenario } from "./lab-plan.ts";
import { type Broken, intact, reaches } from "./reach.ts";

/** What a picture must tell beside the topology itself. */
export interface PictureFacts {
  /** The ports drawn as sending: the active one, or all of a bond whose mode sends over all. Empty where the host has none. */
  readonly sending: ReadonlySet<string>;
  /** Edges on the ways packets take to the Internet, or would take with the fault. */
  readonly live: ReadonlySet<string>;
  readonly strikes: ReadonlySet<string>;
  readonly broken: Broken;
  /** What each port of the host is doing, in two words or three. */
  readonly states: ReadonlyMap<string, PortState>;
  readonly singles: SingleMarks;
}

/** Single points of failure, to be marked. */
export interface SingleMarks {
  /** Nodes by name, edges by id. */
  readonly things: ReadonlySet<string>;
  /** Power domains by name. */
  readonly supplies: ReadonlySet<string>;
  /** What stands before a port and in no picture, by the port: "USB device 1-1". */
  readonly before: ReadonlyMap<string, string>;
  /** All of them, for those who can't see the picture. */
  readonly labels: readonly string[];
}

/** Nothing is marked. */
export const noSingles: SingleMarks = { things: new Set(), supplies: new Set(), before: new Map(), labels: [] };

/** "way left": it was not the active one, and could carry the traffic now. "carrier, no path": the fault that carrier does not show.
 *  "sends": one of several that all do. */
export type PortState =
  | "active"
  | "sends"
  | "way left"
  | "standby"
  | "no carrier"
  | "carrier, no path"
  | "in no bond"
  | "not in the bond";

/** Which ports send, where it isn't for the topology to tell. */
export interface Sending {
  /** The active port. */
  readonly activePort?: string;
  /** Ports that all send at once. */
  readonly together?: readonly string[];
}

/** The ports that carry the traffic, and the ways it goes. Under a fault, and unless the port is given, the first port with a way left. */
export function pictureFacts(
  graph: Graph,
  fault: Scenario | undefined,
  { activePort, together }: Sending = {},
  singles: SingleMarks = noSingles,
): PictureFacts {
  const { broken, dark } = effectOf(graph, fault?.inject ?? []);
  const ports = carryingPorts(graph).map((port) => port.name);
  const goal = goalOf(graph) ?? internetName;
  const first = graph.activePort === undefined ? [] : [graph.activePort];
  const left = [...first, ...ports].find((port) => reaches(graph, broken, hostName, goal, [port]));
  const active = activePort ?? left ?? graph.activePort;
  const sending = ports.length === 0 ? [] : (together ?? (active === undefined ? [] : [active]));
  return {
    sending: new Set(sending),
    live: new Set(sending.flatMap((port) => wayOut(graph, broken, port).map((edge) => edge.id))),
    strikes: new Set(fault?.strikes ?? []),
    broken,
    singles,
    states: new Map(
      graph.ports.map((port) => {
        if (!port.carries) return [port.name, graph.bond === undefined ? "in no bond" : "not in the bond"] as const;
        if (dark.has(port.name)) return [port.name, "no carrier"] as const;
        const whole = reaches(graph, intact, hostName, goal, [port.name]);
        if (whole && !reaches(graph, broken, hostName, goal, [port.name])) {
          return [port.name, "carrier, no path"] as const;
        }
        if (together?.includes(port.name)) return [port.name, "sends"] as const;
        if (port.name !== active) return [port.name, "standby"] as const;
        return [port.name, activePort === active || active === graph.activePort ? "active" : "way left"] as const;
      }),
    ),
  };
}

/** The edges of the shortest way from a port to where the host's packets go; none when there is no way. */
export function wayOut(graph: Graph, broken: Broken, port: string): readonly GraphEdge[] {
  const goal = goalOf(graph);
  const queue: { readonly node: string; readonly way: readonly GraphEdge[] }[] = [{ node: hostName, way: [] }];
  const seen = new Set([hostName]);
  for (const { node, way } of queue) {
    if (node === goal) return way;
    for (const edge of graph.edges) {
      if (edge.from !== node && edge.to !== node) continue;
      if (node === hostName ? edge.port !== port : edge.wan && edge.from !== node) continue;
      const next = otherEnd(edge, node);
      const kind = graph.nodes.find((one) => one.name === next)?.kind;
      const ends = next !== goal && (kind === "client" || kind === "server" || kind === "host");
      if (ends || broken.edges.has(edge.id) || broken.nodes.has(next) || seen.has(next)) continue;
      seen.add(next);
      queue.push({ node: next, way: [...way, edge] });
    }
  }
  return [];
}

/** One sentence for those who can't see the picture: each port with the devices on its way. */
export function inWords(graph: Graph, facts: PictureFacts): string {
  const label = (name: string) => graph.nodes.find((node) => node.name === name)?.label ?? name;
  const ways = carryingPorts(graph).map(({ name }) => {
    const way = wayOut(graph, intact, name);
    const nodes: string[] = [];
    let at: string = hostName;
    for (const edge of way) {
      at = otherEnd(edge, at);
      nodes.push(label(at));
    }
    const active = facts.sending.has(name) ? (facts.sending.size > 1 ? " (sends)" : " (active)") : "";
    return `${name}${active} leads ${nodes.length === 0 ? "nowhere" : `over ${nodes.join(", ")}`}`;
  });
  if (ways.length === 0) return `${graph.bond ?? "The host"}: no port is in a bond.`;
  const { labels } = facts.singles;
  const singles = labels.length === 0 ? "" : ` Single points of failure: ${labels.join(", ")}.`;
  return `${graph.bond ?? "The host"}: ${ways.join("; ")}.${singles}`;
}
