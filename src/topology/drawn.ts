import type { Config, PowerDomain } from "../model/config.ts";
import { buildGraph } from "./build-graph.ts";
import { hostFace } from "./came-up.ts";
import { carryingPorts, type GraphNode } from "./graph.ts";
import type { Scenario } from "./lab-plan.ts";
import { drawRoute, midway } from "./picture-edges.ts";
import { inWords, type PortState, pictureFacts, wayOut } from "./picture-facts.ts";
import { layOut } from "./picture-layout.ts";
import { intact } from "./reach.ts";
import { allScenarios } from "./scenarios.ts";

/** The picture of a topology as data, for who draws it live: everything has its place, in px, and nothing its colour. */
export interface DrawnTopology {
  readonly width: number;
  readonly height: number;
  readonly host: DrawnHost;
  /** The host's ports; x and y are the middle of the chip's right border, which lies on the host's. */
  readonly ports: readonly DrawnPort[];
  /** Everything but the host; x and y are the card's centre. */
  readonly devices: readonly DrawnDevice[];
  readonly wires: readonly DrawnWire[];
  readonly cardWidth: number;
  readonly cardHeight: number;
  readonly domains: readonly PowerDomain[];
  /** The same in a sentence. */
  readonly words: string;
  /** What was assumed or left out, one sentence each. */
  readonly notes: readonly string[];
}

export interface DrawnHost {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  /** The bond, its mode, its address: as declared; "" where nothing is. */
  readonly title: string;
  readonly mode: string;
  readonly address: string;
  readonly power?: string;
}

export interface DrawnPort {
  readonly name: string;
  readonly x: number;
  readonly y: number;
  /** In the bond the picture is about. */
  readonly carries: boolean;
  readonly ssid?: string;
  /** USB hubs it hangs on, nearest first. */
  readonly hubs: readonly string[];
  /** Ids of the wires its packets take to where they go, from the host on, and the devices they pass, with the last. Empty: it leads nowhere. */
  readonly wires: readonly string[];
  readonly devices: readonly string[];
}

export interface DrawnDevice {
  readonly name: string;
  readonly label: string;
  readonly kind: GraphNode["kind"];
  readonly x: number;
  readonly y: number;
  /** Nobody declared it. */
  readonly assumed: boolean;
  readonly power?: string;
  /** What tells it from others of its kind: address or network; "" nothing. */
  readonly about: string;
}

export interface DrawnWire {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly medium: "cable" | "powerline" | "radio";
  readonly port?: string;
  /** SVG path data, and the point half-way with the direction there in degrees. */
  readonly path: string;
  readonly middle: { readonly x: number; readonly y: number; readonly turn: number };
}

/** A fault as it shows in the picture. */
export interface DrawnFault {
  /** The scenario's id: "off-plc-b". */
  readonly id: string;
  /** "plc-b loses power" */
  readonly fault: string;
  readonly kind: Scenario["kind"];
  /** Names of devices and ids of wires that it strikes, and of all that are dead with it. */
  readonly strikes: readonly string[];
  readonly dead: readonly string[];
  /** What each port does then. */
  readonly ports: Readonly<Record<string, PortState>>;
  /** Wires on the way that is left; none: there is none. */
  readonly live: readonly string[];
}

/** Draws a configuration's topology. Total. */
export function drawTopology(config: Config): DrawnTopology {
  const graph = buildGraph(config);
  const face = hostFace(graph, config, undefined);
  const layout = layOut(graph, 0);
  const host = graph.nodes.find((node) => node.kind === "host");
  return {
    width: layout.width,
    height: layout.height - 40,
    host: {
      ...layout.host,
      title: face.title,
      mode: face.mode,
      address: face.address,
      ...(host?.power === undefined ? {} : { power: host.power }),
    },
    ports: layout.chips.map(({ port, x, y }) => drawnPort(graph, port, { x, y })),
    devices: layout.cards.map(({ node, x, y }) => ({
      name: node.name,
      label: node.label,
      kind: node.kind,
      x,
      y,
      assumed: node.assumed && node.kind !== "internet",
      ...(node.power === undefined ? {} : { power: node.power }),
      about: aboutOf(node),
    })),
    wires: layout.routes.map((route) => {
      const { path, line } = drawRoute(route);
      const { id, from, to, medium, port } = route.edge;
      return { id, from, to, medium, ...(port === undefined ? {} : { port }), path, middle: midway(line) };
    }),
    cardWidth: layout.cardWidth,
    cardHeight: 80,
    domains: graph.domains,
    words: inWords(graph, pictureFacts(graph, undefined)),
    notes: graph.notes,
  };
}

/** What every rehearsed fault would do, as it shows in the picture. */
export function drawFaults(config: Config): readonly DrawnFault[] {
  const graph = buildGraph(config);
  return allScenarios(config).map((scenario) => {
    const facts = pictureFacts(graph, scenario);
    return {
      id: scenario.id,
      fault: scenario.fault,
      kind: scenario.kind,
      strikes: scenario.strikes,
      dead: [...facts.broken.nodes, ...facts.broken.edges],
      ports: Object.fromEntries(facts.states),
      live: [...facts.live],
    };
  });
}

function drawnPort(
  graph: ReturnType<typeof buildGraph>,
  name: string,
  place: { readonly x: number; readonly y: number },
): DrawnPort {
  const port = graph.ports.find((one) => one.name === name);
  const way = carryingPorts(graph).some((one) => one.name === name) ? wayOut(graph, intact, name) : [];
  let at = graph.nodes[0]?.name ?? "";
  const devices = way.map((edge) => {
    at = edge.from === at ? edge.to : edge.from;
    return at;
  });
  return {
    name,
    ...place,
    carries: port?.carries ?? false,
    ...(port?.ssid === undefined ? {} : { ssid: port.ssid }),
    hubs: port?.hubs ?? [],
    wires: way.map((edge) => edge.id),
    devices,
  };
}

function aboutOf({ gateway, device }: GraphNode): string {
  if (gateway !== undefined) return gateway.lan.split("/")[0] ?? "";
  if (device?.wifi !== undefined) return `Wi-Fi ${device.wifi}`;
  return device?.address?.split("/")[0] ?? "";
}
