import type { Config } from "../model/config.ts";
import { buildGraph } from "./build-graph.ts";
import { type Graph, type GraphEdge, type GraphNode, hostName, internetName, lanPeer } from "./graph.ts";
import type { FlowSpec, LabNode, LabPlan, Wire, WireEnd } from "./lab-plan.ts";
import { deviceName, macFor } from "./names.ts";
import { type NodePlan, planNodes } from "./plan-nodes.ts";
import { type RadioEdges, type RadioLinks, radioEdges, radioNotes } from "./radios.ts";
import { intact, reaches } from "./reach.ts";
import { loopGuards } from "./spanning-tree.ts";

/** What the lab must build to stand for a declared topology. Total and deterministic: the same Config gives the same names and MAC addresses;
 *  whatever is not declared is assumed and said in `notes`. */
export function compilePlan(config: Config, links: RadioLinks = "wires"): LabPlan {
  return planOfGraph(buildGraph(config), config, links);
}

/** As `compilePlan`, for a graph already built from `config`. */
export function planOfGraph(graph: Graph, config: Config, links: RadioLinks = "wires"): LabPlan {
  const guards = loopGuards(graph);
  const named = nameDevices(graph);
  const plans = planNodes(graph, config, { guards: guards.delays, devices: named.devices, macs: named.macs });
  const stubs = stubWires(graph, named);
  const radios = radioEdges(graph, config, links);
  const nodes = plans.map((plan) => plan.node);
  const delays = nodes.flatMap((node) => node.bridge?.stpForwardDelay ?? []);
  return {
    nodes: stubs.length === 0 ? nodes : [...nodes, stubNode],
    wires: [...graph.edges.map((edge) => wireOf({ graph, named, radios }, edge)), ...stubs],
    flows: flowsOf(graph, plans),
    notes: [...graph.notes, ...guards.notes, ...radioNotes(radios), ...assumptions(graph)],
    // Listening and learning take the delay once each; a second more covers the first hello.
    ...(delays.length === 0 ? {} : { settleMs: Math.max(...delays) * 2000 + 1000 }),
  };
}

/** Names and MAC addresses of all wire ends. */
interface Named {
  /** Key "EDGE/NODE". */
  readonly devices: ReadonlyMap<string, string>;
  /** MAC addresses given so far. */
  readonly macs: Set<string>;
  readonly macOf: ReadonlyMap<string, string>;
}

/** A device is called after what is at the other end of its wire; a router's WANs are wan0, wan1…; the host's are the user's own names. */
function nameDevices(graph: Graph): Named {
  const taken = new Map(graph.nodes.map((node) => [node.name, new Set(["lo", "br0", "br-lan", "br-inet"])]));
  const macs = new Set(graph.ports.flatMap((port) => port.mac ?? []));
  const devices = new Map<string, string>();
  const macOf = new Map<string, string>();
  for (const edge of graph.edges) {
    for (const node of [edge.from, edge.to]) {
      const names = taken.get(node) ?? new Set();
      const wans = [...names].filter((name) => /^wan\d+$/.test(name)).length;
      const far = edge.port ?? (edge.from === node ? edge.to : edge.from);
      const device = deviceName(edge.wan && node === edge.from ? `wan${wans}` : far, names);
      const port = node === hostName ? graph.ports.find((one) => one.name === edge.port) : undefined;
      devices.set(`${edge.id}/${node}`, device);
      macOf.set(`${edge.id}/${node}`, port?.mac ?? letIn(graph, edge, node, macs) ?? macFor(`${node}/${device}`, macs));
    }
  }
  return { devices, macs, macOf };
}

/** The address of a station about which nothing is said: one that its access point's filter lets in, while there are any. */
function letIn(graph: Graph, edge: GraphEdge, node: string, taken: Set<string>): string | undefined {
  if (edge.medium !== "radio" || node !== edge.from) return undefined;
  const filter = graph.nodes.find(({ name }) => name === edge.to)?.device?.offers?.macFilter ?? [];
  const free = filter.find((mac) => !taken.has(mac));
  if (free !== undefined) taken.add(free);
  return free;
}

interface Wiring {
  readonly graph: Graph;
  readonly named: Named;
  readonly radios: RadioEdges;
}

function wireOf({ graph, named, radios }: Wiring, edge: GraphEdge): Wire {
  const radio = radios.get(edge);
  // All that join one access point end at the one interface it has for them.
  const shared = [...radios].find(([other, found]) => other.to === edge.to && typeof found === "object")?.[0];
  const end = (node: string): WireEnd => {
    const id = typeof radio === "object" && node === edge.to ? (shared?.id ?? edge.id) : edge.id;
    const dev = named.devices.get(`${id}/${node}`) ?? edge.id;
    const mac = named.macOf.get(`${id}/${node}`) ?? "";
    return { node, dev, mac, bridged: isBridged(graph, edge, node) };
  };
  // An end that holds an address comes first: a wire is cut at its second end, and an interface that is set down forgets its routes.
  const [a, b] =
    isBridged(graph, edge, edge.from) && !isBridged(graph, edge, edge.to) ? [edge.to, edge.from] : [edge.from, edge.to];
  return { id: edge.id, a: end(a), b: end(b), ...(typeof radio === "object" ? { radio } : {}) };
}

function isBridged(graph: Graph, edge: GraphEdge, name: string): boolean {
  const kind = graph.nodes.find((node) => node.name === name)?.kind;
  if (kind === "host" || kind === "client" || kind === "server") return false;
  return !(edge.wan && name === edge.from);
}

/** A port outside the bond that nothing is said about must exist for the host's files to come up; it hangs on a switch that leads nowhere. */
const stubNode: LabNode = {
  name: "elsewhere",
  bridge: { name: "br0", mac: macFor("elsewhere/br0", new Set()) },
  addresses: [],
  routes: [],
  forwards: false,
  masquerade: [],
};

function stubWires(graph: Graph, named: Named): readonly Wire[] {
  const taken = new Set<string>(["lo", "br0"]);
  const bare = graph.ports.filter((port) => !graph.edges.some((edge) => edge.port === port.name));
  return bare.map((port) => {
    const dev = deviceName(port.name, taken);
    const mac = port.mac ?? macFor(`${hostName}/${port.name}`, named.macs);
    return {
      id: `elsewhere-${dev}`,
      a: { node: hostName, dev, mac, bridged: false },
      b: { node: stubNode.name, dev, mac: macFor(`elsewhere/${dev}`, named.macs), bridged: true },
    };
  });
}

/** A flow to the far server through the NAT, and one to the LAN client, each where there is a way while nothing is broken. */
function flowsOf(graph: Graph, plans: readonly NodePlan[]): readonly FlowSpec[] {
  const flows: FlowSpec[] = [];
  const addressOf = (name: string) => plans.find((plan) => plan.node.name === name)?.address;
  const far = addressOf(internetName);
  if (far !== undefined && reaches(graph, intact, hostName, internetName)) {
    flows.push({ id: "internet", peer: internetName, peerAddress: far, tcp: true });
  }
  const client = lanPeer(graph);
  const near = client === undefined ? undefined : addressOf(client.name);
  if (client !== undefined && near !== undefined && reaches(graph, intact, hostName, client.name)) {
    const own = graph.host.cidr?.split("/")[0];
    flows.push({
      id: "lan",
      peer: client.name,
      peerAddress: near,
      tcp: true,
      ...(own === undefined ? {} : { hostAddress: own }),
    });
  }
  return flows;
}

function assumptions(graph: Graph): readonly string[] {
  const guessed = graph.edges.filter((edge) => edge.assumed && edge.port !== undefined);
  const label = (node: GraphNode | undefined) => node?.label ?? "";
  return [
    ...guessed.map((edge) => {
      const node = graph.nodes.find((one) => one.name === edge.to);
      return `nothing is said of where ${edge.port} leads: taken to lead to ${label(node)}`;
    }),
  ];
}
