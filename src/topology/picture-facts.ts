import { effectOf } from "./effect.ts";
import { carryingPorts, type Graph, type GraphEdge, goalOf, hostName, internetName, otherEnd } from "./graph.ts";
import type { Scenario } from "./lab-plan.ts";
import { type Broken, intact, reaches } from "./reach.ts";

/** What a picture must tell beside the topology itself. */
export interface PictureFacts {
  /** The port drawn as active; absent where the host has none. */
  readonly active?: string;
  /** Edges on the way packets take to the Internet, or would take with the fault. */
  readonly live: ReadonlySet<string>;
  readonly strikes: ReadonlySet<string>;
  readonly broken: Broken;
  /** What each port of the host is doing, in two words or three. */
  readonly states: ReadonlyMap<string, PortState>;
}

/** "way left": it was not the active one, and could carry the traffic now. "carrier, no path": the fault that carrier does not show. */
export type PortState = "active" | "way left" | "standby" | "no carrier" | "carrier, no path" | "";

/** The port that carries the traffic, and the way it goes. Under a fault, and unless the port is given, the first port with a way left. */
export function pictureFacts(graph: Graph, fault: Scenario | undefined, activePort: string | undefined): PictureFacts {
  const { broken, dark } = effectOf(graph, fault?.inject ?? []);
  const ports = carryingPorts(graph).map((port) => port.name);
  const goal = goalOf(graph) ?? internetName;
  const first = graph.activePort === undefined ? [] : [graph.activePort];
  const left = [...first, ...ports].find((port) => reaches(graph, broken, hostName, goal, [port]));
  const active = activePort ?? left ?? graph.activePort;
  return {
    live: new Set(active === undefined ? [] : wayOut(graph, broken, active).map((edge) => edge.id)),
    strikes: new Set(fault?.strikes ?? []),
    broken,
    states: new Map(
      graph.ports.map((port) => {
        if (!port.carries) return [port.name, ""] as const;
        if (dark.has(port.name)) return [port.name, "no carrier"] as const;
        const whole = reaches(graph, intact, hostName, goal, [port.name]);
        if (whole && !reaches(graph, broken, hostName, goal, [port.name])) {
          return [port.name, "carrier, no path"] as const;
        }
        if (port.name !== active) return [port.name, "standby"] as const;
        return [port.name, activePort === active || active === graph.activePort ? "active" : "way left"] as const;
      }),
    ),
    ...(active === undefined ? {} : { active }),
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
    const active = name === facts.active ? " (active)" : "";
    return `${name}${active} leads ${nodes.length === 0 ? "nowhere" : `over ${nodes.join(", ")}`}`;
  });
  return `${graph.bond ?? "The host"}: ${ways.join("; ")}.`;
}
