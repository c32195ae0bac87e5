import { effectOf } from "./effect.ts";
import { carryingPorts, type Graph, hostName, internetName, otherEnd } from "./graph.ts";
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
  /** Ports of the host without carrier. */
  readonly dark: ReadonlySet<string>;
}

/** The port that carries the traffic, and the way it goes. Under a fault, and unless the port is given, the first port with a way left. */
export function pictureFacts(graph: Graph, fault: Scenario | undefined, activePort: string | undefined): PictureFacts {
  const { broken, dark } = effectOf(graph, fault?.inject ?? []);
  const ports = carryingPorts(graph).map((port) => port.name);
  const first = graph.activePort === undefined ? [] : [graph.activePort];
  const left = [...first, ...ports].find((port) => reaches(graph, broken, hostName, internetName, [port]));
  const active = activePort ?? left ?? graph.activePort;
  return {
    live: new Set(active === undefined ? [] : wayOut(graph, broken, active)),
    strikes: new Set(fault?.strikes ?? []),
    broken,
    dark,
    ...(active === undefined ? {} : { active }),
  };
}

/** The edges of the shortest way from a port to the Internet; none when there is no way. */
function wayOut(graph: Graph, broken: Broken, port: string): readonly string[] {
  const queue: { readonly node: string; readonly way: readonly string[] }[] = [{ node: hostName, way: [] }];
  const seen = new Set([hostName]);
  for (const { node, way } of queue) {
    if (node === internetName) return way;
    for (const edge of graph.edges) {
      if (edge.from !== node && edge.to !== node) continue;
      if (node === hostName ? edge.port !== port : edge.wan && edge.from !== node) continue;
      const next = otherEnd(edge, node);
      const kind = graph.nodes.find((one) => one.name === next)?.kind;
      const dead = broken.edges.has(edge.id) || broken.nodes.has(next) || kind === "client" || kind === "server";
      if (dead || seen.has(next)) continue;
      seen.add(next);
      queue.push({ node: next, way: [...way, edge.id] });
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
    for (const id of way) {
      const edge = graph.edges.find((one) => one.id === id);
      if (edge === undefined) continue;
      at = otherEnd(edge, at);
      nodes.push(label(at));
    }
    const active = name === facts.active ? " (active)" : "";
    return `${name}${active} leads ${nodes.length === 0 ? "nowhere" : `over ${nodes.join(", ")}`}`;
  });
  return `${graph.bond ?? "The host"}: ${ways.join("; ")}.`;
}
