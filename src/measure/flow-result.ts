import type { Scenario } from "../topology/lab-plan.ts";
import { findGaps, firstAtOrAfter, type Gap, longestGap, type TraceClock } from "./gap.ts";
import type { FlowResult } from "./rehearsal.ts";
import type { FlowTrace, Trace } from "./trace.ts";

/** One direction of one flow, measured; with the gaps themselves, for the timeline and the uncertainty. */
export interface MeasuredFlow {
  readonly result: FlowResult;
  /** The longest gap while the fault lasted, and the one its mending cost. */
  readonly outage?: Gap;
  readonly reselect?: Gap;
  /** Nothing got through before the fault: whatever came after says nothing about it. */
  readonly hadNoBaseline: boolean;
}

/** At most this many runs of lost packets are kept for drawing. */
const MAX_RUNS = 400;

/** Measures a direction: what the fault cost, and what its mending cost. */
export function measureFlow(flow: FlowTrace, trace: Trace, scenario: Scenario, clock: TraceClock): MeasuredFlow {
  const mendFromMs = trace.mendFromMs ?? trace.mendedAtMs;
  const hadNoBaseline = !receivedAny(flow, 0, trace.faultAtMs);
  const outage = longestGap(findGaps(flow, { fromMs: trace.faultAtMs, untilMs: mendFromMs, clock }));
  const reselect = longestGap(findGaps(flow, { fromMs: mendFromMs, untilMs: trace.endAtMs, clock }));
  const before = tally(flow, 0, trace.faultAtMs);
  const after = tally(flow, trace.faultAtMs, Number.POSITIVE_INFINITY);
  return {
    result: {
      flow: flow.flow,
      direction: flow.direction,
      expected: scenario.expected[flow.flow] ?? "survives",
      sent: after.sent,
      lost: after.lost,
      lostBefore: before.lost,
      outageMs: hadNoBaseline ? null : lengthOf(outage),
      reselectMs: hadNoBaseline ? null : lengthOf(reselect),
      lostRuns: lostRuns(flow, trace.faultAtMs),
    },
    ...(outage === undefined ? {} : { outage }),
    ...(reselect === undefined ? {} : { reselect }),
    hadNoBaseline,
  };
}

/** No gap at all is an outage of 0; one that never ended is null. */
function lengthOf(gap: Gap | undefined): number | null {
  return gap === undefined ? 0 : gap.lengthMs;
}

function receivedAny(flow: FlowTrace, fromMs: number, untilMs: number): boolean {
  const end = firstAtOrAfter(flow.sentAtMs, untilMs);
  return flow.receivedAtMs.slice(firstAtOrAfter(flow.sentAtMs, fromMs), end).some((at) => at !== null);
}

function tally(flow: FlowTrace, fromMs: number, untilMs: number): { readonly sent: number; readonly lost: number } {
  const received = flow.receivedAtMs.slice(
    firstAtOrAfter(flow.sentAtMs, fromMs),
    firstAtOrAfter(flow.sentAtMs, untilMs),
  );
  return { sent: received.length, lost: received.filter((at) => at === null).length };
}

/** Runs of lost packets from a little before the fault on, fault = 0. */
function lostRuns(flow: FlowTrace, faultAtMs: number): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  let isOpen = false;
  for (const [index, received] of flow.receivedAtMs.entries()) {
    const at = (flow.sentAtMs[index] ?? 0) - faultAtMs;
    if (received !== null) isOpen = false;
    else if (isOpen) runs.splice(-1, 1, [runs.at(-1)?.[0] ?? at, at]);
    else {
      runs.push([at, at]);
      isOpen = true;
    }
  }
  return thinned(runs);
}

/** Joins the runs that lie closest together until few enough are left: a picture shows no more anyway. */
function thinned(runs: readonly [number, number][]): readonly (readonly [number, number])[] {
  if (runs.length <= MAX_RUNS) return runs;
  const pauses = runs.slice(1).map(([from], index) => from - (runs[index]?.[1] ?? from));
  const least = pauses.toSorted((one, other) => other - one)[MAX_RUNS - 2] ?? 0;
  const kept: [number, number][] = [];
  let split = 0;
  for (const [index, run] of runs.entries()) {
    const pause = pauses[index - 1] ?? Number.POSITIVE_INFINITY;
    const isSplit = index === 0 || (pause >= least && split < MAX_RUNS - 1);
    if (index > 0 && isSplit) split += 1;
    if (isSplit) kept.push([...run]);
    else kept.splice(-1, 1, [kept.at(-1)?.[0] ?? run[0], run[1]]);
  }
  return kept;
}
