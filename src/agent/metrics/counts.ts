import type { StoredEvent } from "../../watch/chronicle.ts";
import { type Drill, drillWith, hasMade, isDrilling, longestDrillMs, outlasts } from "../../watch/drill.ts";
import type { Cause, RadioChange } from "../../watch/effect.ts";

/** What has happened since the agent started. */
export interface Counts {
  readonly moves: Readonly<Record<Cause | "kernel", number>>;
  /** Those that no drill made. */
  readonly outages: number;
  /** Of those that are over. */
  readonly outageMs: number;
  /** The latest drill. */
  readonly drill: Drill | undefined;
  /** The outage under way is one that a drill made. */
  readonly practice: Practice | undefined;
  readonly carrierChanges: Readonly<Record<string, number>>;
  /** By port. */
  readonly radioChanges: Readonly<Record<string, Readonly<Record<RadioChange, number>>>>;
}

/** An outage that a drill made, and when the drill was over; undefined: it isn't. CLOCK_MONOTONIC, ms. */
interface Practice {
  readonly since: number;
  readonly drillEnd: number | undefined;
}

/** Every cause stands there from the beginning: a counter that appears with its first event hides that event. */
export const noCounts: Counts = {
  moves: {
    "carrier-lost": 0,
    "path-dead": 0,
    "uplink-dead": 0,
    lossy: 0,
    reselect: 0,
    operator: 0,
    drained: 0,
    "none-active": 0,
    kernel: 0,
  },
  outages: 0,
  outageMs: 0,
  drill: undefined,
  practice: undefined,
  carrierChanges: {},
  radioChanges: {},
};

/** The counts with one event more. */
export function counted(before: Counts, stored: Pick<StoredEvent, "at" | "monotonicMs" | "event">): Counts {
  const { event } = stored;
  const counts = withDrill(before, stored);
  switch (event.what) {
    case "moved":
      return { ...counts, moves: { ...counts.moves, [event.cause]: counts.moves[event.cause] + 1 } };
    case "kernel-moved":
      return { ...counts, moves: { ...counts.moves, kernel: counts.moves.kernel + 1 } };
    case "outage-begins":
      return hasMade(counts.drill, stored.at - Math.max(0, stored.monotonicMs - event.since))
        ? withDrillEnd({ ...counts, practice: { since: event.since, drillEnd: undefined } }, stored)
        : { ...counts, practice: undefined, outages: counts.outages + 1 };
    case "outage-ends": {
      const { practice, outages, outageMs } = counts;
      if (practice === undefined) return { ...counts, outageMs: outageMs + event.lastedMs };
      const own = ownPart(practice, practice.since + event.lastedMs, stored.monotonicMs);
      return { ...counts, practice: undefined, outages: outages + own.outages, outageMs: outageMs + own.ms };
    }
    case "carrier":
      return withChanges(counts, event.port, 1);
    case "radio":
      return withRadio(counts, event.port, event.change);
    case "flapped":
      return withChanges(counts, event.port, event.changes);
    default:
      return counts;
  }
}

function withDrill(before: Counts, stored: Parameters<typeof counted>[1]): Counts {
  const counts = { ...before, drill: drillWith(before.drill, stored) };
  // A watch that begins looks anew: it knows of no outage under way.
  if (stored.event.what === "started") return { ...counts, practice: undefined };
  return withDrillEnd(counts, stored);
}

function withDrillEnd(counts: Counts, stored: Parameters<typeof counted>[1]): Counts {
  const { practice } = counts;
  if (practice === undefined || practice.drillEnd !== undefined || isDrilling(counts.drill, stored.at)) return counts;
  const drillEnd = Math.min(stored.monotonicMs, practice.since + longestDrillMs);
  return { ...counts, practice: { ...practice, drillEnd } };
}

/** What a drill has left behind is the host's own outage, and counts from the drill's end on. `told`: when its end was told, or now: what was
 *  counted by then stays counted. */
function ownPart({ drillEnd }: Practice, until: number, told: number): OutagesCounted {
  if (drillEnd === undefined || !outlasts(drillEnd, Math.max(until, told))) return { outages: 0, ms: 0 };
  return { outages: 1, ms: Math.max(0, until - drillEnd) };
}

/** Outages and the time in them, with the one under way, at this monotonic time. `since`: its beginning; undefined: none is under way. */
export type OutageMeter = (counts: Counts, since: number | undefined, at: number) => OutagesCounted;

export interface OutagesCounted {
  readonly outages: number;
  readonly ms: number;
}

/** A meter never goes back, or whoever reads it takes the agent for started anew and counts all of it again: when an outage's end is known it
 *  was over some seconds ago, and the time waits there until it has caught up. */
export function outageMeter(): OutageMeter {
  let told = 0;
  return (counts, since, at) => {
    const current = since === undefined ? { outages: 0, ms: 0 } : underWay(counts, since, at);
    told = Math.max(told, counts.outageMs + current.ms);
    return { outages: counts.outages + current.outages, ms: told };
  };
}

/** Of the outage under way what isn't in the counts yet. */
function underWay({ practice }: Counts, since: number, at: number): OutagesCounted {
  return practice === undefined ? { outages: 0, ms: Math.max(0, at - since) } : ownPart(practice, at, at);
}

const noChanges: Readonly<Record<RadioChange, number>> = {
  joined: 0,
  left: 0,
  roamed: 0,
  refused: 0,
  unheard: 0,
  heard: 0,
};

function withRadio(counts: Counts, port: string, change: RadioChange): Counts {
  const before = counts.radioChanges[port] ?? noChanges;
  const after = { ...before, [change]: before[change] + 1 };
  return { ...counts, radioChanges: { ...counts.radioChanges, [port]: after } };
}

function withChanges(counts: Counts, port: string, changes: number): Counts {
  return {
    ...counts,
    carrierChanges: { ...counts.carrierChanges, [port]: (counts.carrierChanges[port] ?? 0) + changes },
  };
}
