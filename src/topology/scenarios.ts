import type { Config } from "../model/config.ts";
import { buildGraph } from "./build-graph.ts";
import { planOfGraph } from "./compile-plan.ts";
import { carrierTells, type Effect, effectOf, effectOnChoice, effectSignature, waysLeft } from "./effect.ts";
import { deadDevices, deadHubs, deadUplinks, replacedRouters } from "./fault-devices.ts";
import { lostPower } from "./fault-power.ts";
import { struckRadios } from "./fault-radios.ts";
import { flappingWires, heldPorts, lossyWires, lostWires } from "./fault-wires.ts";
import { atOnce, type Fault, type Ground } from "./faults.ts";
import { carryingPorts, edgeOfPort, type Graph, gateways, hostName, internetName, lanPeer } from "./graph.ts";
import type { Scenario } from "./lab-plan.ts";
import { mendOf, settleAfter } from "./mend.ts";
import { gatewayUsed, intact, reaches } from "./reach.ts";

const healthy: Fault = { id: "healthy", text: "nothing is broken", kind: "healthy", inject: [], strikes: [], order: 0 };

const families: readonly ((ground: Ground) => readonly Fault[])[] = [
  () => [healthy],
  lostWires,
  lostPower,
  deadDevices,
  deadHubs,
  deadUplinks,
  lossyWires,
  flappingWires,
  struckRadios,
  heldPorts,
  replacedRouters,
];

/** Every fault the topology can suffer, the most telling first. Ids are stable: they are made of the names declared. */
export function allScenarios(config: Config): readonly Scenario[] {
  const ground = groundOf(config);
  return faultsOf(ground).map((fault) => scenarioOf(ground, fault, []));
}

/** The faults worth rehearsing by default: of those that look alike to the host the most natural, which says in `standsFor` for whom it stands;
 *  none that touch no way of the host's. */
export function defaultScenarios(config: Config): readonly Scenario[] {
  const ground = groundOf(config);
  const groups = new Map<string, Fault[]>();
  const untouched = effectSignature(ground.graph, effectOf(ground.graph, []));
  const faults = faultsOf(ground);
  // What a power cut does to a single device is not done once more in that device's own name.
  const said = new Map(
    faults.filter((fault) => fault.kind === "power").map((fault) => [JSON.stringify(fault.inject), fault.id]),
  );
  for (const fault of faults) {
    if (fault.onlyInAll) continue;
    const twin =
      fault.kind === "power" || fault.mend !== undefined ? undefined : said.get(JSON.stringify(fault.inject));
    if (twin !== undefined && groups.has(twin)) {
      groups.get(twin)?.push(fault);
      continue;
    }
    const effect = effectSignature(ground.graph, effectOf(ground.graph, fault.inject));
    if (fault.rank !== undefined && effect === untouched) continue;
    const key = fault.rank === undefined ? fault.id : effect;
    groups.set(key, [...(groups.get(key) ?? []), fault]);
  }
  const chosen = [...groups.values()].map((group) => {
    const [first, ...others] = group.toSorted((one, other) => (one.rank ?? -2) - (other.rank ?? -2));
    return { fault: first ?? healthy, others: others.map((other) => other.id) };
  });
  return chosen
    .toSorted((one, other) => one.fault.order - other.fault.order)
    .map(({ fault, others }) => scenarioOf(ground, fault, others));
}

/** Ids of the scenarios that do to the host what cutting one of its ports does, by carrier or in silence; the plainest first. None where the
 *  topology has no such port. */
export function scenariosLike(
  config: Config,
  cut: { readonly kind: "carrier" | "silent"; readonly port: string },
): readonly string[] {
  const ground = groundOf(config);
  const { graph } = ground;
  const wire = edgeOfPort(graph, cut.port)?.id;
  if (wire === undefined || !carryingPorts(graph).some(({ name }) => name === cut.port)) return [];
  const silence = { op: "wire-loss", wire, direction: "both", percent: 100 } as const;
  const done = cut.kind === "carrier" ? ({ op: "wire-down", wire } as const) : silence;
  const wanted = waysLeft(graph, effectOf(graph, atOnce([done])));
  return faultsOf(ground)
    .filter(
      ({ kind, inject }) => (kind === "cut" || kind === "power") && waysLeft(graph, effectOf(graph, inject)) === wanted,
    )
    .toSorted((one, other) => (one.rank ?? 9) - (other.rank ?? 9))
    .map(({ id }) => id);
}

function groundOf(config: Config): Ground {
  const graph = buildGraph(config);
  return { graph, plan: planOfGraph(graph, config) };
}

/** Faults that cut something on the active port's way come before those that leave only less in reserve; the others keep to their own order. */
function faultsOf(ground: Ground): readonly Fault[] {
  return families
    .flatMap((family) => family(ground))
    .map((fault) =>
      fault.rank !== undefined && sparesActive(ground.graph, fault)
        ? { ...fault, order: fault.order + reserve }
        : fault,
    )
    .toSorted((one, other) => one.order - other.order);
}

/** Puts a fault behind all cuts of the active way (orders 10–79) and before everything subtler (200 and up). */
const reserve = 100;

function sparesActive(graph: Graph, fault: Fault): boolean {
  if (graph.activePort === undefined) return false;
  const { broken } = effectOf(graph, fault.inject);
  const ports = [graph.activePort];
  const goals = [internetName, ...gateways(graph).map((node) => node.name), lanPeer(graph)?.name ?? internetName];
  return goals.every(
    (goal) => reaches(graph, intact, hostName, goal, ports) === reaches(graph, broken, hostName, goal, ports),
  );
}

function scenarioOf(ground: Ground, fault: Fault, standsFor: readonly string[]): Scenario {
  const { graph, plan } = ground;
  const effect = effectOf(graph, fault.inject);
  const tells = carrierTells(graph, effect);
  const chosen = effectOnChoice(graph, effect);
  const settleMs = settleAfter(plan, fault.inject);
  const tcpMayBreak = fault.tcpMayBreak ?? movedAway(graph, chosen);
  return {
    id: fault.id,
    fault: fault.text,
    kind: fault.kind === "cut" ? (tells ? "carrier" : "silent") : fault.kind,
    inject: fault.inject,
    mend: fault.mend ?? mendOf(plan, fault.inject),
    expected: Object.fromEntries(
      plan.flows.map(({ id, peer }) => [id, isPromised(graph, chosen, peer) ? "survives" : "no-path"]),
    ),
    carrierTells: tells,
    strikes: fault.strikes,
    ...(fault.lastsMs === undefined ? {} : { lastsMs: fault.lastsMs }),
    ...(fault.needsRadio === undefined ? {} : { needsRadio: fault.needsRadio }),
    ...(tcpMayBreak === undefined ? {} : { tcpMayBreak }),
    ...(settleMs === 0 ? {} : { settleMs }),
    ...(standsFor.length === 0 ? {} : { standsFor }),
  };
}

/** Is there a way to the peer, through a port on which traffic can be? One port at a time carries it, and one that leads to the
 *  Internet is worth more than one that leads to a neighbour only: whoever can be reached through others alone is promised nothing. */
function isPromised(graph: Graph, effect: Effect, peer: string): boolean {
  const through = (port: string, to: string): boolean => reaches(graph, effect.broken, hostName, to, [port]);
  const ports = carryingPorts(graph).map(({ name }) => name);
  const best = ports.filter((port) => through(port, internetName));
  return (best.length > 0 ? best : ports).some((port) => through(port, peer));
}

/** Why connections to the Internet end when the router they go through is out of reach and another leads out: it has another public address. */
function movedAway(graph: Graph, effect: Effect): string | undefined {
  if (graph.activePort === undefined) return undefined;
  const before = gatewayUsed(graph, intact, [graph.activePort]);
  const others = gateways(graph).filter((node) => node.name !== before);
  const withoutOthers = {
    nodes: new Set([...effect.broken.nodes, ...others.map((node) => node.name)]),
    edges: effect.broken.edges,
  };
  if (before === undefined || reaches(graph, withoutOthers, hostName, internetName)) return undefined;
  const ports = graph.ports.filter((port) => port.carries).map((port) => port.name);
  const after = gatewayUsed(graph, effect.broken, ports);
  if (after === undefined) return undefined;
  const label = (name: string) => graph.nodes.find((node) => node.name === name)?.label ?? name;
  return `${label(after)} has another public address than ${label(before)}: connections to the Internet cannot move over`;
}
