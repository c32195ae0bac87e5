import type { TextStyle } from "../diagnostic/text-style.ts";
import { visible } from "../diagnostic/visible.ts";
import type { Rehearsal } from "../measure/rehearsal.ts";
import { count, sayGap, sayMs, worstOutage } from "./words.ts";

/** An earlier drill, as far as a trend needs it. */
export interface DrillBefore {
  /** Wall clock, ms since 1970. */
  readonly at: number;
  readonly cuts: readonly { readonly id: string; readonly outageMs: number | null; readonly uncertaintyMs: number }[];
}

/** Drills compared with. */
const most = 10;

/** Each cut beside its last drills: "carrier-em1: 84 ms; before 71, 90, 66 ms (last 12 days ago)". Nothing without a cut that
 *  was drilled before. Ends with a line break. */
export function renderBefore(
  rehearsal: Rehearsal,
  before: readonly DrillBefore[],
  style: TextStyle,
  now: number,
): string {
  const lines = rehearsal.scenarios.flatMap((scenario) => {
    const past = before.flatMap(({ at, cuts }) =>
      cuts.filter(({ id }) => id === scenario.id).map((cut) => ({ at, ...cut })),
    );
    const last = past.at(-1);
    if (last === undefined) return [];
    const shown = past.slice(-most).map(({ outageMs }) => sayGap(outageMs));
    const when = sayDaysAgo(last.at, now);
    const text = `${visible(scenario.id)}: ${sayGap(worstOutage(scenario))}; before ${shown.join(", ")} (last ${when})`;
    const change = changeOf(worstOutage(scenario), past, scenario.uncertaintyMs);
    return [`${style.paint("faint", text)}${change === "" ? "" : ` ${style.paint("warning", change)}`}\n`];
  });
  const forecast = renderForecast(rehearsal, style, now);
  return lines.length + forecast.length === 0 ? "" : `\n${forecast}${lines.join("")}`;
}

/** "as rehearsed 12 days ago: 3 of 3 faults"; nothing without a rehearsal. */
function renderForecast({ scenarios }: Rehearsal, style: TextStyle, now: number): string {
  const forecasts = scenarios.flatMap(({ forecast }) => forecast ?? []);
  if (forecasts.length === 0) return "";
  const kept = forecasts.filter((forecast) => forecast.kept).length;
  const when = sayDaysAgo(Math.min(...forecasts.map(({ at }) => at)), now);
  const isAll = kept === forecasts.length;
  const text = `as rehearsed ${when}: ${kept} of ${count(forecasts.length, "fault")}`;
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
