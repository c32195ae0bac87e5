import type { History } from "../../watch/history.ts";
import type { Availability } from "../dashboard.ts";
import { type Span, type WatchSpan, within } from "./watched-time.ts";

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
  const isDrill = (span: Span): boolean => drills.some((drill) => span.from >= drill.from && span.from <= drill.to);
  const lasting = <T extends { readonly at: number; readonly endedAt: number | undefined }>({
    at,
    endedAt,
  }: T): Span => ({
    from: at,
    to: Math.max(at, endedAt ?? now),
  });
  return {
    watched,
    uncertain: watched.map(({ knownTo, to }) => ({ from: knownTo, to })),
    outages: clipped(
      outages.filter((span) => !isDrill(span)),
      watched,
    ),
    drilled: clipped(outages.filter(isDrill), watched),
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
    outages: stretches.outages.filter(({ from }) => from >= span.from && from < span.to).length,
    outageMs,
    drillMs: within(stretches.drilled, span),
    internetLostMs: within(stretches.internet, span),
    reducedMs: within(stretches.reduced, span),
    availability: watchedMs === 0 ? null : 1 - Math.min(1, outageMs / watchedMs),
  };
}

/** The parts of spans that lie in watched time. Both oldest first. */
function clipped(spans: readonly Span[], watched: readonly WatchSpan[]): readonly Span[] {
  return spans.flatMap((span) =>
    watched.flatMap(({ from, to }) => {
      const cut = { from: Math.max(span.from, from), to: Math.min(span.to, to) };
      return cut.to > cut.from ? [cut] : [];
    }),
  );
}
