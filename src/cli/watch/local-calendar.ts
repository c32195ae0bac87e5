import type { Calendar } from "../../report/moments.ts";

/** Dates and times of this machine's time zone, and what is now. */
export function localCalendar(now: number): Calendar {
  return {
    now,
    date: (at) => {
      const day = new Date(at);
      return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
    },
    time: (at) => {
      const day = new Date(at);
      return `${two(day.getHours())}:${two(day.getMinutes())}:${two(day.getSeconds())}`;
    },
  };
}

function two(value: number): string {
  return String(value).padStart(2, "0");
}

/** How far local time is ahead of UTC at a moment, ms. */
export function localOffsetMs(at: number): number {
  return -new Date(at).getTimezoneOffset() * 60_000;
}

const units: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  min: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** "2h", "90 min", "3d", "14:30", "yesterday", "2025-11-03", "2025-11-03 14:30" as a moment, ms; undefined: it is none. */
export function readMoment(text: string, now: number): number | undefined {
  const [, count, unit = ""] = /^(\d{1,6})\s*([a-z]+)$/.exec(text.trim()) ?? [];
  const unitMs = units[unit];
  if (count !== undefined) return unitMs === undefined ? undefined : now - Number(count) * unitMs;
  const today = localCalendar(now).date(now);
  if (text === "today") return startOf(today);
  if (text === "yesterday") return startOf(localCalendar(now).date(startOf(today) - 3_600_000));
  const time = /^\d\d?:\d\d(:\d\d)?$/.test(text)
    ? `${today} ${text.padStart(text.length === 4 ? 5 : text.length, "0")}`
    : text;
  const [, date, clock = "00:00", zone = ""] =
    /^(\d{4}-\d\d-\d\d)(?:[ T](\d\d:\d\d(?::\d\d(?:\.\d+)?)?)(Z|[+-]\d\d:\d\d)?)?$/.exec(time) ?? [];
  if (date === undefined) return undefined;
  const at = new Date(`${date}T${clock}${zone}`).getTime();
  return Number.isNaN(at) ? undefined : at;
}

function startOf(date: string): number {
  return new Date(`${date}T00:00`).getTime();
}
