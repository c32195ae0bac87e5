import type { StoredEvent } from "../../watch/chronicle.ts";
import { type Drill, drillWith, isDrilling, longestDrillMs } from "../../watch/drill.ts";
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
  /** The outage under way is a drill's: since when, CLOCK_MONOTONIC, ms; undefined: it is none, or the drill is over. */
  readonly practiceSince: number | undefined;
  /** For how long the outage under way was a drill's before it was the host's own, ms. */
  readonly practiceMs: number;
  readonly carrierChanges: Readonly<Record<string, number>>;
  /** By port. */
  readonly radioChanges: Readonly<Record<string, Readonly<Record<RadioChange, number>>>>;
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
  practiceSince: undefined,
  practiceMs: 0,
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
      return isDrilling(counts.drill, stored.at)
        ? { ...counts, practiceSince: event.since, practiceMs: 0 }
        : { ...counts, practiceSince: undefined, practiceMs: 0, outages: counts.outages + 1 };
    case "outage-ends": {
      const own = counts.practiceSince === undefined ? Math.max(0, event.lastedMs - counts.practiceMs) : 0;
      return { ...counts, practiceSince: undefined, practiceMs: 0, outageMs: counts.outageMs + own };
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

/** What a drill has left behind when it ends is the host's own outage, and counts from there on. */
function withDrill(before: Counts, stored: Parameters<typeof counted>[1]): Counts {
  const counts = { ...before, drill: drillWith(before.drill, stored) };
  const { practiceSince, outages } = counts;
  // A watch that begins looks anew: it knows of no outage under way.
  if (stored.event.what === "started") return { ...counts, practiceSince: undefined, practiceMs: 0 };
  if (practiceSince === undefined || isDrilling(counts.drill, stored.at)) return counts;
  const practiceMs = Math.min(longestDrillMs, Math.max(0, stored.monotonicMs - practiceSince));
  return { ...counts, practiceSince: undefined, practiceMs, outages: outages + 1 };
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
