import type { DrillSaid, StoredEvent } from "./chronicle.ts";

/** A drill of this host. `verdict`: undefined while it lasts; "unknown": it was stopped, or its end was never told. */
export interface Drill {
  readonly at: number;
  readonly verdict: "held" | "missed" | "unknown" | undefined;
}

/** Longer no drill lasts, ms: one that never told its end was killed. */
export const longestDrillMs = 1_800_000;

/** What is known of the latest drill after something was said of one, at this time by the wall clock. */
export function drillAfter(before: Drill | undefined, at: number, said: DrillSaid): Drill {
  if (said.what === "drill-begins") return { at, verdict: undefined };
  return { at: before?.at ?? at, verdict: said.what === "drilled" ? said.verdict : "unknown" };
}

/** What is known of the latest drill, with one event more. A watch that begins saw no end of one that was under way. */
export function drillWith(
  before: Drill | undefined,
  { at, event }: Pick<StoredEvent, "at" | "event">,
): Drill | undefined {
  if (event.what === "drill-begins" || event.what === "drilled" || event.what === "drill-stopped")
    return drillAfter(before, at, event);
  return event.what === "started" && before !== undefined
    ? { ...before, verdict: before.verdict ?? "unknown" }
    : before;
}

/** The kinds of events that `drillWith` goes by. */
export const drillKinds: readonly string[] = ["drill-begins", "drilled", "drill-stopped", "started"];

/** Whether a drill cuts ports at this time by the wall clock. */
export function isDrilling(drill: Drill | undefined, at: number): boolean {
  return drill !== undefined && drill.verdict === undefined && at - drill.at <= longestDrillMs;
}
