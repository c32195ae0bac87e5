import { outlasts } from "../../watch/drill.ts";
import type { History } from "../../watch/history.ts";
import type { Availability } from "../dashboard.ts";
import { beginningIn, type Span, type WatchSpan, within } from "./watched-time.ts";

/** What an availability is counted from. */
export interface Counted {
  readonly history: History;
  readonly watched: readonly WatchSpan[];
  readonly drills: readonly Span[];
  readonly now: number;
}

/** Stretches of time, taken out of a history once for many periods. */
export interface Stretches {
  readonly watched: readonly Span[];
  readonly uncertain: readonly Span[];
  readonly outages: readonly Span[];
  readonly drilled: readonly Span[];
  readonly internet: readonly Span[];
  readonly reduced: readonly Span[];
}

/** What is told as lasting lasts until now; what was cut off, until the watch was. Only watched time counts. */
export function stretchesOf({ history, watched, drills, now }: Counted): Stretches {
  const outages = history.incidents.flatMap((incident) =>
    incident.outages.map(({ at, lastedMs }): Span => {
      const end = lastedMs === undefined ? (incident.endedAt ?? now) : at + lastedMs;
      return { from: at, to: Math.max(at, end) };
    }),
  );
  // One that outlasts the drill that made it is the host's own from there on.
  const ownFrom = ({ from, to }: Span): number => {
    const drill = drills.find((one) => from >= one.from && from <= one.to);
    if (drill === undefined) return from;
    return outlasts(drill.to, to) ? drill.to : to;
  };
  const lasting = <T extends { readonly at: number; readonly endedAt: number | undefined }>({
    at,
    endedAt,
  }: T): Span => ({
    from: at,
    to: Math.max(at, endedAt ?? now),
  });
  return {
    watched: clipped(watched, watched),
    uncertain: clipped(
      watched.map(({ knownTo, to }) => ({ from: knownTo, to })),
      watched,
    ),
    outages: clipped(
      outages.map((span) => ({ from: ownFrom(span), to: span.to })),
      watched,
    ),
    drilled: clipped(
      outages.map((span) => ({ from: span.from, to: ownFrom(span) })),
      watched,
    ),
    internet: clipped(history.beyond.map(lasting), watched),
    reduced: clipped(history.spans.map(lasting), watched),
  };
}

/** How a stretch of time went. */
export function availabilityIn(stretches: Stretches, span: Span): Availability {
  const [watchedMs, outageMs] = [within(stretches.watched, span), within(stretches.outages, span)];
  return {
    ...span,
    watchedMs,
    uncertainMs: within(stretches.uncertain, span),
    outages: beginningIn(stretches.outages, span),
    outageMs,
    drillMs: within(stretches.drilled, span),
    internetLostMs: within(stretches.internet, span),
    reducedMs: within(stretches.reduced, span),
    availability: watchedMs === 0 ? null : 1 - Math.min(1, outageMs / watchedMs),
  };
}

/** The parts of spans that lie in watched time, in order, overlapping ones as one. */
function clipped(spans: readonly Span[], watched: readonly WatchSpan[]): readonly Span[] {
  const cut = spans.flatMap((span) =>
    watched.flatMap(({ from, to }) => {
      const part = { from: Math.max(span.from, from), to: Math.min(span.to, to) };
      return part.to > part.from ? [part] : [];
    }),
  );
  const joined: { from: number; to: number }[] = [];
  // A clock that was set back lets spans overlap that followed each other.
  for (const part of cut.toSorted((one, other) => one.from - other.from)) {
    const last = joined.at(-1);
    if (last !== undefined && part.from < last.to) last.to = Math.max(last.to, part.to);
    else joined.push(part);
  }
  return joined;
}
