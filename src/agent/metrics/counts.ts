import type { Kept } from "../../watch/chronicle.ts";
import type { Cause, RadioChange } from "../../watch/effect.ts";

/** What has happened since the agent started. */
export interface Counts {
  readonly moves: Readonly<Record<Cause | "kernel", number>>;
  readonly outages: number;
  /** Of those that are over. */
  readonly outageMs: number;
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
  carrierChanges: {},
  radioChanges: {},
};

/** The counts with one event more. */
export function counted(counts: Counts, event: Kept): Counts {
  switch (event.what) {
    case "moved":
      return { ...counts, moves: { ...counts.moves, [event.cause]: counts.moves[event.cause] + 1 } };
    case "kernel-moved":
      return { ...counts, moves: { ...counts.moves, kernel: counts.moves.kernel + 1 } };
    case "outage-begins":
      return { ...counts, outages: counts.outages + 1 };
    case "outage-ends":
      return { ...counts, outageMs: counts.outageMs + event.lastedMs };
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
