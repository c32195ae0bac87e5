import type { Span } from "./watched-time.ts";

/** What a span of time is cut into. */
export type Period = "day" | "month" | "year";

/** More are nobody's chart. */
export const mostPeriods: Readonly<Record<Period, number>> = { day: 400, month: 120, year: 50 };

/** How far back is looked when nobody says. */
export const usualPeriods: Readonly<Record<Period, number>> = { day: 30, month: 12, year: 5 };

/** The days, months or years of this host's calendar that touch the span, cut to it; oldest first. undefined: too many. */
export function periodsIn({ from, to }: Span, by: Period): readonly Span[] | undefined {
  const found: Span[] = [];
  for (let at = from; at < to; ) {
    const next = Math.min(to, startAfter(at, by));
    found.push({ from: at, to: next });
    if (found.length > mostPeriods[by]) return undefined;
    at = next;
  }
  return found;
}

/** When the period began that lies so many before the one of this moment. */
export function startBefore(at: number, by: Period, count: number): number {
  const date = new Date(at);
  const [year, month, day] = [date.getFullYear(), date.getMonth(), date.getDate()];
  if (by === "year") return new Date(year - count, 0, 1).getTime();
  return by === "month" ? new Date(year, month - count, 1).getTime() : new Date(year, month, day - count).getTime();
}

/** A day has 23 or 25 hours where the clock is set for summer: the calendar knows. */
function startAfter(at: number, by: Period): number {
  const next = startBefore(at, by, -1);
  return next > at ? next : at + 3_600_000;
}
