import type { Scenario } from "../topology/lab-plan.ts";
import type { Measured } from "./measure.ts";
import type { ScenarioResult } from "./rehearsal.ts";
import { byLength, percentile, worstOf } from "./statistics.ts";
import type { Judgement } from "./verdict.ts";

/** All repeats of one scenario as one result: numbers are the worst of all repeats, the story (events, flows) is the worst
 *  repeat's own. At least one repeat is needed. */
export function combine(
  repeats: readonly Measured[],
  scenario: Scenario,
  judgeOne: (measured: Measured) => Judgement,
): ScenarioResult {
  const worst = repeats.toSorted((one, other) => byLength(worstWay(other), worstWay(one)))[0];
  if (worst === undefined) throw new Error(`${scenario.id} was not drilled`);
  // The worst repeat speaks for all; where only another one missed (its TCP session broke, say), that one does.
  const judged = judgeOne(worst);
  const verdict = judged.verdict === "missed" ? judged : (repeats.map(judgeOne).find(isMissed) ?? judged);
  const switched = repeats.flatMap((each) => (each.switchedAfterMs === undefined ? [] : [each.switchedAfterMs]));
  const outages = repeats.map((each) => worstOf([each.outageMs.toHost, each.outageMs.fromHost]));
  return {
    id: scenario.id,
    fault: scenario.fault,
    kind: scenario.kind,
    expected: worst.expected,
    outageMs: worstWays(repeats.map(({ outageMs }) => outageMs)),
    watchedMs: Math.max(...repeats.map(({ watchedMs }) => watchedMs)),
    uncertaintyMs: Math.max(...repeats.map(({ uncertaintyMs }) => uncertaintyMs)),
    tcp: {
      survived: repeats.every(({ tcp }) => tcp.survived),
      stallMs: repeats.every(({ tcp }) => tcp.stallMs === null) ? null : worstOf(stalls(repeats)),
    },
    ...sshOf(repeats),
    lost: repeats.reduce((sum, { lost }) => sum + lost, 0),
    sent: repeats.reduce((sum, { sent }) => sum + sent, 0),
    reselectMs: worstWays(repeats.map(({ reselectMs }) => reselectMs)),
    ...(switched.length === 0 ? {} : { switchedAfterMs: Math.max(...switched) }),
    ...verdict,
    events: worst.events,
    flows: worst.flows.map(({ result }) => result),
    repeats: repeats.map((each) => ({
      toHost: each.outageMs.toHost,
      fromHost: each.outageMs.fromHost,
      reselect: worstOf([each.reselectMs.toHost, each.reselectMs.fromHost]),
      tcpStallMs: each.tcp.stallMs,
    })),
    stats: { median: percentile(outages, 0.5), p95: percentile(outages, 0.95), worst: worstOf(outages) },
    ...sightsOf(repeats),
  };
}

/** The session that fared worst: one that broke, or stood still longest. */
function sshOf(repeats: readonly Measured[]): Pick<ScenarioResult, "ssh"> {
  const all = repeats.flatMap(({ ssh }) => (ssh === undefined ? [] : [ssh]));
  const worst =
    all.find(({ survived }) => !survived) ?? all.toSorted((one, other) => byLength(other.stallMs, one.stallMs))[0];
  return worst === undefined ? {} : { ssh: worst };
}

/** Of the first repeat: in the others it is another moment of the same. */
function sightsOf(repeats: readonly Measured[]): Pick<ScenarioResult, "sights"> {
  const trace = repeats[0]?.trace;
  if (trace?.sights === undefined) return {};
  return { sights: trace.sights.map((sight) => ({ ...sight, atMs: sight.atMs - trace.faultAtMs })) };
}

function isMissed({ verdict }: Judgement): boolean {
  return verdict === "missed";
}

/** A broken session has no stall; those that lived on do. */
function stalls(repeats: readonly Measured[]): readonly (number | null)[] {
  return repeats.filter(({ tcp }) => tcp.survived).map(({ tcp }) => tcp.stallMs);
}

function worstWay(measured: Measured): number | null {
  const { outageMs, reselectMs } = measured;
  return worstOf([outageMs.toHost, outageMs.fromHost, reselectMs.toHost, reselectMs.fromHost]);
}

function worstWays(all: readonly ScenarioResult["outageMs"][]): ScenarioResult["outageMs"] {
  return { toHost: worstOf(all.map(({ toHost }) => toHost)), fromHost: worstOf(all.map(({ fromHost }) => fromHost)) };
}
