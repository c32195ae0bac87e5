import type { TextStyle } from "../diagnostic/text-style.ts";
import { visible } from "../diagnostic/visible.ts";
import type { Rehearsal } from "../measure/rehearsal.ts";
import { paragraph } from "./terminal-columns.ts";
import { count, sayGap, sayMs, worstOutage } from "./words.ts";

/** An earlier drill, as far as a trend needs it. */
export interface DrillBefore {
  /** Wall clock, ms since 1970. */
  readonly at: number;
  readonly cuts: readonly { readonly id: string; readonly outageMs: number | null; readonly uncertaintyMs: number }[];
}

/** Drills compared with. */
const most = 10;

/** How much of a rehearsal's promise was kept, and each cut beside its last drills: "carrier-em1  84 ms, before: 71 ms, 90 ms (last 12 days
 *  ago)". Nothing without either. Ends with a line break. */
export function renderBefore(
  rehearsal: Rehearsal,
  before: readonly DrillBefore[],
  style: TextStyle,
  now: number,
): string {
  const rows = rehearsal.scenarios.flatMap((scenario) => {
    const past = before.flatMap(({ at, cuts }) =>
      cuts.filter(({ id }) => id === scenario.id).map((cut) => ({ at, ...cut })),
    );
    return past.length === 0 ? [] : [{ scenario, past }];
  });
  const widest = (of: (row: (typeof rows)[number]) => string): number =>
    Math.max(0, ...rows.map((row) => of(row).length));
  const ids = widest(({ scenario }) => visible(scenario.id));
  const gaps = widest(({ scenario }) => sayGap(worstOutage(scenario)));
  const lines = rows.flatMap(({ scenario, past }) => {
    const gap = worstOutage(scenario);
    const shown = past.slice(-most).map(({ outageMs }) => sayGap(outageMs));
    const when = sayDaysAgo(past.at(-1)?.at ?? now, now);
    const lead = `${visible(scenario.id).padEnd(ids)}  ${sayGap(gap).padStart(gaps)}`;
    const rest = paragraph(`before: ${shown.join(", ")} (last ${when})`, lead.length + 2, style.columns, (text) =>
      style.paint("faint", text),
    );
    const change = changeOf(gap, past, scenario.uncertaintyMs);
    const told = rest.map((line, index) => (index === 0 ? `${lead}${line.slice(lead.length)}` : line));
    return change === "" ? told : [...told, `${" ".repeat(ids + 2)}${style.paint("warning", change)}`];
  });
  const forecast = renderForecast(rehearsal, style, now);
  return lines.length + forecast.length === 0 ? "" : `\n${forecast}${lines.map((line) => `${line}\n`).join("")}`;
}

/** "As rehearsed 12 days ago: 3 of 3 faults."; nothing without a rehearsal. */
function renderForecast({ scenarios }: Rehearsal, style: TextStyle, now: number): string {
  const forecasts = scenarios.flatMap(({ forecast }) => forecast ?? []);
  if (forecasts.length === 0) return "";
  const kept = forecasts.filter((forecast) => forecast.kept).length;
  const when = sayDaysAgo(Math.min(...forecasts.map(({ at }) => at)), now);
  const isAll = kept === forecasts.length;
  const text = `As rehearsed ${when}: ${kept} of ${count(forecasts.length, "fault")}.`;
  return `${isAll ? style.paint("faint", text) : style.paint("warning", text)}\n`;
}

function sayDaysAgo(at: number, now: number): string {
  const days = Math.floor((now - at) / 86_400_000);
  return days < 1 ? "less than a day ago" : `${count(days, "day")} ago`;
}

/** Only what can be no chance: longer than ever before, by more than both could be off. */
function changeOf(now: number | null, past: readonly DrillBefore["cuts"][number][], uncertaintyMs: number): string {
  const known = past.slice(-most);
  if (known.length < 3 || known.some(({ outageMs }) => outageMs === null)) return "";
  const longest = known.reduce((one, other) => ((other.outageMs ?? 0) > (one.outageMs ?? 0) ? other : one));
  const limit = (longest.outageMs ?? 0) + longest.uncertaintyMs + uncertaintyMs;
  return now === null || now > limit ? `longer than in the last ${known.length} (${sayMs(longest.outageMs ?? 0)})` : "";
}
