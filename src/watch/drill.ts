import type { DrillSaid, StoredEvent } from "./chronicle.ts";

/** A drill of this host. `verdict`: undefined while it lasts; "unknown": it was stopped, or its end was never told. */
export interface Drill {
  readonly at: number;
  /** When that was told; undefined: it lasts, or nobody told its end. */
  readonly endedAt: number | undefined;
  readonly verdict: "held" | "missed" | "unknown" | undefined;
}

/** Longer no drill lasts, ms: one that never told its end was killed. */
export const longestDrillMs = 1_800_000;

/** What is known of the latest drill after something was said of one, at this time by the wall clock. */
export function drillAfter(before: Drill | undefined, at: number, said: DrillSaid): Drill {
  if (said.what === "drill-begins") return { at, endedAt: undefined, verdict: undefined };
  return { at: before?.at ?? at, endedAt: at, verdict: said.what === "drilled" ? said.verdict : "unknown" };
}

/** What is known of the latest drill, with one event more. A watch that begins saw no end of one that was under way. */
export function drillWith(
  before: Drill | undefined,
  { at, event }: Pick<StoredEvent, "at" | "event">,
): Drill | undefined {
  if (event.what === "drill-begins" || event.what === "drilled" || event.what === "drill-stopped")
    return drillAfter(before, at, event);
  return event.what === "started" && before !== undefined
    ? { ...before, endedAt: before.endedAt ?? at, verdict: before.verdict ?? "unknown" }
    : before;
}

/** The kinds of events that `drillWith` goes by. */
export const drillKinds: readonly string[] = ["drill-begins", "drilled", "drill-stopped", "started"];

/** Whether a drill cuts ports at this time by the wall clock. */
export function isDrilling(drill: Drill | undefined, at: number): boolean {
  return drill !== undefined && drill.verdict === undefined && at - drill.at <= longestDrillMs;
}

/** When it ended, at the latest. */
export function endOf({ at, endedAt }: Drill): number {
  return Math.min(endedAt ?? Number.POSITIVE_INFINITY, at + longestDrillMs);
}

/** Whether a drill made what began then, by the wall clock; it may be noticed only when the drill is over. */
export function hasMade(drill: Drill | undefined, began: number): boolean {
  return drill !== undefined && began >= drill.at && began < endOf(drill);
}

/** A drill says that it is over as soon as it has mended what it cut; a port may need so long more to join, to answer and to hold, ms. */
const aftermathMs = 10_000;

/** Whether an outage that a drill made goes on for longer than the drill's mending explains: then it is the host's own from the drill's end on.
 *  `until`: when it was over, or now. */
export function outlasts(drillEnd: number, until: number): boolean {
  return until > drillEnd + aftermathMs;
}
