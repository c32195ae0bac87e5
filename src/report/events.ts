import type { TextStyle } from "../diagnostic/text-style.ts";
import { describe } from "../notify/describe.ts";
import type { StoredEvent } from "../watch/chronicle.ts";
import type { Calendar } from "./moments.ts";
import { paragraph } from "./terminal-columns.ts";

const roles = { critical: "error", warning: "warning", notice: "note" } as const;

/** How the times of events are written. The day stands above its events, wherever it changes. */
export interface Stamps {
  day(at: number): string;
  time(at: number): string;
}

/** Turns events into lines, one after the other: time and what happened, wrapped below itself. */
export function eventPrinter(style: TextStyle, stamps: Stamps): (event: StoredEvent) => string {
  let day = "";
  return ({ at, event }) => {
    const lines: string[] = [];
    if (stamps.day(at) !== day) {
      day = stamps.day(at);
      lines.push(style.paint("strong", day));
    }
    const said = describe(event);
    const evidence = "evidence" in event && event.evidence !== "" && !said.title.includes(event.evidence);
    const text = said.title + (evidence ? ` (${event.evidence})` : "");
    const time = stamps.time(at);
    const indent = time.length + 2;
    const paint = (words: string) => style.paint(roles[said.severity], words);
    const wrapped = paragraph(text, indent, style.columns, paint);
    lines.push(
      ...wrapped.map((line, index) => (index === 0 ? style.paint("faint", time) + line.slice(time.length) : line)),
    );
    return `${lines.join("\n")}\n`;
  };
}

/** Dates and times of day, to the millisecond. */
export function wallStamps(calendar: Calendar): Stamps {
  return { day: (at) => calendar.date(at), time: (at) => `${calendar.time(at)}.${milliseconds(at)}` };
}

/** Times of a log that knows only how long after boot. */
export const bootStamps: Stamps = {
  day: () => "seconds after boot",
  time: (at) => `${Math.floor(at / 1000)}.${milliseconds(at)}`.padStart(12),
};

/** A log without times. */
export const noStamps: Stamps = { day: () => "no times in this log", time: () => "·" };

function milliseconds(at: number): string {
  return String(Math.floor(at) % 1000).padStart(3, "0");
}
