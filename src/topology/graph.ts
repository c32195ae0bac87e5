import type { Device, DeviceKind, PowerDomain, Uplink } from "../model/config.ts";
import type { HostAddressing } from "./addressing.ts";
import type { HostPort } from "./host-ports.ts";

/** What the host hangs on, as a graph. Built by `buildGraph`; everything else here reads it. */
export interface Graph {
  /** The first is always the host. */
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
  readonly ports: readonly HostPort[];
  readonly domains: readonly PowerDomain[];
  readonly host: HostAddressing;
  /** The bond the graph is about; absent where none is declared. */
  readonly bond?: string;
  /** The port that carries the traffic while all is well: the primary, else the first. */
  readonly activePort?: string;
  /** What had to be assumed or left out, for people. */
  readonly notes: readonly string[];
}

export interface GraphNode {
  /** Unique and fit for a namespace; the declared name where that is legal. */
  readonly name: string;
  /** As declared, for people. */
  readonly label: string;
  readonly kind: DeviceKind | "host" | "internet";
  /** Nobody declared it: it stands for what must be there. */
  readonly assumed: boolean;
  /** Power domain, as declared. Absent: not known, never fails with the mains. */
  readonly power?: string;
  readonly device?: Device;
  /** Where it leads the host to the Internet. */
  readonly gateway?: GatewayRole;
}

/** A router that is the host's gateway, on its own or for one uplink. */
export interface GatewayRole {
  /** LAN address, CIDR. */
  readonly lan: string;
  readonly uplink?: Uplink;
}

export interface GraphEdge {
  /** Unique: the port's name for the host's own wires, "from-to" for all others. */
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly medium: "cable" | "powerline" | "radio";
  /** The host's port; then `from` is the host. */
  readonly port?: string;
  /** `from` is a router, and this is its way to the Internet: what goes out is masqueraded, nothing comes in by itself. */
  readonly wan: boolean;
  readonly assumed: boolean;
}

/** The host's name in every graph and plan. */
export const hostName = "host";
/** The Internet's name in every graph and plan. */
export const internetName = "internet";

/** The node of that name; undefined when there is none. */
export function nodeNamed(graph: Graph, name: string): GraphNode | undefined {
  return graph.nodes.find((node) => node.name === name);
}

/** The edge of a host's port; undefined for a port that leads nowhere. */
export function edgeOfPort(graph: Graph, port: string): GraphEdge | undefined {
  return graph.edges.find((edge) => edge.port === port);
}

/** The other end of an edge. */
export function otherEnd(edge: GraphEdge, node: string): string {
  return edge.from === node ? edge.to : edge.from;
}

/** The LAN client a flow can be measured to: the first declared client, else server; undefined when there is none. */
export function lanPeer(graph: Graph): GraphNode | undefined {
  return graph.nodes.find((node) => node.kind === "client") ?? graph.nodes.find((node) => node.kind === "server");
}

/** Ports that traffic may use: those of the main bond, or every port where there is no bond. */
export function carryingPorts(graph: Graph): readonly HostPort[] {
  return graph.ports.filter((port) => port.carries);
}

/** The host's gateways, in declared order. */
export function gateways(graph: Graph): readonly (GraphNode & { readonly gateway: GatewayRole })[] {
  return graph.nodes.flatMap((node) => (node.gateway === undefined ? [] : [{ ...node, gateway: node.gateway }]));
}

/** Where the host's packets go: the Internet, or where there is no way to it a peer; undefined when there is neither. */
export function goalOf(graph: Graph): string | undefined {
  return graph.nodes.find((node) => node.kind === "internet")?.name ?? lanPeer(graph)?.name;
}
