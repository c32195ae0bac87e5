import type { TextStyle } from "../diagnostic/text-style.ts";
import { describe } from "../notify/describe.ts";
import type { StoredEvent } from "../watch/chronicle.ts";
import type { Calendar } from "./moments.ts";
import { paragraph } from "./terminal-columns.ts";

const roles = { critical: "error", warning: "warning", notice: "note" } as const;

/** Turns events into lines, one after the other: a line with the date wherever the day changes, then time and what happened,
 *  wrapped below itself. */
export function eventPrinter(style: TextStyle, calendar: Calendar): (event: StoredEvent) => string {
  let day = "";
  return ({ at, event }) => {
    const lines: string[] = [];
    if (calendar.date(at) !== day) {
      day = calendar.date(at);
      lines.push(style.paint("strong", day));
    }
    const said = describe(event);
    const evidence = "evidence" in event && event.evidence !== "" && !said.title.includes(event.evidence);
    const text = said.title + (evidence ? ` (${event.evidence})` : "");
    const time = `${calendar.time(at)}.${String(Math.floor(at) % 1000).padStart(3, "0")}`;
    const indent = time.length + 2;
    const paint = (words: string) => style.paint(roles[said.severity], words);
    const wrapped = paragraph(text, indent, style.columns, paint);
    lines.push(
      ...wrapped.map((line, index) => (index === 0 ? style.paint("faint", time) + line.slice(time.length) : line)),
    );
    return `${lines.join("\n")}\n`;
  };
}

/** Times of a log that knows only how long after boot: "+ 12.345 s" in the place of a time of day. */
export function bootCalendar(): Calendar {
  return {
    now: 0,
    date: () => "after boot",
    time: (at) => `+${String(Math.floor(at / 1000)).padStart(8)}`,
  };
}
