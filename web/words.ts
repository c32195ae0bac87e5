/** A duration as people say it: "34 ms", "2.5 s", "7 min", "3 h 20 min", "2 d 4 h". Takes ms. */
export function span(ms: number): string {
  if (ms < 1) return "less than 1 ms";
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${ms < 10_000 ? Number((ms / 1_000).toFixed(1)) : Math.round(ms / 1_000)} s`;
  const minutes = Math.round(ms / 60_000);
  if (minutes < 60) return `${minutes} min`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return minutes % 60 === 0 ? `${hours} h` : `${hours} h ${minutes % 60} min`;
  const days = Math.floor(hours / 24);
  return hours % 24 === 0 || days >= 7 ? `${days} days`.replace(/^1 days/, "1 day") : `${days} d ${hours % 24} h`;
}

/** How long ago, steady to look at: "just now", "4 min ago", "12 days ago". Takes ms. */
export function ago(ms: number): string {
  if (ms < 10_000) return "just now";
  return `${coarse(ms)} ago`;
}

/** A duration in its largest unit: "4 min", "3 h", "12 days". Takes ms. */
export function coarse(ms: number): string {
  if (ms < 60_000) return `${Math.max(1, Math.round(ms / 1_000))} s`;
  if (ms < hourMs) return `${Math.round(ms / 60_000)} min`;
  if (ms < 2 * dayMs) return `${Math.round(ms / hourMs)} h`;
  return `${Math.floor(ms / dayMs)} days`;
}

export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** "eth0", "eth0 and wlan0", "eth0, eth1 and wlan0" */
export function listed(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** "1 event", "3 events", "12,345 events" */
export function counted(count: number, word: string): string {
  return `${count.toLocaleString("en")} ${word}${count === 1 ? "" : "s"}`;
}

/** The first letter large, but for names such as em1 and plc-a. */
export function capital(text: string): string {
  return /^[a-z]+(?=[ .,:]|$)/.test(text) ? text.slice(0, 1).toUpperCase() + text.slice(1) : text;
}

const day = new Intl.DateTimeFormat("en-GB", { weekday: "long", day: "numeric", month: "long", year: "numeric" });
const shortDay = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short", year: "numeric" });
const yearless = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "short" });
const month = new Intl.DateTimeFormat("en-GB", { month: "short" });
const minute = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit" });
const second = new Intl.DateTimeFormat("en-GB", { hour: "2-digit", minute: "2-digit", second: "2-digit" });

/** "Sunday 22 November 2026" */
export const dateOf = (at: number): string => day.format(at).replace(",", "");
/** "22 Nov 2026" */
export const shortDateOf = (at: number): string => shortDay.format(at);
/** "Nov" */
export const monthOf = (at: number): string => month.format(at);
/** "03:12" */
export const minuteOf = (at: number): string => minute.format(at);
/** "03:12:07" */
export const secondOf = (at: number): string => second.format(at);

/** "today at 03:12", "yesterday at 23:40", "on 19 Nov at 03:12"; with its year where that is long ago. */
export function momentOf(at: number, now: number): string {
  const days = Math.round((startOfDay(now) - startOfDay(at)) / dayMs);
  const date = Math.abs(days) < 300 ? yearless.format(at) : shortDateOf(at);
  const when = days === 0 ? "today" : days === 1 ? "yesterday" : `on ${date}`;
  return `${when} at ${minuteOf(at)}`;
}

/** Midnight before a moment, in the browser's time zone. */
export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** A share as a figure that doesn't claim more than it shows: "100 %", "99.998 %", "97 %". */
export function percent(share: number): string {
  if (share === 1) return "100 %";
  const value = share * 100;
  const digits = value >= 99.99 ? 4 : value >= 99.9 ? 3 : value >= 99 ? 2 : 1;
  // Rounded up to a whole hundred it would hide what was lost.
  const cut = Math.floor(value * 10 ** digits) / 10 ** digits;
  return `${Number(cut.toFixed(digits))} %`;
}

/** A share of lost packets: "0 %", "< 0.1 %", "3.4 %". */
export function lossOf(share: number): string {
  const value = share * 100;
  if (value === 0) return "0 %";
  if (value < 0.1) return "< 0.1 %";
  return `${value < 10 ? Number(value.toFixed(1)) : Math.round(value)} %`;
}

/** A round trip: "0.4 ms", "12 ms", "1.2 s". */
export function roundTrip(ms: number): string {
  if (ms < 0.05) return "< 0.1 ms";
  if (ms < 10) return `${Number(ms.toFixed(1))} ms`;
  return ms < 1_000 ? `${Math.round(ms)} ms` : span(ms);
}
