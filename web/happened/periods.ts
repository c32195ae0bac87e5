import type { Availability } from "../documents.ts";
import { percent, span } from "../words.ts";

export type Unit = "day" | "month" | "year";

/** How a period went, at a glance. none: nobody watched. */
export type PeriodTone = "good" | "reduced" | "outage" | "none";

/** The worst that happened in a period. */
export function toneOf({ availability, outages, internetLostMs, reducedMs }: Availability): PeriodTone {
  if (availability === null) return "none";
  if (outages > 0 || internetLostMs > 0) return "outage";
  return reducedMs > 0 ? "reduced" : "good";
}

/** How high the share of a period is drawn, 0 to 1: by its logarithm, since a second of a day is worth seeing and an hour of it no less. */
export function shareOf(ms: number, { watchedMs }: Availability): number {
  if (ms <= 0 || watchedMs <= 0) return 0;
  const share = Math.min(1, ms / watchedMs);
  // From a hundred thousandth, which is a second a day, to all of it.
  return Math.max(0.12, 1 + Math.log10(share) / 5);
}

/** "22 November 2026", "November 2026", "2026": by the host's own calendar. */
export function nameOf(at: number, unit: Unit, zone: string): string {
  const parts =
    unit === "day"
      ? ({ weekday: "short", day: "numeric", month: "long", year: "numeric" } as const)
      : unit === "month"
        ? ({ month: "long", year: "numeric" } as const)
        : ({ year: "numeric" } as const);
  return format(at, parts, zone);
}

/** "22", "Nov", "2026" */
export function shortNameOf(at: number, unit: Unit, zone: string): string {
  if (unit === "day") return format(at, { day: "numeric" }, zone);
  return format(at, unit === "month" ? { month: "short" } : { year: "numeric" }, zone);
}

function format(at: number, parts: Intl.DateTimeFormatOptions, zone: string): string {
  try {
    return new Intl.DateTimeFormat("en-GB", { ...parts, timeZone: zone }).format(at).replace(",", "");
  } catch {
    // A zone this browser has never heard of.
    return new Intl.DateTimeFormat("en-GB", parts).format(at).replace(",", "");
  }
}

/** "99.9981 %, 2 outages of 3.4 s in all; one port short for 12 min" */
export function wordsOf(period: Availability): string {
  const { availability, outages, outageMs, reducedMs, internetLostMs, drillMs } = period;
  if (availability === null) return "nobody watched";
  const parts = [
    outages === 0
      ? "no outage"
      : `${outages === 1 ? "one outage of" : `${outages} outages of`} ${span(outageMs)}${outages === 1 ? "" : " in all"}`,
    internetLostMs > 0 ? `the Internet lost for ${span(internetLostMs)}` : "",
    reducedMs > 0 ? `fewer ports than declared for ${span(reducedMs)}` : "",
    drillMs > 0 ? `${span(drillMs)} by drills` : "",
  ];
  return `${percent(availability)}, ${parts.filter((part) => part !== "").join(", ")}`;
}
