import type { SeenRouter } from "../../model/host-surroundings.ts";
import type { NetworkSight } from "../../model/network-sight.ts";
import { edgeOfPort, type Graph, type GraphNode, gateways, nodeNamed } from "../graph.ts";
import type { Found } from "./sighting.ts";

/** What is one box by its MAC addresses, or seems to be: two routers, or a router (or switch) and an access point. */
export function seenBoxes(graph: Graph, sight: NetworkSight): readonly Found[] {
  const routers = sight.routers.filter(
    ({ mac, address }, at) => mac !== "" && sight.routers.findIndex((one) => one.address === address) === at,
  );
  return [
    ...routers.filter(({ mac }) => isVirtual(mac)).map(sharedAddress),
    ...pairsOf(routers).flatMap(([one, other]) => twoRouters(graph, one, other) ?? []),
    ...withAccessPoint(graph, sight),
  ];
}

/** Addresses that redundant routers share: VRRP (and CARP), HSRP, GLBP. Source: RFC 9568, section 7.3; Cisco's documents on the others. */
const virtualPrefixes = ["00:00:5e:00:01:", "00:00:5e:00:02:", "00:00:0c:07:ac:", "00:00:0c:9f:f", "00:07:b4:00:"];

function isVirtual(mac: string): boolean {
  return virtualPrefixes.some((prefix) => mac.startsWith(prefix));
}

function sharedAddress({ address, mac, link }: SeenRouter): Found {
  return {
    kind: "shared-address",
    certainty: "certain",
    declared: "unsaid",
    text: `the router ${address} answers from ${mac}, an address that redundant routers share: there may be two of it`,
    ports: [link],
    broken: { nodes: new Set(), edges: new Set() },
  };
}

function pairsOf<Thing>(things: readonly Thing[]): readonly (readonly [Thing, Thing])[] {
  return things.flatMap((one, at) => things.slice(at + 1).map((other) => [one, other] as const));
}

/** One box may answer for both families, and for an address on every link: only two routers of one family are a pair. */
function twoRouters(graph: Graph, one: SeenRouter, other: SeenRouter): Found | undefined {
  const kin = kinship(one.mac, other.mac);
  const sameFamily = one.address.includes(":") === other.address.includes(":");
  if (kin === undefined || !sameFamily) return undefined;
  const nodes = [one, other].map((router) => gatewayOf(graph, router));
  const why = kin === "same" ? `both answer from ${one.mac}` : neighbours(one.mac, other.mac);
  const ends = `${sayRouter(nodes[0], one)} and ${sayRouter(nodes[1], other)}`;
  return {
    kind: "one-router",
    certainty: kin === "same" ? "certain" : "likely",
    declared: standing(nodes),
    text: kin === "same" ? `${ends} are one device: ${why}` : `${ends} are likely one device: ${why}`,
    ports: [...new Set([one.link, other.link])],
    broken: brokenNodes(nodes),
    piece: { id: `seen-mac-${one.mac}`, label: `the router behind ${ends}`, kind: "router" },
  };
}

/** Two routers may have one address, on two sides: then the link says which it is, or nothing does. */
function gatewayOf(graph: Graph, { address, link }: SeenRouter): GraphNode | undefined {
  const bearers = gateways(graph).filter(({ gateway }) => gateway.lan.split("/")[0] === address);
  return bearers.length === 1 ? bearers[0] : bearers.find(({ gateway }) => gateway.uplink?.port === link);
}

function sayRouter(node: GraphNode | undefined, { address }: SeenRouter): string {
  return node === undefined ? address : `${node.label} (${address})`;
}

interface Box {
  readonly text: string;
  readonly mac: string;
  readonly node: GraphNode | undefined;
}

function withAccessPoint(graph: Graph, sight: NetworkSight): readonly Found[] {
  const boxes = boxesOf(graph, sight);
  return sight.accessPoints.flatMap(({ link, bssid, ssid }): readonly Found[] => {
    const point = nodeBehind(graph, link);
    const name = ssid === "" ? `the access point of ${link}` : `the access point of ${link} (${ssid})`;
    const box = nearestKin(boxes, bssid);
    if (box === undefined) return [];
    const isSame = kinship(box.mac, bssid) === "same";
    const one = isSame ? `one box: both bear ${bssid}` : `likely one box: ${neighbours(box.mac, bssid)}`;
    return [
      {
        kind: "one-box",
        certainty: isSame ? "certain" : "likely",
        declared: standing([box.node, point]),
        text: `${box.text} and ${name} are ${one}`,
        ports: [link],
        broken: brokenNodes([box.node, point]),
      },
    ];
  });
}

/** The box whose number is the nearest: of a router and a switch by one maker it is the one with the radio in it. The first of equals. */
function nearestKin(boxes: readonly Box[], bssid: string): Box | undefined {
  const kin = boxes.filter(({ mac }) => kinship(mac, bssid) !== undefined);
  return kin.toSorted((one, other) => distance(one.mac, bssid) - distance(other.mac, bssid))[0];
}

/** How far apart two addresses of one maker are; the same one is nearer than its twin with the bit for locally given addresses. */
function distance(one: string, other: string): number {
  if (one === other) return -1;
  return Math.abs((numbers(one)?.serial ?? 0) - (numbers(other)?.serial ?? 0));
}

/** Routers first: where a router speaks LLDP as well it is still the router. */
function boxesOf(graph: Graph, { routers, ports }: NetworkSight): readonly Box[] {
  const asked = routers.map((router): Box => {
    const node = gatewayOf(graph, router);
    return { text: `the router ${sayRouter(node, router)}`, mac: router.mac, node };
  });
  const heard = ports.flatMap(({ port, neighbours, bridges }): readonly Box[] => {
    const node = nodeBehind(graph, port);
    const chassis = neighbours.flatMap(({ chassis: { kind, value } }) => (kind === "mac" ? [value] : []));
    const macs = new Set([...chassis, ...bridges.map(({ mac }) => mac)]);
    return [...macs].map((mac) => ({ text: `what ${port} hangs on`, mac, node }));
  });
  return [...asked.filter(({ mac }) => mac !== "" && !isVirtual(mac)), ...heard];
}

function nodeBehind(graph: Graph, port: string): GraphNode | undefined {
  const edge = edgeOfPort(graph, port);
  return edge === undefined ? undefined : nodeNamed(graph, edge.to);
}

function standing(nodes: readonly (GraphNode | undefined)[]): Found["declared"] {
  const [one, other] = nodes;
  if (one === undefined || other === undefined) return "unsaid";
  if (one.name === other.name) return "fits";
  return one.assumed || other.assumed ? "unsaid" : "unlike";
}

function brokenNodes(nodes: readonly (GraphNode | undefined)[]): Found["broken"] {
  return { nodes: new Set(nodes.flatMap((node) => node?.name ?? [])), edges: new Set() };
}

function neighbours(one: string, other: string): string {
  return `their MAC addresses are neighbours (${one}, ${other})`;
}

/** Makers number a box's interfaces one after the other, and radios often with the bit for locally given addresses. */
const nearby = 16;

/** Whether two MAC addresses are the same, or neighbours in one maker's numbers. Addresses that both were given locally have no maker. */
function kinship(one: string, other: string): "same" | "near" | undefined {
  if (isVirtual(one) || isVirtual(other)) return undefined;
  if (one === other) return "same";
  const [a, b] = [numbers(one), numbers(other)];
  if (a === undefined || b === undefined || (a.isLocal && b.isLocal) || a.maker !== b.maker) return undefined;
  return Math.abs(a.serial - b.serial) <= nearby ? "near" : undefined;
}

function numbers(mac: string) {
  const bytes = mac.split(":").map((pair) => Number.parseInt(pair, 16));
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = bytes;
  if (bytes.length !== 6 || bytes.some(Number.isNaN)) return undefined;
  const universal = a & ~2;
  return { isLocal: (a & 2) !== 0, maker: (universal << 16) | (b << 8) | c, serial: (d << 16) | (e << 8) | f };
}
