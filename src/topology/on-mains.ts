import type { Config } from "../model/config.ts";
import { buildGraph } from "./build-graph.ts";
import { carryingPorts, hostName, internetName } from "./graph.ts";
import { type Broken, intact, reaches } from "./reach.ts";

/** Ports that lead to the Internet, and don't while the mains are gone and every UPS carries its load: as far as it is declared
 *  what feeds the devices on their way. */
export function portsOnMains(config: Config): readonly string[] {
  const graph = buildGraph(config);
  const mains = graph.domains.filter(({ kind }) => kind === "mains").map(({ name }) => name);
  const isDark = ({ power }: { readonly power?: string }): boolean => power !== undefined && mains.includes(power);
  const dark = graph.nodes.filter((node) => isDark(node) && node.name !== hostName);
  const hubs = dark.filter(({ kind }) => kind === "usb-hub").map(({ label }) => label);
  const unplugged = graph.edges.filter(({ port }) =>
    graph.ports.some(({ name, hubs: own }) => name === port && own.some((hub) => hubs.includes(hub))),
  );
  const broken: Broken = {
    nodes: new Set(dark.map(({ name }) => name)),
    edges: new Set(unplugged.map(({ id }) => id)),
  };
  const leads = (of: Broken, port: string): boolean => reaches(graph, of, hostName, internetName, [port]);
  return carryingPorts(graph)
    .map(({ name }) => name)
    .filter((port) => leads(intact, port) && !leads(broken, port));
}
