import type { StatusDocument, TopologyDocument, TopologyPort, TopologyState, WhatIfFault } from "../documents.ts";
import { ago } from "../words.ts";
import { wayFrom } from "./ways.ts";

/** How a thing is drawn. struck: a fault that is looked at hits it. left: it could no longer be reached then. */
export type Look = TopologyState | "struck" | "left";

/** What the picture shows: the host as it is, or as it would be. */
export interface Scene {
  readonly lookOf: (thing: string) => Look;
  readonly ports: ReadonlyMap<string, PortLook>;
}

export interface PortLook {
  readonly look: Look;
  readonly isActive: boolean;
  readonly note: string;
}

/** The host as it is now. */
export function sceneNow(topology: TopologyDocument, status: StatusDocument | undefined, now: number): Scene {
  const states = new Map<string, TopologyState>([
    ...topology.nodes.map((node) => [node.name, node.state] as const),
    ...topology.edges.map((edge) => [edge.id, edge.state] as const),
  ]);
  return {
    lookOf: (thing) => states.get(thing) ?? "unknown",
    ports: new Map(topology.host.ports.map((port) => [port.name, portNow(port, status, now)])),
  };
}

function portNow(port: TopologyPort, status: StatusDocument | undefined, now: number): PortLook {
  const known = status?.ports.find((one) => one.name === port.name);
  const look = { look: port.state, isActive: port.active };
  if (known === undefined) return { ...look, note: port.note };
  if (!known.present) return { ...look, note: "gone" };
  if (!known.usable) return { ...look, note: known.carrier ? "carrier, no path" : "no carrier" };
  if (known.drained) return { ...look, note: "drained" };
  if (known.active) return { ...look, note: "active" };
  const answered = (status?.paths ?? []).flatMap((path) =>
    path.port === port.name && path.answeredAgoMs !== null ? [path.answeredAgoMs] : [],
  );
  const best = Math.min(...answered);
  return {
    ...look,
    note: Number.isFinite(best)
      ? `standby, ${answeredWords(best + Math.max(0, now - (status?.at ?? now)))}`
      : "standby",
  };
}

/** Fits beside a port's name. */
function answeredWords(ms: number): string {
  return ms < 10_000 ? "answers" : ago(ms);
}

/** The host as it would be with a fault. */
export function sceneWith(topology: TopologyDocument, fault: WhatIfFault, active: string): Scene {
  const strikes = new Set(fault.strikes);
  const isCut = !["healthy", "loss", "flap", "one-way"].includes(fault.kind);
  const broken = isCut ? strikes : new Set<string>();
  const ways = topology.host.ports.flatMap((port) => {
    const whole = wayFrom(topology, port.name);
    return port.carries && whole.edges.length > 0
      ? [{ port: port.name, whole, left: wayFrom(topology, port.name, broken) }]
      : [];
  });
  const alive = ways.filter(({ left }) => left.edges.length > 0);
  const used = alive.find(({ port }) => port === active) ?? alive[0];
  const carries = new Set([
    ...(used?.left.edges ?? []).map(({ id }) => id),
    ...(used?.left.nodes ?? []).map(({ name }) => name),
  ]);
  const could = new Set(
    alive.flatMap(({ left }) => [...left.edges.map(({ id }) => id), ...left.nodes.map(({ name }) => name)]),
  );
  const had = new Set(
    ways.flatMap(({ whole }) => [...whole.edges.map(({ id }) => id), ...whole.nodes.map(({ name }) => name)]),
  );
  const lookOf = (thing: string): Look => {
    if (strikes.has(thing)) return "struck";
    if (carries.has(thing)) return "carries";
    if (could.has(thing)) return "proven";
    return had.has(thing) ? "left" : "unknown";
  };
  const ports = topology.host.ports.map((port): readonly [string, PortLook] => {
    const way = ways.find((one) => one.port === port.name);
    if (port.name === used?.port) {
      return [port.name, { look: "carries", isActive: true, note: port.name === active ? "active" : "takes over" }];
    }
    if (way === undefined) return [port.name, { look: "unknown", isActive: false, note: port.note }];
    const isDead = way.left.edges.length === 0;
    return [port.name, { look: isDead ? "left" : "proven", isActive: false, note: isDead ? "no way" : "standby" }];
  });
  return { lookOf, ports: new Map(ports) };
}
