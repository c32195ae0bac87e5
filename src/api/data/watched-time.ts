import type { StoredEvent } from "../../watch/chronicle.ts";
import { longestDrillMs } from "../../watch/drill.ts";

/** A stretch of time, wall clock ms. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** When an agent watched. */
export interface WatchSpan extends Span {
  /** From here on nobody knows: it crashed, or the power was cut, somewhere before `to`. Equal to `to` where it is known. */
  readonly knownTo: number;
}

/** Reads from events when the host was watched, and when it was drilled. */
export interface WatchedTime {
  readonly take: (stored: StoredEvent) => void;
  /** `alive`: until when an agent that hasn't said its end is known to live. Oldest first. */
  readonly watched: (alive: number) => readonly WatchSpan[];
  /** A drill under way lasts until `now`. */
  readonly drills: (now: number) => readonly Span[];
}

/** Nothing read yet. */
export function watchedTime(): WatchedTime {
  const spans: WatchSpan[] = [];
  const drills: Span[] = [];
  let open: { from: number; last: StoredEvent } | undefined;
  let drill: number | undefined;
  const endDrill = (at: number): void => {
    if (drill !== undefined) drills.push({ from: drill, to: Math.min(at, drill + longestDrillMs) });
    drill = undefined;
  };
  return {
    take(stored) {
      const { at, event } = stored;
      if (event.what === "started") {
        if (open !== undefined) spans.push(brokenOff(open, stored));
        open = { from: at, last: stored };
        endDrill(at);
        return;
      }
      if (event.what === "drill-begins") drill = at;
      if (event.what === "drilled" || event.what === "drill-stopped") endDrill(at);
      // Of a journal whose beginning is gone.
      open ??= { from: at, last: stored };
      open.last = stored;
      if (event.what !== "stopped") return;
      spans.push({ from: open.from, to: Math.max(open.from, at), knownTo: Math.max(open.from, at) });
      open = undefined;
    },
    watched(alive) {
      if (open === undefined) return spans;
      const to = Math.max(open.from, open.last.at, alive);
      return [...spans, { from: open.from, to, knownTo: to }];
    },
    drills: (now) =>
      drill === undefined ? drills : [...drills, { from: drill, to: Math.min(now, drill + longestDrillMs) }],
  };
}

/** It went on until the next one of the same boot began, or until that boot did: at the latest. */
function brokenOff(
  { from, last }: { readonly from: number; readonly last: StoredEvent },
  next: StoredEvent,
): WatchSpan {
  const knownTo = Math.max(from, last.at);
  const bootedAt = next.at - next.monotonicMs;
  const end = next.bootId !== "" && next.bootId === last.bootId ? next.at : bootedAt;
  return { from, to: Math.max(knownTo, end), knownTo };
}

/** How much of the spans lies within a stretch of time, ms. They don't overlap, and stand in order. */
export function within(spans: readonly Span[], { from, to }: Span): number {
  let sum = 0;
  for (let index = firstEndingAfter(spans, from); index < spans.length; index += 1) {
    const span = spans[index];
    if (span === undefined || span.from >= to) break;
    sum += Math.max(0, Math.min(span.to, to) - Math.max(span.from, from));
  }
  return sum;
}

/** How many of the spans begin within a stretch of time. They stand in order. */
export function beginningIn(spans: readonly Span[], { from, to }: Span): number {
  let count = 0;
  for (let index = firstEndingAfter(spans, from); index < spans.length; index += 1) {
    const span = spans[index];
    if (span === undefined || span.from >= to) break;
    if (span.from >= from) count += 1;
  }
  return count;
}

/** A year has thousands of spans and hundreds of days: each day begins where its own are. */
function firstEndingAfter(spans: readonly Span[], at: number): number {
  let [low, high] = [0, spans.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((spans[middle]?.to ?? 0) > at) high = middle;
    else low = middle + 1;
  }
  return low;
}
