import { atOnce, type Fault, type Ground, listed } from "./faults.ts";
import { type Graph, type GraphEdge, type GraphNode, gateways, hostName, internetName } from "./graph.ts";
import { macFor } from "./names.ts";

/** Devices that carry the host's packets: all but the host, its peers, and hubs (which carry no packets, only ports). */
function carriers(graph: Graph): readonly GraphNode[] {
  const others = new Set(["host", "internet", "client", "server", "usb-hub"]);
  return graph.nodes.filter((node) => !others.has(node.kind));
}

/** Each device without power, and each device that hangs while its ports keep their carrier. */
export function deadDevices({ graph }: Ground): readonly Fault[] {
  return carriers(graph).flatMap((node, index): readonly Fault[] => [
    {
      id: `off-${node.name}`,
      text: `${node.label} goes off: everything plugged into it loses carrier`,
      kind: "cut",
      inject: atOnce([{ op: "node-off", node: node.name }]),
      strikes: [node.name],
      order: 40 + index / 100,
      rank: 3,
    },
    {
      id: `hang-${node.name}`,
      text: `${node.label} hangs: carrier stays, nothing passes`,
      kind: "cut",
      inject: atOnce([{ op: "node-hang", node: node.name }]),
      strikes: [node.name],
      order: 50 + index / 100,
      rank: 4,
    },
  ]);
}

/** Each USB hub that takes its adapters with it. */
export function deadHubs({ graph }: Ground): readonly Fault[] {
  return graph.nodes
    .filter((node) => node.kind === "usb-hub")
    .flatMap((hub, index): readonly Fault[] => {
      const ports = graph.ports.filter((port) => port.hubs.includes(hub.label));
      const wires = graph.edges.filter((edge) => ports.some((port) => port.name === edge.port));
      if (wires.length === 0) return [];
      return [
        {
          id: `off-${hub.name}`,
          text: `${hub.label} resets: ${listed(ports.map((port) => port.name))} vanish${ports.length === 1 ? "es" : ""} with it`,
          kind: "cut",
          inject: atOnce(wires.map((wire) => ({ op: "wire-down", wire: wire.id }))),
          strikes: [hub.name, ...wires.map((wire) => wire.id)],
          order: 45 + index / 100,
          rank: 5,
        },
      ];
    });
}

/** Each way to the Internet dead behind its router, and all of them together. */
export function deadUplinks({ graph }: Ground): readonly Fault[] {
  const lines = gateways(graph).map((node) => ({ node, wires: linesOf(graph, node) }));
  const single = lines.map(
    ({ node, wires }, index): Fault => ({
      id: `uplink-${node.gateway.uplink?.name ?? node.name}`,
      text: `${node.label} loses the Internet; its LAN is fine`,
      kind: "uplink",
      inject: atOnce(wires.map((wire) => ({ op: "wire-down", wire: wire.id }))),
      strikes: wires.map((wire) => wire.id),
      order: 60 + index / 100,
      rank: 1,
    }),
  );
  if (lines.length < 2) return single;
  const wires = [...new Set(lines.flatMap((line) => line.wires))];
  const all: Fault = {
    id: "uplink-all",
    text: "every way to the Internet is lost at once; the LANs are fine",
    kind: "uplink",
    inject: atOnce(wires.map((wire) => ({ op: "wire-down", wire: wire.id }))),
    strikes: wires.map((wire) => wire.id),
    order: 250,
    rank: 1,
  };
  return [...single, all];
}

/** The wires to the Internet that a gateway uses: its own, or those of the modems on its WAN. */
function linesOf(graph: Graph, gateway: GraphNode): readonly GraphEdge[] {
  const reached = new Set<string>();
  const lines: GraphEdge[] = [];
  const queue = [gateway.name];
  for (const at of queue) {
    for (const edge of graph.edges) {
      const outwards =
        at === gateway.name ? edge.wan && edge.from === at : !edge.wan && (edge.from === at || edge.to === at);
      if (!outwards) continue;
      const next = edge.from === at ? edge.to : edge.from;
      if (next === internetName) lines.push(edge);
      else if (next !== hostName && !reached.has(next)) {
        reached.add(next);
        queue.push(next);
      }
    }
  }
  return lines;
}

/** How long nobody is there between the old box and the new one. Somebody quick, or a spare that was kept warm: after minutes
 *  the host has forgotten the old MAC address, and nothing is left to be shown. */
const swapMs = 5000;

/** Each gateway unplugged, and another box with the same address put in its place. The fault is that nobody is there; the mending brings
 *  the new box, which knows no connection and no neighbour: the way back is what the replacement itself costs. */
export function replacedRouters({ graph, plan }: Ground): readonly Fault[] {
  const taken = new Set(plan.wires.flatMap((wire) => [wire.a.mac, wire.b.mac]));
  return gateways(graph).flatMap((node, index): readonly Fault[] => {
    const bridge = plan.nodes.find((one) => one.name === node.name)?.bridge;
    if (bridge === undefined) return [];
    const mac = macFor(`${node.name}/replaced`, taken);
    return [
      {
        id: `replace-${node.name}`,
        text: `${node.label} is unplugged, and another box with its address, but another MAC address, takes its place`,
        kind: "replaced",
        inject: atOnce([{ op: "node-off", node: node.name }]),
        mend: [
          { atMs: swapMs, do: { op: "change-mac", node: node.name, dev: bridge.name, mac } },
          { atMs: swapMs, do: { op: "node-on", node: node.name } },
        ],
        strikes: [node.name],
        order: 240 + index / 100,
        tcpMayBreak: `the new ${node.label} knows no connection that went through the old one`,
        ...(index === 0 ? {} : { onlyInAll: true as const }),
      },
    ];
  });
}
