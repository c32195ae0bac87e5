import type { ScenarioResult } from "../measure/rehearsal.ts";
import { niceAbove, type TimeWindow } from "./scale.ts";

/** One look at a scenario: the cut or the mending, each in its own scale, for 50 ms and 60 s don't fit one. */
export interface TimelinePart {
  readonly title: string;
  readonly window: TimeWindow;
  /** What the times on its axis count from, ms after the fault. */
  readonly zero: number;
}

const leastMs = 20;

/** The parts worth a picture: what happened at the fault, and when it was mended. One for a scenario without a fault. */
export function timelineParts(result: ScenarioResult): readonly TimelinePart[] {
  const mendAt = mendTime(result);
  if (result.kind === "healthy" || mendAt <= 0) return [healthyPart(result)];
  const cutEnd = lastTrouble(result, { from: 0, to: mendAt });
  const isOpen = cutEnd >= mendAt * 0.95;
  const cutTo = isOpen ? mendAt : Math.min(mendAt, niceAbove(Math.max(cutEnd * 1.3, leastMs)));
  const backEnd = lastTrouble(result, { from: mendAt, to: Number.POSITIVE_INFINITY }) - mendAt;
  const backTo = niceAbove(Math.max(backEnd * 1.3, leastMs));
  return [
    { title: "The fault", window: { from: -0.1 * cutTo, to: isOpen ? cutTo * 1.03 : cutTo }, zero: 0 },
    { title: "The mending", window: { from: mendAt - 0.1 * backTo, to: mendAt + backTo }, zero: mendAt },
  ];
}

/** When the fault was mended, ms after it; the end of watching where no event tells. */
export function mendTime(result: ScenarioResult): number {
  return result.events.find((each) => each.what === "mend")?.atMs ?? result.watchedMs;
}

function healthyPart(result: ScenarioResult): TimelinePart {
  const runs = result.flows.flatMap((flow) => flow.lostRuns);
  if (runs.length === 0)
    return { title: "Nothing was cut", window: { from: 0, to: Math.max(result.watchedMs, 1) }, zero: 0 };
  const from = runs.reduce((least, run) => Math.min(least, run[0]), 0);
  const to = runs.reduce((most, run) => Math.max(most, run[1]), from + 1);
  return { title: "Nothing was cut", window: { from, to }, zero: 0 };
}

/** The end of the last loss, or the last move of the active port, that began within a span. */
function lastTrouble(result: ScenarioResult, within: TimeWindow): number {
  const ends = result.flows.flatMap((flow) =>
    flow.lostRuns.filter(([from, to]) => to > within.from && from < within.to).map(([, to]) => Math.min(to, within.to)),
  );
  const moves = result.events
    .filter(
      (each) => (each.what === "switch" || each.what === "back") && each.atMs >= within.from && each.atMs < within.to,
    )
    .map((each) => each.atMs);
  return [...ends, ...moves].reduce((most, each) => Math.max(most, each), within.from);
}
