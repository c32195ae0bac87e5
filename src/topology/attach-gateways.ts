import type { Config, Uplink } from "../model/config.ts";
import type { HostAddressing } from "./addressing.ts";
import { addEdge, type Draft, lanSegment } from "./draft.ts";
import { type GraphNode, hostName, internetName } from "./graph.ts";
import type { HostPort } from "./host-ports.ts";
import { contains, freeAddress, parseSubnet, type Subnet, subnetText } from "./ipv4.ts";
import { freshName, plainName } from "./names.ts";

/** Finds or assumes the router behind every port, gives it its part as gateway, and leads it to the Internet. `ports`: the active one first. */
export function attachGateways(draft: Draft, config: Config, ports: readonly HostPort[], host: HostAddressing): void {
  for (const uplink of config.uplinks) {
    const router = routerOfUplink(draft, uplink);
    joinPort(draft, ports, uplink.port, router.name);
    claim(draft, router.name, host, uplink);
  }
  const used = ports.filter(
    (port) => port.carries || port.bond !== undefined || edgeOf(draft, port.name) !== undefined,
  );
  for (const port of used) claimOwnRouter(draft, port.name, host);
  const apart = used.filter((port) => !leadsToGateway(draft, port.name) && !endsAtPeer(draft, port.name, host));
  if (apart.length > 0) joinRest(draft, ports, apart, host);
  for (const node of [...draft.nodes]) leadOut(draft, node);
  if (draft.nodes.every((node) => node.gateway === undefined)) return;
  draft.nodes.push({ name: internetName, label: "Internet", kind: "internet", assumed: true });
}

function edgeOf(draft: Draft, port: string) {
  return draft.edges.find((edge) => edge.port === port);
}

function nodeOf(draft: Draft, name: string): GraphNode | undefined {
  return draft.nodes.find((node) => node.name === name);
}

/** The LAN a port hangs on, nearest first; empty for a port without a cable. */
function segmentOf(draft: Draft, port: string): readonly GraphNode[] {
  const edge = edgeOf(draft, port);
  if (edge === undefined) return [];
  return lanSegment(draft, edge.to).flatMap((name) => nodeOf(draft, name) ?? []);
}

/** The nearest of a LAN that can be a gateway: a router, or a modem where there is no router. Nobody's yet. */
function freeRouter(segment: readonly GraphNode[]): GraphNode | undefined {
  const free = segment.filter((node) => node.gateway === undefined);
  return free.find((node) => node.kind === "router") ?? free.find((node) => node.kind === "modem");
}

/** The device named like the uplink, else the nearest from its port, else one nobody declared. */
function routerOfUplink(draft: Draft, uplink: Uplink): GraphNode {
  const named = draft.nodes.find(
    (node) => node.label === uplink.name && (node.kind === "router" || node.kind === "modem"),
  );
  return named ?? freeRouter(segmentOf(draft, uplink.port)) ?? assumeRouter(draft, uplink.name);
}

function assumeRouter(draft: Draft, label: string): GraphNode {
  const name = freshName(plainName(label), draft.nodeNames);
  const node: GraphNode = { name, label, kind: "router", assumed: true };
  draft.nodes.push(node);
  return node;
}

/** Makes sure a port leads to a router: by a cable of its own, or by one from the far end of what it hangs on. */
function joinPort(draft: Draft, ports: readonly HostPort[], port: string, router: string): void {
  const segment = segmentOf(draft, port);
  if (segment.some((node) => node.name === router)) return;
  const far = segment.findLast((node) => node.kind !== "client" && node.kind !== "server");
  const radio = far === undefined && ports.find((one) => one.name === port)?.ssid !== undefined;
  const medium = radio ? "radio" : "cable";
  const from = far === undefined ? { from: hostName, port } : { from: far.name };
  addEdge(draft, { ...from, to: router, medium, wan: false, assumed: true });
}

function leadsToGateway(draft: Draft, port: string): boolean {
  return segmentOf(draft, port).some((node) => node.gateway !== undefined);
}

/** A LAN without a router in which a declared machine bears the gateway's address (or none is named) is all there is: a bench, not a house. */
function endsAtPeer(draft: Draft, port: string, host: HostAddressing): boolean {
  const segment = segmentOf(draft, port);
  if (segment.some((node) => node.kind === "router" || node.kind === "modem")) return false;
  return segment.some((node) => {
    const address = node.device?.address?.split("/")[0];
    const isPeer = node.kind === "server" || node.kind === "client";
    return isPeer && address !== undefined && (host.gateway === undefined || address === host.gateway);
  });
}

/** A port whose LAN has a router but no gateway yet: the router that bears the gateway's address, else the nearest. */
function claimOwnRouter(draft: Draft, port: string, host: HostAddressing): void {
  if (leadsToGateway(draft, port)) return;
  const segment = segmentOf(draft, port);
  const bearer = segment.find(
    (node) =>
      node.kind === "router" && host.gateway !== undefined && node.device?.address?.split("/")[0] === host.gateway,
  );
  const router = bearer ?? freeRouter(segment);
  if (router !== undefined) claim(draft, router.name, host, undefined);
}

/** Ports that lead to no router and are no uplink's hang on the first gateway that is no uplink's either; where there is none, on an assumed
 *  switch before an assumed router. */
function joinRest(draft: Draft, ports: readonly HostPort[], apart: readonly HostPort[], host: HostAddressing): void {
  const known = draft.nodes.find((node) => node.gateway !== undefined && node.gateway.uplink === undefined);
  const idle = draft.nodes.find((node) => node.kind === "router" && node.gateway === undefined);
  const router = known ?? idle ?? assumeRouter(draft, "router");
  if (known === undefined) claim(draft, router.name, host, undefined);
  const bare = apart.filter((port) => edgeOf(draft, port.name) === undefined && port.ssid === undefined);
  let entry = router.name;
  if (router.assumed && bare.length > 1) {
    entry = freshName("switch", draft.nodeNames);
    draft.nodes.push({ name: entry, label: entry, kind: "switch", assumed: true });
    addEdge(draft, { from: entry, to: router.name, medium: "cable", wan: false, assumed: true });
  }
  for (const port of apart) joinPort(draft, ports, port.name, bare.includes(port) ? entry : router.name);
}

function claim(draft: Draft, name: string, host: HostAddressing, uplink: Uplink | undefined): void {
  const index = draft.nodes.findIndex((node) => node.name === name);
  const node = draft.nodes[index];
  if (node === undefined || node.gateway !== undefined) return;
  const lan = lanAddress(node, host, uplink);
  draft.nodes[index] = { ...node, gateway: { lan, ...(uplink === undefined ? {} : { uplink }) } };
}

/** The router's LAN address: the declared gateway in the network of whoever names it, else the device's own, else the first free of the host's
 *  network, else the commonest of all. */
function lanAddress(node: GraphNode, host: HostAddressing, uplink: Uplink | undefined): string {
  const said = uplink?.gateway ?? host.gateway;
  const gateway = said === undefined ? undefined : parseSubnet(said);
  const near = [uplink?.address, host.cidr, node.device?.address]
    .flatMap((cidr) => (cidr === undefined ? [] : (parseSubnet(cidr, 24) ?? [])))
    .filter((subnet) => subnet.prefix < 31);
  if (gateway !== undefined) {
    const prefix = near.find((subnet) => contains(subnet, gateway.address))?.prefix ?? 24;
    return subnetText({ address: gateway.address, prefix });
  }
  const own = node.device?.address === undefined ? undefined : parseSubnet(node.device.address, 24);
  return subnetText(own ?? besideHost(near[0]));
}

function besideHost(subnet: Subnet | undefined): Subnet {
  const common: Subnet = { address: 192 * 2 ** 24 + 168 * 2 ** 16 + 2 ** 8 + 1, prefix: 24 };
  if (subnet === undefined) return common;
  const address = freeAddress(subnet, new Set([subnet.address]), 1);
  return address === undefined ? common : { address, prefix: subnet.prefix };
}

/** A gateway without a modem has the Internet on its WAN; a modem on a router's WAN has it behind itself. */
function leadOut(draft: Draft, node: GraphNode): void {
  const behindRouter = draft.edges.some((edge) => edge.wan && (edge.to === node.name || edge.from === node.name));
  if (node.gateway !== undefined && !behindRouter) {
    addEdge(draft, { from: node.name, to: internetName, medium: "cable", wan: true, assumed: true });
  } else if (node.kind === "modem" && onWan(draft, node.name)) {
    addEdge(draft, { from: node.name, to: internetName, medium: "cable", wan: false, assumed: true });
  } else if (node.kind === "router" && node.gateway === undefined) {
    draft.notes.push(`${node.label} is not the host's gateway and stands as a switch`);
  }
}

/** Whether a modem lies on some router's WAN, directly or behind converters. */
function onWan(draft: Draft, modem: string): boolean {
  const stretch = lanSegment(draft, modem);
  return draft.edges.some((edge) => edge.wan && edge.to !== internetName && stretch.includes(edge.to));
}
