import type { Config, FailureRate } from "../../model/config.ts";
import { effectOf } from "../effect.ts";
import { deadDevices, deadHubs, deadUplinks } from "../fault-devices.ts";
import { lostPower } from "../fault-power.ts";
import { endLabel, lostWires } from "../fault-wires.ts";
import type { Fault, Ground } from "../faults.ts";
import { type Graph, type GraphEdge, nodeNamed } from "../graph.ts";
import { freshName, plainName } from "../names.ts";
import type { Broken } from "../reach.ts";
import { assumedRate, outlasting, type PartKind, type Rate } from "./rates.ts";
import type { SharedHardware } from "./shared-hardware.ts";

/** Something that can fail by itself, and what it takes along. */
export interface Part {
  /** Unique; the scenario's id where one rehearses it. */
  readonly id: string;
  /** For people: "the cable em1 – plc-a". */
  readonly label: string;
  readonly kind: PartKind;
  readonly broken: Broken;
  readonly rate: Rate;
  /** The rehearsal's scenario that shows it. Absent: none does. */
  readonly scenario?: string;
}

/** Everything the host hangs on, each once: from the very faults that are rehearsed, and from the host's own hardware that ports share.
 *  The host itself is no part: no second link helps against its death. */
export function partsOf(ground: Ground, config: Config, hardware: readonly SharedHardware[]): readonly Part[] {
  const { graph } = ground;
  const stated = config.topology?.failures ?? [];
  const parts = [
    ...lostPower(ground)
      .filter(sparesHost)
      .map((fault) => powerPart(graph, fault, stated)),
    ...lostWires(ground).map((fault) => wirePart(graph, fault, stated)),
    ...deadDevices(ground)
      .filter((fault) => fault.id.startsWith("off-"))
      .map((fault) => devicePart(graph, fault, stated)),
    ...deadHubs(ground).map((fault) => devicePart(graph, fault, stated)),
    ...deadUplinks(ground)
      .filter((fault) => fault.id !== "uplink-all")
      .map((fault) => uplinkPart(graph, fault, stated)),
    ...sharedProviders(ground, stated),
    ...hardware.map((shared) => hardwarePart(graph, shared)),
  ];
  return merged(parts);
}

/** Two ways to the Internet over one line are one part. */
function merged(parts: readonly Part[]): readonly Part[] {
  const byEffect = new Map<string, Part>();
  for (const part of parts) {
    const { nodes, edges } = part.broken;
    if (nodes.size + edges.size === 0) continue;
    // What only takes a port away is another thing than the cable in it.
    const key = part.kind === "uplink" ? JSON.stringify([...edges].sort()) : part.id;
    const known = byEffect.get(key);
    byEffect.set(key, known === undefined ? part : { ...known, label: `${known.label} and ${part.label}` });
  }
  return [...byEffect.values()];
}

function sparesHost(fault: Fault): boolean {
  return !fault.strikes.includes("host");
}

function ratedBy(stated: readonly FailureRate[], names: readonly string[], kind: PartKind): Rate {
  const said = stated.find(({ of }) => names.includes(of));
  return said === undefined ? assumedRate(kind) : { everyMs: said.everyMs, forMs: said.forMs, from: "stated" };
}

function powerPart(graph: Graph, fault: Fault, stated: readonly FailureRate[]): Part {
  const { broken } = effectOf(graph, fault.inject);
  const base = { id: fault.id, broken, scenario: fault.id };
  const mains = graph.domains.find((domain) => domain.kind === "mains")?.name ?? "mains";
  if (fault.id === "power-mains-no-ups") {
    const runtimes = graph.domains.flatMap((domain) => (domain.kind === "ups" ? [domain.runtimeMs ?? 0] : []));
    const rate = outlasting(ratedBy(stated, [mains], "mains"), Math.max(0, ...runtimes));
    return { ...base, label: "the mains, for longer than the UPS lasts", kind: "mains", rate };
  }
  const domain = graph.domains.find((one) => fault.id === `power-${plainName(one.name)}`);
  const kind = domain?.kind === "mains" ? "mains" : domain?.kind === "ups" ? "ups" : "supply";
  const label =
    kind === "mains"
      ? "the mains"
      : kind === "ups" && domain?.name === "ups"
        ? "the UPS"
        : `the power supply ${domain?.name}`;
  return { ...base, label, kind, rate: ratedBy(stated, [domain?.name ?? ""], kind) };
}

function wirePart(graph: Graph, fault: Fault, stated: readonly FailureRate[]): Part {
  const edge = graph.edges.find((one) => fault.strikes.includes(one.id));
  const broken = effectOf(graph, fault.inject).broken;
  const kind = edge?.medium ?? "cable";
  const names = edge === undefined ? [] : [edge.port ?? "", `${edge.from} ${edge.to}`, `${edge.to} ${edge.from}`];
  return {
    id: fault.id,
    label: edge === undefined ? fault.text : wireLabel(graph, edge),
    kind,
    broken,
    rate: ratedBy(stated, names, kind),
    scenario: fault.id,
  };
}

function wireLabel(graph: Graph, edge: GraphEdge): string {
  const ends = `${endLabel(graph, edge, edge.from)} – ${endLabel(graph, edge, edge.to)}`;
  return { cable: `the cable ${ends}`, powerline: `the powerline ${ends}`, radio: `the radio link ${ends}` }[
    edge.medium
  ];
}

function devicePart(graph: Graph, fault: Fault, stated: readonly FailureRate[]): Part {
  const node = nodeNamed(graph, fault.strikes[0] ?? "");
  const kinds: Partial<Record<string, PartKind>> = { powerline: "powerline-adapter" };
  const kind = (kinds[node?.kind ?? ""] ?? node?.kind ?? "switch") as PartKind;
  const label = node?.label ?? fault.id;
  const broken = effectOf(graph, fault.inject).broken;
  return { id: fault.id, label, kind, broken, rate: ratedBy(stated, [label], kind), scenario: fault.id };
}

function uplinkPart(graph: Graph, fault: Fault, stated: readonly FailureRate[]): Part {
  const name = fault.id.slice("uplink-".length);
  const gateway = graph.nodes.find(
    (node) => node.gateway !== undefined && (node.gateway.uplink?.name ?? node.name) === name,
  );
  const label = `the line of ${gateway?.label ?? name} to the Internet`;
  const broken = effectOf(graph, fault.inject).broken;
  return { id: fault.id, label, kind: "uplink", broken, rate: ratedBy(stated, [name], "uplink"), scenario: fault.id };
}

/** Lines of one provider: its network, and what it does to it, takes all of them along. */
function sharedProviders(ground: Ground, stated: readonly FailureRate[]): readonly Part[] {
  const { graph } = ground;
  const faults = deadUplinks(ground);
  const providers = new Map<string, Fault[]>();
  for (const { gateway } of graph.nodes) {
    const { provider, name } = gateway?.uplink ?? {};
    const fault = faults.find(({ id }) => id === `uplink-${name}`);
    if (provider === undefined || fault === undefined) continue;
    providers.set(provider, [...(providers.get(provider) ?? []), fault]);
  }
  const all = faults.find(({ id }) => id === "uplink-all");
  const lines = faults.filter((fault) => fault !== all).length;
  const ids = new Set<string>();
  return [...providers].flatMap(([provider, lost]): readonly Part[] => {
    if (lost.length < 2) return [];
    const { broken } = effectOf(
      graph,
      lost.flatMap(({ inject }) => inject),
    );
    const scenario = lost.length === lines && all !== undefined ? { scenario: all.id } : {};
    const rate = ratedBy(stated, [provider], "provider");
    return [
      {
        id: freshName(`provider-${plainName(provider)}`, ids),
        label: `the provider ${provider}`,
        kind: "provider",
        broken,
        rate,
        ...scenario,
      },
    ];
  });
}

function hardwarePart(graph: Graph, { id, label, kind, ports }: SharedHardware): Part {
  const edges = graph.edges
    .filter((edge) => edge.port !== undefined && ports.includes(edge.port))
    .map((edge) => edge.id);
  return { id, label, kind, broken: { nodes: new Set(), edges: new Set(edges) }, rate: assumedRate(kind) };
}
