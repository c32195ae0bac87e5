import type { PowerDomain } from "../model/config.ts";
import { atOnce, type Fault, type Ground, listed } from "./faults.ts";
import { type Graph, type GraphNode, hostName } from "./graph.ts";
import type { LabOperation } from "./lab-plan.ts";
import { plainName } from "./names.ts";

/** Each power domain lost: the mains with every UPS carrying its load, the mains with every UPS empty, each UPS by itself. */
export function lostPower({ graph }: Ground): readonly Fault[] {
  const faults: Fault[] = [];
  for (const domain of graph.domains) {
    const text = singleText(graph, domain);
    const dead = membersOf(graph, [domain]);
    if (operationsOf(graph, dead).length === 0) continue;
    // A host that goes dark itself leaves nothing to measure.
    const spare = dead.some((node) => node.kind === "host") ? { onlyInAll: true as const } : {};
    faults.push({ ...powerFault(graph, `power-${plainName(domain.name)}`, text, dead), ...spare, order: 20 });
  }
  const mains = graph.domains.filter((domain) => domain.kind === "mains");
  const supplies = graph.domains.filter((domain) => domain.kind === "ups");
  const all = membersOf(graph, [...mains, ...supplies]);
  if (supplies.length === 0 || operationsOf(graph, all).length === 0) return faults;
  const lasting = supplies.map((domain) => domain.runtimeMs ?? 0).reduce((one, other) => Math.max(one, other), 0);
  const after = lasting === 0 ? "" : `, after ${Math.round(lasting / 60_000)} min`;
  const text = `the mains fail and the UPS is empty${after}: ${names(all)} go${all.length === 1 ? "es" : ""} dark`;
  // Nothing is left to be measured; it stands for every other fault that leaves nothing.
  return [...faults, { ...powerFault(graph, "power-mains-no-ups", text, all), rank: -1, order: 300 }];
}

function singleText(graph: Graph, domain: PowerDomain): string {
  const dead = membersOf(graph, [domain]);
  const go = `${names(dead)} go${dead.length === 1 ? "es" : ""} dark`;
  const kept = graph.domains.some((one) => one.kind === "ups");
  switch (domain.kind) {
    case "mains":
      return kept ? `the mains fail, the UPS carries its load: ${go}` : `the mains fail: ${go}`;
    case "ups":
      return `${domain.name === "ups" ? "the UPS" : `the UPS ${domain.name}`} drops its load: ${go}`;
    case "other":
      return `the power supply ${domain.name} fails: ${go}`;
  }
}

function names(nodes: readonly GraphNode[]): string {
  return listed(nodes.map((node) => (node.kind === "host" ? "the host" : node.label)));
}

/** Everything that hangs on the domains, the host included; peers of the flows stay, or there would be nothing to measure with. */
function membersOf(graph: Graph, domains: readonly PowerDomain[]): readonly GraphNode[] {
  const hosted = graph.nodes.some(
    (node) => node.kind === "host" && domains.some((domain) => domain.name === node.power),
  );
  return graph.nodes.filter((node) => {
    if (node.kind === "client" || node.kind === "server" || node.kind === "internet") return false;
    return (hosted && node.power === "host") || domains.some((domain) => domain.name === node.power);
  });
}

function powerFault(graph: Graph, id: string, text: string, dead: readonly GraphNode[]): Omit<Fault, "order"> {
  return { id, text, kind: "power", inject: atOnce(operationsOf(graph, dead)), strikes: dead.map((node) => node.name) };
}

function operationsOf(graph: Graph, dead: readonly GraphNode[]): readonly LabOperation[] {
  const wires = graph.edges.filter((edge) => {
    if (edge.port === undefined) return false;
    // The measuring machine is the host itself and cannot be off; all its wires dead is what the world sees of it.
    if (dead.some((node) => node.name === hostName)) return true;
    const hubs = graph.ports.find((port) => port.name === edge.port)?.hubs ?? [];
    return dead.some((node) => hubs.includes(node.label));
  });
  const boxes = dead.filter((node) => node.kind !== "usb-hub" && node.name !== hostName);
  return [
    ...boxes.map((node): LabOperation => ({ op: "node-off", node: node.name })),
    ...wires.map((edge): LabOperation => ({ op: "wire-down", wire: edge.id })),
  ];
}
