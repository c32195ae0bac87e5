import { edgeOfPort, type Graph } from "../graph.ts";
import type { Broken } from "../reach.ts";
import type { PartKind } from "./rates.ts";

/** Something that the network itself says hangs together, or seems to. */
export interface Sighting {
  readonly kind: "one-switch" | "one-lan" | "one-router" | "one-box" | "shared-address";
  /** "likely": drawn from addresses that are neighbours, which two devices of one maker can have as well. */
  readonly certainty: "certain" | "likely";
  /** One sentence without its full stop. */
  readonly text: string;
  /** The host's ports it is about. */
  readonly ports: readonly string[];
  /** How it stands to holdfast.yaml: it says the same, something else, or nothing of it. What is declared is what the figures follow. */
  readonly declared: "fits" | "unlike" | "unsaid";
  /** Names of the goals that would be lost with the one thing. */
  readonly cuts: readonly string[];
}

/** A sighting as it is found: `broken` is what its one thing would take along; `piece`, what it is called where it becomes a part. */
export interface Found extends Omit<Sighting, "cuts"> {
  readonly broken: Broken;
  readonly piece?: { readonly id: string; readonly label: string; readonly kind: PartKind };
}

/** What a device takes along that hangs before these ports: everything behind them. */
export function behindPorts(graph: Graph, ports: readonly string[]): Broken {
  return { nodes: new Set(), edges: new Set(ports.flatMap((port) => edgeOfPort(graph, port)?.id ?? [])) };
}

/** "eth0 and eth1", "a, b and c". */
export function allOf(names: readonly string[]): string {
  const last = names.at(-1) ?? "";
  return names.length < 2 ? last : `${names.slice(0, -1).join(", ")} and ${last}`;
}
