import type { Config } from "../model/config.ts";
import type { Graph } from "./graph.ts";
import { meantBonds } from "./meant-bonds.ts";

/** A bond as the kernel knows it once the host is up. */
export interface BondUp {
  readonly name: string;
  readonly mode: string;
  /** Empty: none, or the mode knows no such thing. */
  readonly activePort: string;
  readonly ports: readonly string[];
}

/** What the host in a picture shows of itself. */
export interface HostFace {
  readonly title: string;
  readonly mode: string;
  readonly address: string;
  /** The bond that was meant is not there. */
  readonly isBare: boolean;
  /** Ports that all send at once, whatever is behind them; absent where one port at a time does. */
  readonly together?: readonly string[];
}

/** The bond a picture is about, of those that came up: the one meant, else the first that has ports. */
function bondShown(graph: Graph, bonds: readonly BondUp[]): BondUp | undefined {
  return bonds.find(({ name }) => name === graph.bond) ?? bonds.find(({ ports }) => ports.length > 0) ?? bonds[0];
}

/** The graph with the bond that came up in place of the one declared: its ports carry traffic and no others; none do where a bond was
 *  meant and none came up. Where nothing is known of how the host came up, or no bond was meant, it stays as it is. */
export function asCameUp(graph: Graph, config: Config, bonds: readonly BondUp[] | undefined): Graph {
  if (bonds === undefined || (bonds.length === 0 && meantBonds(config).length === 0)) return graph;
  const up = bondShown(graph, bonds);
  const { bond: _, activePort: declared, ...rest } = graph;
  const ports = graph.ports.map((port) => ({ ...port, carries: up?.ports.includes(port.name) ?? false }));
  const active = [up?.activePort, declared, up?.ports[0]].find(
    (name) => name !== undefined && up?.ports.includes(name),
  );
  return {
    ...rest,
    ports,
    ...(up === undefined ? {} : { bond: up.name }),
    ...(active === undefined ? {} : { activePort: active }),
  };
}

/** What the host shows of itself, declared or as it came up. */
export function hostFace(graph: Graph, config: Config, bonds: readonly BondUp[] | undefined): HostFace {
  const address = graph.host.cidr ?? (graph.host.dhcp ? "address by DHCP" : "");
  const up = bonds === undefined ? undefined : bondShown(graph, bonds);
  if (up !== undefined) {
    const together = up.mode === "active-backup" || up.ports.length === 0 ? {} : { together: up.ports };
    return { title: up.name, mode: up.mode, address, isBare: up.ports.length === 0, ...together };
  }
  const [meant] = bonds === undefined ? [] : meantBonds(config);
  if (meant !== undefined) return { title: "no bond", mode: `${meant} never came up`, address: "", isBare: true };
  const mode = config.bonds.find((bond) => bond.name === graph.bond)?.options.mode ?? "";
  return { title: graph.bond ?? "no bond", mode, address, isBare: false };
}
