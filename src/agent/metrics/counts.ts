import type { StoredEvent } from "../../watch/chronicle.ts";
import { type Drill, drillWith, isDrilling } from "../../watch/drill.ts";
import type { Cause, RadioChange } from "../../watch/effect.ts";

/** What has happened since the agent started. */
export interface Counts {
  readonly moves: Readonly<Record<Cause | "kernel", number>>;
  /** Those that no drill made. */
  readonly outages: number;
  /** Of those that are over. */
  readonly outageMs: number;
  /** The latest drill, and whether the latest outage began in one. */
  readonly drill: Drill | undefined;
  readonly isPractice: boolean;
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
  isPractice: false,
  carrierChanges: {},
  radioChanges: {},
};

/** The counts with one event more. */
export function counted(before: Counts, stored: Pick<StoredEvent, "at" | "event">): Counts {
  const { at, event } = stored;
  const counts = { ...before, drill: drillWith(before.drill, stored) };
  switch (event.what) {
    case "moved":
      return { ...counts, moves: { ...counts.moves, [event.cause]: counts.moves[event.cause] + 1 } };
    case "kernel-moved":
      return { ...counts, moves: { ...counts.moves, kernel: counts.moves.kernel + 1 } };
    case "outage-begins": {
      const isPractice = isDrilling(counts.drill, at);
      return { ...counts, isPractice, outages: counts.outages + (isPractice ? 0 : 1) };
    }
    case "outage-ends":
      return { ...counts, isPractice: false, outageMs: counts.outageMs + (counts.isPractice ? 0 : event.lastedMs) };
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
