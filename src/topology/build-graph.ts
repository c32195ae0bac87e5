import type { Config, Device, PowerDomain, Topology } from "../model/config.ts";
import { hostAddressing, mainBond } from "./addressing.ts";
import { attachGateways } from "./attach-gateways.ts";
import { addEdge, type Draft, markWans } from "./draft.ts";
import { type Graph, type GraphNode, hostName, internetName } from "./graph.ts";
import { type HostPort, hostPorts } from "./host-ports.ts";
import { freshName, plainName } from "./names.ts";

const nothingDeclared: Topology = { devices: [], cables: [], power: [] };

/** The graph of a declared configuration. Total: what is not declared is assumed (all ports on one switch with the gateway
 *  behind it, or one router for each uplink) and marked so. */
export function buildGraph(config: Config): Graph {
  const topology = config.topology ?? nothingDeclared;
  const host = hostAddressing(config);
  const ports = hostPorts(config);
  const domains = powerDomains(topology);
  const draft: Draft = {
    nodes: [hostNode(topology, domains)],
    edges: [],
    notes: [],
    nodeNames: new Set([hostName, internetName]),
    edgeIds: new Set(),
  };
  const names = addDevices(draft, topology.devices);
  addCables(draft, topology, names, ports);
  addRadios(draft, ports);
  markWans(draft);
  const active = activePort(config, ports);
  const inOrder = [...ports].sort((one, other) => Number(other.name === active) - Number(one.name === active));
  attachGateways(draft, config, inOrder, host);
  addClient(draft, active);
  const bond = mainBond(config)?.name;
  return {
    nodes: draft.nodes,
    edges: draft.edges,
    notes: draft.notes,
    ports,
    domains,
    host,
    ...(bond === undefined ? {} : { bond }),
    ...(active === undefined ? {} : { activePort: active }),
  };
}

function activePort(config: Config, ports: readonly HostPort[]): string | undefined {
  const names = ports.filter((port) => port.carries).map((port) => port.name);
  const primary = mainBond(config)?.options.primary;
  return primary !== undefined && names.includes(primary) ? primary : names[0];
}

/** A host beside a UPS is taken to hang on it, unless a device called "host" says otherwise: a host that dies with the mains has no
 *  outage to measure. */
function hostNode(topology: Topology, domains: readonly PowerDomain[]): GraphNode {
  const said = topology.devices.find((device) => device.name === hostName)?.power;
  const power = said ?? domains.find((domain) => domain.kind === "ups")?.name;
  const node: GraphNode = { name: hostName, label: hostName, kind: "host", assumed: false };
  return power === undefined ? node : { ...node, power };
}

/** Declared power domains, and those that devices name without declaring them. */
function powerDomains(topology: Topology): readonly PowerDomain[] {
  const domains = [...topology.power];
  for (const { power } of topology.devices) {
    if (power === undefined || power === "host" || domains.some((domain) => domain.name === power)) continue;
    domains.push({ name: power, kind: power === "mains" || power === "ups" ? power : "other" });
  }
  return domains;
}

/** Adds the declared devices; gives declared name → node name. USB hubs carry no packets of their own and are kept with the ports. */
function addDevices(draft: Draft, devices: readonly Device[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const device of devices) {
    if (device.name === hostName || names.has(device.name)) continue;
    const name = freshName(plainName(device.name), draft.nodeNames);
    names.set(device.name, name);
    draft.nodes.push({
      name,
      label: device.name,
      kind: device.kind,
      assumed: false,
      device,
      ...(device.power === undefined ? {} : { power: device.power }),
    });
  }
  return names;
}

function addCables(
  draft: Draft,
  topology: Topology,
  names: ReadonlyMap<string, string>,
  ports: readonly HostPort[],
): void {
  const hubs = new Set(topology.devices.filter((device) => device.kind === "usb-hub").map((device) => device.name));
  for (const cable of topology.cables) {
    if (hubs.has(cable.from) || hubs.has(cable.to)) continue;
    const said = `${cable.from} – ${cable.to}`;
    const [portEnd, otherEnd] = ports.some((port) => port.name === cable.from && !names.has(cable.from))
      ? [cable.from, cable.to]
      : [cable.to, cable.from];
    const port = ports.find((one) => one.name === portEnd && !names.has(portEnd));
    const to = names.get(port === undefined ? cable.to : otherEnd);
    const from = port === undefined ? names.get(cable.from) : hostName;
    if (from === undefined || to === undefined || from === to) {
      draft.notes.push(`the cable ${said} leads nowhere known and is left out`);
    } else if (port !== undefined && draft.edges.some((edge) => edge.port === port.name)) {
      draft.notes.push(`${port.name} has more than one cable; ${said} is left out`);
    } else {
      addEdge(draft, { from, to, medium: cable.medium, wan: false, assumed: false, ...portOf(port) });
    }
  }
}

function portOf(port: HostPort | undefined): { readonly port?: string } {
  return port === undefined ? {} : { port: port.name };
}

/** Whether a device offers a network by radio: a client or a hub that names one only joins it. */
function radiates(node: GraphNode, ssid: string | undefined): boolean {
  const joins = node.kind === "client" || node.kind === "server" || node.kind === "usb-hub";
  return !joins && ssid !== undefined && node.device?.wifi === ssid;
}

/** A radio port leads to the device that radiates its network; the first declared, where several do. */
function addRadios(draft: Draft, ports: readonly HostPort[]): void {
  for (const port of ports) {
    if (port.ssid === undefined || draft.edges.some((edge) => edge.port === port.name)) continue;
    const [point, ...others] = draft.nodes.filter((node) => radiates(node, port.ssid));
    if (point === undefined) continue;
    const edge = {
      from: hostName,
      to: point.name,
      medium: "radio",
      wan: false,
      assumed: false,
      port: port.name,
    } as const;
    addEdge(draft, edge);
    if (others.length > 0)
      draft.notes.push(`${port.name} joins ${point.label}; other stations of its network are left out`);
  }
}

/** Where nobody declares a client, one is assumed on the LAN of the active way: somebody wants to reach the host. */
function addClient(draft: Draft, active: string | undefined): void {
  const gateways = draft.nodes.filter((node) => node.gateway !== undefined);
  const router = gateways.find((node) => node.gateway?.uplink?.port === active) ?? gateways[0];
  if (router === undefined || active === undefined) return;
  const declared = draft.nodes.filter((node) => node.kind === "client" || node.kind === "server");
  for (const client of declared) {
    if (draft.edges.some((edge) => edge.from === client.name || edge.to === client.name)) continue;
    const ssid = client.device?.wifi;
    const point = draft.nodes.find((node) => radiates(node, ssid));
    const to = (point ?? router).name;
    const medium = point === undefined ? "cable" : "radio";
    addEdge(draft, { from: client.name, to, medium, wan: false, assumed: point === undefined });
  }
  if (declared.length > 0) return;
  const name = freshName("client", draft.nodeNames);
  draft.nodes.push({ name, label: "LAN client", kind: "client", assumed: true });
  addEdge(draft, { from: name, to: router.name, medium: "cable", wan: false, assumed: true });
}
