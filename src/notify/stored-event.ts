import type { Recorded } from "../watch/effect.ts";

/** An event as the history keeps it: its place in the order, and when by the wall clock (ms since 1970). */
export interface StoredEvent {
  readonly seq: number;
  readonly at: number;
  readonly event: Recorded;
}
