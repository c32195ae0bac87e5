import type { Config } from "../../model/config.ts";
import { type NetworkSight, nothingHeard } from "../../model/network-sight.ts";
import { buildGraph } from "../build-graph.ts";
import { planOfGraph } from "../compile-plan.ts";
import { carryingPorts, type Graph, goalOf, hostName, lanPeer, nodeNamed } from "../graph.ts";
import { type Broken, reaches } from "../reach.ts";
import { type Advice, advise } from "./advice.ts";
import { type Assessment, assess, assessBriefly, structuresOf } from "./assess.ts";
import { type Part, partsOf } from "./parts.ts";
import { type PlacedPort, sharedHardware } from "./shared-hardware.ts";
import type { Sighting } from "./sighting.ts";
import { saidOf, seenParts, sightingsOf } from "./sightings.ts";

/** What else dies with what. */
export interface Audit {
  /** What the host is to reach, the most important first. Empty: it leads nowhere. */
  readonly goals: readonly AuditedGoal[];
  /** Everything that can fail, in the order of what it costs the first goal. */
  readonly parts: readonly AuditedPart[];
  /** Best first. */
  readonly advice: readonly Advice[];
  /** What the UPS is worth: time without the first goal if all it feeds hung on the mains, ms a year. Absent: there is no UPS. */
  readonly withoutUpsMs?: number;
  /** What is left of the ways to the first goal when the mains fail. Absent: there is no UPS. */
  readonly brownout?: Brownout;
  /** What the network itself says hangs together. Empty: nobody listened, or nobody said. */
  readonly sightings: readonly Sighting[];
  /** What had to be assumed, one sentence each. */
  readonly notes: readonly string[];
}

/** Ports that still lead there without the mains, the host itself taken to be alive. */
export interface Brownout {
  readonly portsLeft: readonly string[];
  /** The same if all that the UPS feeds hung on the mains. */
  readonly withoutUps: readonly string[];
  /** How long the UPS is said to last, ms: the shortest of several. Absent: nobody says. */
  readonly runtimeMs?: number;
}

export interface AuditedGoal extends Assessment {
  /** The node's name. */
  readonly name: string;
  /** For people: "the Internet", "the client laptop". */
  readonly label: string;
}

export interface AuditedPart extends Part {
  /** Names of the goals that are lost when this alone fails. */
  readonly cuts: readonly string[];
  /** Ports of the bond that still lead to the first goal while this has failed. */
  readonly portsLeft: readonly string[];
}

/** Audits what a configuration declares, together with the places of the host's ports in its hardware (none: nothing is known of them) and
 *  with what the network itself says. */
export function audit(config: Config, placed: readonly PlacedPort[] = [], sight: NetworkSight = nothingHeard): Audit {
  const graph = buildGraph(config);
  const seen = sightingsOf(graph, sight);
  const parts = everyPart(graph, config, placed, sight);
  const structures = structuresOf(graph);
  const goals = goalsOf(graph).map(({ name, label }) => ({ name, label, ...assess(structures, parts, name) }));
  const [first] = goals;
  const cost = (part: Part) => first?.share.get(part.id) ?? 0;
  return {
    goals,
    parts: parts
      .map((part) => auditedPart(graph, part, goals))
      .toSorted((one, other) => other.cuts.length - one.cuts.length || cost(other) - cost(one)),
    advice: first === undefined ? [] : advise(graph, structures, parts, first.name),
    ...(first === undefined
      ? {}
      : upsWorth(config, graph, first.name, (each, other) => everyPart(each, other, placed, sight))),
    sightings: seen.map((one) =>
      saidOf(
        graph,
        one,
        goals.map(({ name }) => name),
      ),
    ),
    notes: graph.notes,
  };
}

function everyPart(graph: Graph, config: Config, placed: readonly PlacedPort[], sight: NetworkSight): readonly Part[] {
  const ground = { graph, plan: planOfGraph(graph, config) };
  return [...partsOf(ground, config, sharedHardware(placed)), ...seenParts(sightingsOf(graph, sight))];
}

function goalsOf(graph: Graph): readonly { readonly name: string; readonly label: string }[] {
  const main = nodeNamed(graph, goalOf(graph) ?? "");
  const peer = lanPeer(graph);
  const named = [main, peer?.assumed === true ? undefined : peer];
  const known = new Map(named.flatMap((node) => (node === undefined ? [] : [[node.name, node]])));
  return [...known.values()].map(({ name, label, kind }) => ({
    name,
    label: kind === "internet" ? "the Internet" : label,
  }));
}

function auditedPart(graph: Graph, part: Part, goals: readonly AuditedGoal[]): AuditedPart {
  const [first] = goals;
  const lost = (goal: string) => !reaches(graph, part.broken, hostName, goal);
  return {
    ...part,
    cuts: goals.map((goal) => goal.name).filter(lost),
    portsLeft: first === undefined ? [] : portsLeft(graph, part.broken, first.name),
  };
}

function portsLeft(graph: Graph, broken: Broken, goal: string): readonly string[] {
  const names = carryingPorts(graph).map((port) => port.name);
  return names.filter((port) => reaches(graph, broken, hostName, goal, [port]));
}

/** What is left while the mains are gone and the UPS, if there is one, still lasts. */
function inTheDark(graph: Graph, parts: readonly Part[], goal: string): readonly string[] {
  const mains = parts.find(({ id, kind }) => kind === "mains" && id !== "power-mains-no-ups");
  return portsLeft(graph, mains?.broken ?? { nodes: new Set(), edges: new Set() }, goal);
}

/** The same house with everything that hangs on a UPS on the mains instead. The host itself is taken to stay alive either way, or there
 *  would be nothing to compare. */
function upsWorth(
  config: Config,
  graph: Graph,
  goal: string,
  partsIn: (graph: Graph, config: Config) => readonly Part[],
): Pick<Audit, "withoutUpsMs" | "brownout"> {
  const { topology } = config;
  const supplies = graph.domains.filter((domain) => domain.kind === "ups").map((domain) => domain.name);
  if (topology === undefined || supplies.length === 0) return {};
  const mains = graph.domains.find((domain) => domain.kind === "mains")?.name ?? "mains";
  const devices = topology.devices.map((device) =>
    device.name !== hostName && device.power !== undefined && supplies.includes(device.power)
      ? { ...device, power: mains }
      : device.name === hostName
        ? { ...device, power: "nothing" }
        : device,
  );
  const power = topology.power.filter((domain) => !supplies.includes(domain.name));
  const bare: Config = { ...config, topology: { ...topology, devices, power } };
  const without = buildGraph(bare);
  const parts = partsIn(without, bare);
  const runtimes = graph.domains.flatMap(({ kind, runtimeMs }) => (kind === "ups" ? (runtimeMs ?? []) : []));
  return {
    withoutUpsMs: assessBriefly(structuresOf(without), parts, goal).downMs,
    brownout: {
      portsLeft: inTheDark(graph, partsIn(graph, config), goal),
      withoutUps: inTheDark(without, parts, goal),
      ...(runtimes.length === 0 ? {} : { runtimeMs: Math.min(...runtimes) }),
    },
  };
}
