import { type Graph, type GraphEdge, gateways, hostName, internetName, otherEnd } from "./graph.ts";

/** The column of every drawn node, 1 and up (0 is the host's): devices by their distance from the host, all gateways in one column after them,
 *  what lies behind a gateway by its distance from there, the Internet last. Clients share the column of what they hang on. USB hubs have none. */
export function layersOf(graph: Graph): ReadonlyMap<string, number> {
  const layers = new Map<string, number>();
  const doors = new Set(gateways(graph).map((node) => node.name));
  const leaves = new Set(
    graph.nodes.filter((node) => node.kind === "client" || node.kind === "server").map((n) => n.name),
  );
  const spread = (from: readonly string[], through: (name: string) => boolean) => {
    const queue = [...from];
    for (const at of queue) {
      const depth = layers.get(at) ?? 0;
      for (const edge of touching(graph, at)) {
        const next = otherEnd(edge, at);
        if (layers.has(next) || next === hostName || next === internetName || leaves.has(next) || !through(next))
          continue;
        layers.set(next, depth + 1);
        queue.push(next);
      }
    }
  };
  spread([hostName], (name) => !doors.has(name));
  const doorLayer = Math.max(0, ...layers.values()) + 1;
  for (const door of doors) layers.set(door, doorLayer);
  spread([...doors], () => true);
  for (const node of graph.nodes) {
    if (node.kind === "host" || node.kind === "usb-hub" || leaves.has(node.name) || layers.has(node.name)) continue;
    if (node.name !== internetName) layers.set(node.name, doorLayer);
  }
  // Without a way to the Internet a peer is where the packets go: it gets the last column.
  const beside = doors.size === 0 ? 1 : 0;
  for (const leaf of leaves) {
    const [edge] = touching(graph, leaf);
    layers.set(leaf, edge === undefined ? doorLayer : (layers.get(otherEnd(edge, leaf)) ?? doorLayer) + beside);
  }
  if (graph.nodes.some((node) => node.kind === "internet"))
    layers.set(internetName, Math.max(doorLayer, ...layers.values()) + 1);
  return layers;
}

function touching(graph: Graph, node: string): readonly GraphEdge[] {
  return graph.edges.filter((edge) => edge.from === node || edge.to === node);
}
