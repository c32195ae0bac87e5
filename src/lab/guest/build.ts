import { writeFileSync } from "node:fs";
import type { LabNode, LabPlan, Wire, WireEnd } from "../../topology/lab-plan.ts";
import { accessPoints, startAccessPoint, startStations } from "./access-points.ts";
import { inside, type Namespace, newNamespace, ownNamespace } from "./namespaces.ts";
import { ask, indexOf, type Network, namespaceOf, nodeOf, tell } from "./network.ts";
import { openRadioMaker } from "./radios.ts";
import {
  encodeAddress,
  encodeBridge,
  encodeMaster,
  encodeRoute,
  encodeUp,
  encodeVlan,
  encodeWire,
} from "./requests.ts";
import { startServices } from "./services.ts";

/** Builds the plan in the kernel: namespaces, wires, bridges, addresses, routes, NAT, DHCP and DNS. Everything but NAT and
 *  dnsmasq goes through rtnetlink, because a process costs 20–50 ms in here. Throws naming what the kernel refused. */
export function buildNetwork(plan: LabPlan, keys: Network["keys"] = {}): Network {
  const home = ownNamespace("host");
  const namespaces = new Map<string, Namespace>([["host", home]]);
  for (const node of plan.nodes) {
    if (node.name === "host") continue;
    const namespace = newNamespace(node.name, home);
    namespaces.set(node.name, namespace);
    inside(namespace, home, () => setSwitches(node));
  }
  const network: Network = { plan, home, namespaces, keys };
  for (const node of plan.nodes) ask(namespaceOf(network, node.name), encodeUp(1, "up"), "lo up");
  for (const wire of plan.wires) if (wire.radio === undefined) layWire(network, wire);
  makeRadios(network);
  for (const node of plan.nodes) buildNode(network, node);
  for (const node of plan.nodes) startServices(network, node);
  for (const point of accessPoints(plan)) startAccessPoint(network, point, { key: keys[point.radio.ssid] });
  startStations(network);
  return network;
}

/** Gives a node back what it lost when one of its interfaces went down: IPv6 addresses and routes. What can't stand yet, because
 *  another of its interfaces is still down, is given back with that one. */
export function restore(network: Network, name: string): void {
  const namespace = namespaceOf(network, name);
  const node = nodeOf(network, name);
  for (const { request, what } of [...addressRequests(network, node), ...routeRequests(network, node)]) {
    tell(namespace, request, what);
  }
}

interface Request {
  readonly request: Uint8Array;
  readonly what: string;
}

function addressRequests(network: Network, node: LabNode): readonly Request[] {
  return node.addresses.map(({ dev, cidr }) => ({
    request: encodeAddress(indexOf(network, node.name, dev), cidr),
    what: `address ${cidr} on ${dev}`,
  }));
}

function routeRequests(network: Network, node: LabNode): readonly Request[] {
  return node.routes.map(({ to, via, dev }) => {
    const out = dev === undefined ? {} : { index: indexOf(network, node.name, dev) };
    const hop = via === undefined ? {} : { via };
    return { request: encodeRoute({ to, ...hop, ...out }), what: `route to ${to}` };
  });
}

/** Behaviour that must be set before the first interface appears. */
function setSwitches(node: LabNode): void {
  const hasIpv6 = node.addresses.some(({ cidr }) => cidr.includes(":"));
  setSwitch("ipv6/conf/all/disable_ipv6", hasIpv6 ? "0" : "1");
  setSwitch("ipv6/conf/default/disable_ipv6", hasIpv6 ? "0" : "1");
  setSwitch("ipv6/conf/default/accept_dad", "0");
  setSwitch("ipv6/conf/all/forwarding", node.forwards ? "1" : "0");
  setSwitch("ipv4/ip_forward", node.forwards ? "1" : "0");
  // A node answers ARP only for addresses of the interface asked: a router must not offer its WAN side on its LAN.
  setSwitch("ipv4/conf/all/arp_ignore", "1");
  setSwitch("ipv4/conf/default/arp_ignore", "1");
}

function setSwitch(name: string, value: string): void {
  writeFileSync(`/proc/sys/net/${name}`, value);
}

function layWire(network: Network, wire: Wire): void {
  const end = ({ node, dev, mac }: WireEnd) => ({ dev, mac, namespaceFd: namespaceOf(network, node).fd });
  ask(network.home, encodeWire(end(wire.a), end(wire.b)), `wire ${wire.id}`);
}

/** Those of access points first: they leave the host's namespace before the host's own come, whose names they may have. */
function makeRadios(network: Network): void {
  const wires = network.plan.wires.filter(({ radio }) => radio !== undefined);
  if (wires.length === 0) return;
  const maker = openRadioMaker(network.home);
  for (const { end } of accessPoints(network.plan)) {
    maker.make(end, "access-point", namespaceOf(network, end.node));
  }
  for (const { a } of wires) maker.make(a, "station", namespaceOf(network, a.node));
  if (wires.some(({ radio }) => radio?.country !== undefined)) maker.loadRules();
  maker.close();
}

function buildNode(network: Network, node: LabNode): void {
  const namespace = namespaceOf(network, node.name);
  if (node.bridge !== undefined) {
    ask(namespace, encodeBridge(node.bridge), `bridge ${node.bridge.name}`);
    const bridge = indexOf(network, node.name, node.bridge.name);
    for (const { dev, bridged } of cabledEnds(network.plan, node.name)) {
      if (bridged) ask(namespace, encodeMaster(indexOf(network, node.name, dev), bridge), `${dev} into the bridge`);
    }
    ask(namespace, encodeUp(bridge, "up"), `${node.bridge.name} up`);
  }
  // The host's own ports stay down until its network manager brings them up.
  const ends = node.name === "host" ? [] : cabledEnds(network.plan, node.name);
  for (const { dev } of ends) ask(namespace, encodeUp(indexOf(network, node.name, dev), "up"), `${dev} up`);
  for (const vlan of node.vlans ?? []) {
    ask(namespace, encodeVlan(vlan, indexOf(network, node.name, vlan.parent)), `VLAN ${vlan.name}`);
    ask(namespace, encodeUp(indexOf(network, node.name, vlan.name), "up"), `${vlan.name} up`);
  }
  for (const { request, what } of addressRequests(network, node)) ask(namespace, request, what);
  for (const { request, what } of routeRequests(network, node)) ask(namespace, request, what);
}

/** The wire ends that belong to a node; an access point's interface once, however many join it. */
export function endsOf(plan: LabPlan, node: string): readonly WireEnd[] {
  const ends = plan.wires.flatMap(({ a, b }) => [a, b]).filter((end) => end.node === node);
  return [...new Map(ends.map((end) => [end.dev, end])).values()];
}

/** Without the interfaces of access points, which are hostapd's business. */
function cabledEnds(plan: LabPlan, node: string): readonly WireEnd[] {
  const radios = accessPoints(plan).map(({ end }) => end);
  return endsOf(plan, node).filter((end) => !radios.some((one) => one.node === end.node && one.dev === end.dev));
}
