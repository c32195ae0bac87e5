import type { Config } from "../model/config.ts";
import { type Graph, type GraphNode, gateways, internetName, otherEnd } from "./graph.ts";
import {
  addressText,
  contains,
  freeAddress,
  networkOf,
  overlap,
  parseAddress,
  parseSubnet,
  type Subnet,
  subnetText,
} from "./ipv4.ts";
import type { LabNode } from "./lab-plan.ts";
import { macFor } from "./names.ts";

/** A node of the plan with the address a flow would use. */
export interface NodePlan {
  readonly node: LabNode;
  readonly address?: string;
}

/** What the plan has settled before the nodes. */
export interface Settled {
  /** Spanning tree put in by us: node → forward delay, s. */
  readonly guards: ReadonlyMap<string, number>;
  /** Device names, key "EDGE/NODE". */
  readonly devices: ReadonlyMap<string, string>;
  /** MAC addresses given so far; grows. */
  readonly macs: Set<string>;
}

/** Everything a node's plan is worked out from. */
interface Context extends Settled {
  readonly graph: Graph;
  readonly config: Config;
  /** The network that stands for the Internet. */
  readonly outside: Subnet;
  /** Addresses given so far; grows. */
  readonly taken: Set<number>;
}

const bare = { addresses: [], routes: [], forwards: false, masquerade: [] };

/** The lab's nodes, the host first; USB hubs carry no packets and are left out. */
export function planNodes(graph: Graph, config: Config, settled: Settled): readonly NodePlan[] {
  const context: Context = {
    ...settled,
    graph,
    config,
    outside: outsideNetwork(graph),
    taken: takenAddresses(graph, config),
  };
  return graph.nodes.filter((node) => node.kind !== "usb-hub").map((node) => planNode(context, node));
}

function planNode(context: Context, node: GraphNode): NodePlan {
  if (node.kind === "host") return { node: { name: node.name, ...bare } };
  if (node.kind === "internet") return planInternet(context, node);
  if (node.kind === "client" || node.kind === "server") return planClient(context, node);
  return { node: node.gateway === undefined ? planBridge(context, node) : planGateway(context, node) };
}

/** The far server is the tenth address of a network kept for documentation (RFC 5737), the first that overlaps no LAN. */
const documentationNets = ["198.51.100.10/24", "203.0.113.10/24", "192.0.2.10/24"];

function outsideNetwork(graph: Graph): Subnet {
  const lans = gateways(graph).flatMap((node) => parseSubnet(node.gateway.lan) ?? []);
  const nets = documentationNets.flatMap((text) => parseSubnet(text) ?? []);
  const free = nets.find((net) => lans.every((lan) => !overlap(lan, net))) ?? nets[0];
  return free ?? { address: 0, prefix: 24 };
}

function takenAddresses(graph: Graph, config: Config): Set<number> {
  const said = [
    ...config.interfaces.flatMap((one) => one.ipv4.addresses),
    ...config.uplinks.flatMap((uplink) => [uplink.gateway, uplink.address ?? ""]),
    ...graph.nodes.flatMap((node) => [node.gateway?.lan ?? "", node.device?.address ?? ""]),
  ];
  return new Set(said.flatMap((text) => parseSubnet(text)?.address ?? []));
}

function bridgeOf(context: Context, node: GraphNode, name: string): NonNullable<LabNode["bridge"]> {
  const delay = node.device?.stpForwardDelay ?? context.guards.get(node.name);
  const mac = macFor(`${node.name}/${name}`, context.macs);
  return delay === undefined ? { name, mac } : { name, mac, stpForwardDelay: delay };
}

/** A switch, an adapter, an access point: a bridge, with the address of its own where one is declared. */
function planBridge(context: Context, node: GraphNode): LabNode {
  const bridge = bridgeOf(context, node, "br0");
  const own = ownAddress(node);
  return {
    name: node.name,
    ...bare,
    bridge,
    addresses: own === undefined ? [] : [{ dev: bridge.name, cidr: subnetText(own) }],
  };
}

function ownAddress(node: GraphNode): Subnet | undefined {
  return node.device?.address === undefined ? undefined : parseSubnet(node.device.address, 24);
}

/** Everything on the Internet: the far server, and the public targets that are probed. */
function planInternet(context: Context, node: GraphNode): NodePlan {
  const bridge = bridgeOf(context, node, "br-inet");
  const lans = gateways(context.graph).flatMap((one) => parseSubnet(one.gateway.lan) ?? []);
  const targets = context.config.targets
    .flatMap((target) => parseAddress(target) ?? [])
    .filter((target) => !contains(context.outside, target) && lans.every((lan) => !contains(lan, target)));
  const cidrs = [subnetText(context.outside), ...new Set(targets.map((target) => `${addressText(target)}/32`))];
  return {
    node: { name: node.name, ...bare, bridge, addresses: cidrs.map((cidr) => ({ dev: bridge.name, cidr })) },
    address: addressText(context.outside.address),
  };
}

/** A router: its LAN is a bridge with the gateway's address, its WAN masquerades. */
function planGateway(context: Context, node: GraphNode): LabNode {
  const { graph, devices, outside } = context;
  const bridge = bridgeOf(context, node, "br-lan");
  const vlan = vlanOn(context, bridge.name);
  const lanDev = vlan[0]?.name ?? bridge.name;
  const wans = graph.edges.filter((edge) => edge.wan && edge.from === node.name);
  const index = gateways(graph).findIndex((one) => one.name === node.name);
  const wanDevs = wans.map((edge) => devices.get(`${edge.id}/${node.name}`) ?? "wan0");
  const next = addressText(outside.address);
  return {
    name: node.name,
    bridge,
    ...(vlan.length === 0 ? {} : { vlans: vlan }),
    addresses: [
      ...lanAddresses(context, node).map((cidr) => ({ dev: lanDev, cidr })),
      // Eight WANs a router at most share the documentation network with all the others.
      ...wanDevs.slice(0, 8).map((dev, n) => ({
        dev,
        cidr: subnetText({ address: outside.address + 10 + index * 8 + n, prefix: outside.prefix }),
      })),
    ],
    routes: wanDevs.slice(0, 1).map((dev) => ({ to: "default", via: next, dev })),
    forwards: true,
    masquerade: wanDevs,
    ...dnsmasqOf(context, node, lanDev),
  };
}

function lanAddresses(context: Context, node: GraphNode): readonly string[] {
  const lan = node.gateway?.lan ?? "";
  const own = ownAddress(node);
  const also = own === undefined || own.address === parseSubnet(lan)?.address ? [] : [subnetText(own)];
  const { gateway6, cidr6 } = context.graph.host;
  const six = gateway6 === undefined ? [] : [`${gateway6}/${cidr6?.split("/")[1] ?? "64"}`];
  return [lan, ...also, ...six];
}

function vlanOn(context: Context, parent: string): NonNullable<LabNode["vlans"]> {
  const id = context.graph.host.vlan;
  return id === undefined ? [] : [{ name: `${parent}.${id}`.slice(-15), parent, id }];
}

/** DHCP and DNS where declared, or where the host asks for DHCP and the router is not said to give none. */
function dnsmasqOf(context: Context, node: GraphNode, dev: string): Pick<LabNode, "dnsmasq"> {
  const dhcp = node.device?.dhcp ?? context.graph.host.dhcp;
  const dns = node.device?.dns ?? (dhcp && context.graph.host.dhcp);
  const lan = parseSubnet(node.gateway?.lan ?? "");
  if (lan === undefined || (!dhcp && !dns)) return {};
  const { from, to } = dhcpRange(lan);
  const router = addressText(lan.address);
  const range = { from: addressText(from), to: addressText(to), prefix: lan.prefix, router };
  return { dnsmasq: dhcp ? { dev, range, dns } : { dev, dns } };
}

/** .100 to .149 in a /24 and wider, else the upper half. */
function dhcpRange(lan: Subnet): { readonly from: number; readonly to: number } {
  const first = networkOf(lan);
  const size = 2 ** (32 - lan.prefix);
  return size >= 256
    ? { from: first + 100, to: first + 149 }
    : { from: first + Math.floor(size / 2), to: first + Math.max(Math.floor(size / 2), size - 2) };
}

/** A client or server of the LAN: one wire, an address beside the gateway's, everything else by the gateway. */
function planClient(context: Context, node: GraphNode): NodePlan {
  const { graph, devices } = context;
  const edge = graph.edges.find((one) => one.from === node.name || one.to === node.name);
  const gateway = nearestGateway(graph, node.name);
  const lan = parseSubnet(gateway?.gateway?.lan ?? node.device?.address ?? "", 24);
  if (edge === undefined || lan === undefined) return { node: { name: node.name, ...bare } };
  const wire = devices.get(`${edge.id}/${node.name}`) ?? "eth0";
  const vlans = vlanOn(context, wire);
  const dev = vlans[0]?.name ?? wire;
  const own = ownAddress(node)?.address ?? freeAddress(lan, context.taken, lan.prefix <= 24 ? 50 : 2);
  if (own === undefined) return { node: { name: node.name, ...bare } };
  context.taken.add(own);
  return {
    node: {
      name: node.name,
      ...bare,
      ...(vlans.length === 0 ? {} : { vlans }),
      addresses: [{ dev, cidr: subnetText({ address: own, prefix: lan.prefix }) }],
      routes: gateway === undefined ? [] : [{ to: "default", via: addressText(lan.address), dev }],
    },
    address: addressText(own),
  };
}

/** The first gateway met on a LAN, going from one of its clients. */
function nearestGateway(graph: Graph, from: string): GraphNode | undefined {
  const queue = [from];
  for (const at of queue) {
    const node = graph.nodes.find((one) => one.name === at);
    if (node?.gateway !== undefined) return node;
    for (const edge of graph.edges) {
      if (edge.wan || edge.port !== undefined || (edge.from !== at && edge.to !== at)) continue;
      const next = otherEnd(edge, at);
      if (next !== internetName && !queue.includes(next)) queue.push(next);
    }
  }
  return undefined;
}
