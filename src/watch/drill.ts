import type { DrillSaid, StoredEvent } from "./chronicle.ts";

/** A drill of this host. `verdict`: undefined while it lasts; "unknown": its end was never told. */
export interface Drill {
  readonly at: number;
  readonly verdict: "held" | "missed" | "unknown" | undefined;
}

/** Longer no drill lasts, ms: one that never told its end was killed. */
export const longestDrillMs = 1_800_000;

/** What is known of the latest drill after something was said of one, at this time by the wall clock. */
export function drillAfter(before: Drill | undefined, at: number, said: DrillSaid): Drill {
  return said.what === "drill-begins" ? { at, verdict: undefined } : { at: before?.at ?? at, verdict: said.verdict };
}

/** What is known of the latest drill, with one event more. */
export function drillWith(
  before: Drill | undefined,
  { at, event }: Pick<StoredEvent, "at" | "event">,
): Drill | undefined {
  return event.what === "drill-begins" || event.what === "drilled" ? drillAfter(before, at, event) : before;
}

/** Whether a drill cuts ports at this time by the wall clock. */
export function isDrilling(drill: Drill | undefined, at: number): boolean {
  return drill !== undefined && drill.verdict === undefined && at - drill.at <= longestDrillMs;
}
