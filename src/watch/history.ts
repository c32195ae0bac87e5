import type { Kept, StoredEvent } from "./chronicle.ts";
import { type Drill, drillWith, endOf, hasMade, outlasts } from "./drill.ts";
import type { Cause } from "./effect.ts";

/** What a list of events comes to. */
export interface History {
  /** Wall clock of the first and the latest event, ms; undefined where there is none. */
  readonly from: number | undefined;
  readonly to: number | undefined;
  /** Oldest first. */
  readonly incidents: readonly Incident[];
  /** Spans in which fewer ports than declared could carry traffic, oldest first. */
  readonly spans: readonly RedundancySpan[];
  /** The port that carries traffic since the latest move, and since when; "" none, undefined: not told. */
  readonly active: { readonly port: string; readonly since: number } | undefined;
  /** The latest count of usable ports. */
  readonly redundancy: { readonly usable: number; readonly declared: number } | undefined;
  /** Times in which nothing beyond the only router answered, oldest first. */
  readonly beyond: readonly BeyondLoss[];
  /** The latest drill; undefined: none is known. */
  readonly drill: Drill | undefined;
}

/** The Internet was lost behind a router that answered, and no port led elsewhere. */
export interface BeyondLoss {
  readonly at: number;
  /** undefined: it lasts. */
  readonly endedAt: number | undefined;
  readonly router: string;
  readonly targets: readonly string[];
  readonly evidence: string;
  /** The watch ended before the loss did: what became of it isn't known. */
  readonly isCutOff: boolean;
}

/** A trouble from its first sign until every declared port could carry traffic again. */
export interface Incident {
  readonly at: number;
  /** undefined: it goes on. */
  readonly endedAt: number | undefined;
  /** The port it began with; "" where the whole bond is meant. */
  readonly port: string;
  /** undefined: a standby stopped answering although it has carrier. */
  readonly cause: Cause | undefined;
  readonly evidence: string;
  /** Targets that no longer answered through its port. */
  readonly lost: readonly string[];
  /** Moves of the traffic, in order. */
  readonly moves: readonly Move[];
  readonly outages: readonly Outage[];
  /** Ports that were missing at some time of it. */
  readonly missing: readonly string[];
  /** The mains failed within seconds of its first sign, and its port hangs on them. */
  readonly mains?: MainsLoss;
  /** It began while a drill cut ports, and no outage of it outlasted the drill: somebody wanted it. */
  readonly isDrill?: true;
  /** The watch ended before the incident did: what became of it isn't known. */
  readonly isCutOff: boolean;
  /** Ids of its events. */
  readonly firstId: number;
  readonly lastId: number;
}

/** The mains as a UPS sees them: gone. */
export interface MainsLoss {
  readonly at: number;
  readonly ups: string;
  /** Ports whose way needs something that hangs on the mains. */
  readonly ports: readonly string[];
}

export interface Move {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  /** undefined: the kernel's own. */
  readonly cause: Cause | undefined;
  /** From the first sign to the move, ms; undefined where it isn't known. */
  readonly noticedAfterMs: number | undefined;
}

export interface Outage {
  readonly at: number;
  /** undefined: it lasts, or its end was never seen. */
  readonly lastedMs: number | undefined;
  readonly cause: Cause;
  /** group: no port was left to move to. */
  readonly extent: "port" | "group";
}

export interface RedundancySpan {
  readonly at: number;
  /** undefined: it goes on. */
  readonly endedAt: number | undefined;
  readonly usable: number;
  readonly declared: number;
  readonly missing: readonly string[];
}

/* Causes that are a port's own fault; the others are somebody's will. */
const troubles: readonly Cause[] = ["carrier-lost", "path-dead", "uplink-dead", "lossy", "none-active"];

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

type OpenIncident = Mutable<Omit<Incident, "moves" | "outages">> & {
  readonly moves: Move[];
  readonly outages: Outage[];
};

interface Folding {
  readonly incidents: OpenIncident[];
  readonly spans: Mutable<RedundancySpan>[];
  active: History["active"];
  redundancy: History["redundancy"];
  incident: OpenIncident | undefined;
  outage: Mutable<Outage> | undefined;
  /** Ports known to have no carrier: what ends an incident where nobody counts redundancy. */
  readonly down: Set<string>;
  /** The evidence of a path that died, for the incident it may open. */
  died: { readonly port: string; readonly evidence: string } | undefined;
  /** Paths that are dead, "PORT TARGET", in the order they died. */
  readonly dead: Set<string>;
  readonly beyond: Mutable<BeyondLoss>[];
  drill: Drill | undefined;
  /** The mains, while they are gone. */
  mains: MainsLoss | undefined;
}

/** Folds events, oldest first, into incidents. Events of an unknown kind are passed over. */
export function historyOf(events: readonly StoredEvent[]): History {
  const reader = historyReader();
  for (const stored of events) reader.take(stored);
  return reader.history();
}

/** A history that grows with each event, for who keeps up with them. Its lists go on growing, too: copy what is kept. */
export interface HistoryReader {
  readonly take: (stored: StoredEvent) => void;
  readonly history: () => History;
}

/** A reader that has read nothing yet. */
export function historyReader(): HistoryReader {
  let from: number | undefined;
  let to: number | undefined;
  const folding = newFolding();
  return {
    take(stored) {
      from ??= stored.at;
      to = stored.at;
      fold(folding, stored);
    },
    history() {
      const { incidents, spans, active, redundancy, beyond, drill } = folding;
      return { from, to, incidents, spans, active, redundancy, beyond, drill };
    },
  };
}

function newFolding(): Folding {
  return {
    incidents: [],
    spans: [],
    active: undefined,
    redundancy: undefined,
    incident: undefined,
    outage: undefined,
    down: new Set(),
    died: undefined,
    dead: new Set(),
    beyond: [],
    drill: undefined,
    mains: undefined,
  };
}

function fold(folding: Folding, stored: StoredEvent): void {
  const { event, at } = stored;
  folding.drill = drillWith(folding.drill, stored);
  switch (event.what) {
    case "started":
      onStarted(folding, stored, event);
      break;
    case "moved":
      onMoved(folding, stored, event);
      break;
    case "kernel-moved":
      onKernelMoved(folding, stored, event);
      break;
    case "outage-begins":
      onOutage(folding, stored, event);
      break;
    case "outage-ends":
      if (folding.outage !== undefined) folding.outage.lastedMs = event.lastedMs;
      endOutage(folding, (folding.outage?.at ?? at) + event.lastedMs);
      settle(folding, stored);
      break;
    case "redundancy":
      onRedundancy(folding, stored, event);
      break;
    case "carrier":
      onCarrier(folding, stored, event);
      break;
    case "port-gone":
    case "flapping":
      open(folding, stored, event.port, "carrier-lost", "");
      break;
    case "path-dead":
      folding.died = { port: event.port, evidence: event.evidence };
      folding.dead.add(`${event.port} ${event.target}`);
      addLost(folding);
      break;
    case "path-alive":
      folding.dead.delete(`${event.port} ${event.target}`);
      break;
    case "beyond-lost": {
      const { router, targets, evidence } = event;
      const lost = { at: at - Math.max(0, stored.monotonicMs - event.since), endedAt: undefined, isCutOff: false };
      folding.beyond.push({ ...lost, router, targets, evidence });
      break;
    }
    case "beyond-back":
      endBeyond(folding, Math.min(at, (folding.beyond.at(-1)?.at ?? at) + event.lastedMs), false);
      break;
    case "ups":
      onUps(folding, at, event);
      break;
    default:
  }
  if (folding.incident !== undefined && at >= folding.incident.at) folding.incident.lastId = stored.id;
}

type Of<W extends Kept["what"]> = Extract<Kept, { readonly what: W }>;

/** A watch begins and looks anew: what became of a trouble that was under way nobody saw. */
function onStarted(folding: Folding, stored: StoredEvent, event: Of<"started">): void {
  if (folding.incident !== undefined) {
    folding.incident.isCutOff = true;
    folding.incident.endedAt = stored.at;
  }
  endSpan(folding, stored.at);
  endBeyond(folding, stored.at, true);
  endOutage(folding, stored.at);
  folding.incident = undefined;
  folding.redundancy = undefined;
  folding.active = { port: event.active, since: stored.at };
  folding.down.clear();
  folding.dead.clear();
  folding.mains = undefined;
}

/** A UPS is asked every few seconds, and its driver asks it as seldom: it may say so after the failover it explains. */
const MAINS_BEFORE_MS = 60_000;
const MAINS_AFTER_MS = 20_000;

function onUps(folding: Folding, at: number, { change, ups, ports }: Of<"ups">): void {
  if (change === "back") folding.mains = undefined;
  if (change !== "on-battery") return;
  folding.mains = { at, ups, ports };
  blameMains(folding);
}

/** Did the incident come of the mains? Only for a port that hangs on them. */
function blameMains({ incident, mains }: Folding): void {
  if (incident === undefined || mains === undefined || incident.mains !== undefined) return;
  const isNear = incident.at >= mains.at - MAINS_AFTER_MS && incident.at <= mains.at + MAINS_BEFORE_MS;
  if (isNear && mains.ports.includes(incident.port)) incident.mains = mains;
}

/** What is dead through the port of the incident belongs to it. */
function addLost({ incident, dead }: Folding): void {
  if (incident === undefined) return;
  const prefix = `${incident.port} `;
  const mine = [...dead].flatMap((path) => (path.startsWith(prefix) ? [path.slice(prefix.length)] : []));
  incident.lost = [...new Set([...incident.lost, ...mine])];
}

function endBeyond(folding: Folding, at: number, isCutOff: boolean): void {
  const loss = folding.beyond.at(-1);
  if (loss === undefined || loss.endedAt !== undefined) return;
  loss.endedAt = at;
  loss.isCutOff = isCutOff;
}

/** One that outlasted the drill that made it is no drill's. */
function endOutage(folding: Folding, over: number): void {
  const { incident, outage, drill } = folding;
  if (incident !== undefined && outage !== undefined && drill !== undefined && outlasts(endOf(drill), over))
    delete incident.isDrill;
  folding.outage = undefined;
}

function endSpan(folding: Folding, at: number): void {
  const span = folding.spans.at(-1);
  if (span !== undefined) span.endedAt ??= at;
}

function onCarrier(folding: Folding, stored: StoredEvent, { port, up }: Of<"carrier">): void {
  if (up) folding.down.delete(port);
  else folding.down.add(port);
  // Where nobody counts redundancy, each carrier is a part of it.
  const matters = port === (folding.active?.port ?? port) || folding.redundancy === undefined;
  if (!up && matters) open(folding, stored, port, "carrier-lost", `${port} has no carrier`);
  // The count of redundancy that tells of this loss is still to come; the one that is known would end it at once.
  if (up || folding.redundancy === undefined) settle(folding, stored);
}

function onMoved(folding: Folding, stored: StoredEvent, event: Of<"moved">): void {
  const { from, to, cause, noticedAfterMs, evidence } = event;
  if (troubles.includes(cause)) open(folding, stored, from, cause, evidence, noticedAfterMs);
  const move = { at: stored.at, from, to, cause, noticedAfterMs };
  if (troubles.includes(cause)) folding.incident?.moves.push(move);
  folding.active = { port: to, since: stored.at };
}

function onKernelMoved(folding: Folding, stored: StoredEvent, event: Of<"kernel-moved">): void {
  const { from, to } = event;
  if (to === "") open(folding, stored, from, "none-active", "the bond has no active port");
  folding.incident?.moves.push({ at: stored.at, from, to, cause: undefined, noticedAfterMs: undefined });
  folding.active = { port: to, since: stored.at };
  settle(folding, stored);
}

function onOutage(folding: Folding, stored: StoredEvent, event: Of<"outage-begins">): void {
  const before = Math.max(0, stored.monotonicMs - event.since);
  open(folding, stored, folding.active?.port ?? "", event.cause, event.evidence, before);
  folding.outage = { at: stored.at - before, lastedMs: undefined, cause: event.cause, extent: event.extent };
  folding.incident?.outages.push(folding.outage);
}

function onRedundancy(folding: Folding, stored: StoredEvent, event: Of<"redundancy">): void {
  const { usable, declared, missing } = event;
  folding.redundancy = { usable, declared };
  endSpan(folding, stored.at);
  if (usable < declared) {
    folding.spans.push({ at: stored.at, endedAt: undefined, usable, declared, missing });
    const port = missing[0] ?? "";
    const why = folding.died?.port === port ? folding.died.evidence : "";
    // Of a port with carrier, what comes next may know better why.
    open(folding, stored, port, folding.down.has(port) ? "carrier-lost" : undefined, why);
  }
  const { incident } = folding;
  if (incident !== undefined) incident.missing = [...new Set([...incident.missing, ...missing])];
  settle(folding, stored);
}

/** Begins an incident, if none is under way; else adds what it didn't know. */
function open(
  folding: Folding,
  stored: StoredEvent,
  port: string,
  cause: Cause | undefined,
  evidence: string,
  beforeMs = 0,
): void {
  const { incident, drill } = folding;
  const at = stored.at - beforeMs;
  if (incident !== undefined) {
    if (at < incident.at) {
      incident.at = at;
      delete incident.isDrill;
      if (hasMade(drill, at)) incident.isDrill = true;
    }
    incident.cause ??= cause;
    if (incident.evidence === "") incident.evidence = evidence;
    return;
  }
  folding.incident = {
    at,
    endedAt: undefined,
    port,
    cause,
    evidence,
    lost: [],
    moves: [],
    outages: [],
    missing: [],
    ...(hasMade(drill, at) ? { isDrill: true } : {}),
    isCutOff: false,
    firstId: stored.id,
    lastId: stored.id,
  };
  folding.incidents.push(folding.incident);
  addLost(folding);
  blameMains(folding);
}

/** Ends the incident when nothing is left of it. */
function settle(folding: Folding, stored: StoredEvent): void {
  const { incident, redundancy } = folding;
  if (incident === undefined || folding.outage !== undefined || folding.active?.port === "") return;
  // Where redundancy is counted, it decides: carrier alone proves nothing.
  const isWhole = redundancy === undefined ? folding.down.size === 0 : redundancy.usable >= redundancy.declared;
  if (!isWhole) return;
  incident.endedAt = stored.at;
  incident.lastId = stored.id;
  folding.incident = undefined;
}
