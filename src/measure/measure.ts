import type { Scenario } from "../topology/lab-plan.ts";
import { type MeasuredFlow, measureFlow } from "./flow-result.ts";
import type { TraceClock } from "./gap.ts";
import type { ScenarioResult, SshResult } from "./rehearsal.ts";
import { byLength, worstOf } from "./statistics.ts";
import { type MeasuredTcp, measureSsh, measureTcp } from "./tcp.ts";
import { switchedAfterMs, timelineOf } from "./timeline.ts";
import type { Trace } from "./trace.ts";

type BothWays = ScenarioResult["outageMs"];

/** One drill, measured. */
export interface Measured {
  readonly trace: Trace;
  readonly flows: readonly MeasuredFlow[];
  readonly expected: "survives" | "no-path";
  readonly outageMs: BothWays;
  readonly reselectMs: BothWays;
  readonly watchedMs: number;
  readonly uncertaintyMs: number;
  readonly tcp: MeasuredTcp;
  /** Absent: there was none, or none is promised. */
  readonly ssh?: SshResult;
  readonly sent: number;
  readonly lost: number;
  /** Share (0–1) of packets lost before the fault, when everything was healthy. */
  readonly lossBefore: number;
  readonly switchedAfterMs?: number;
  readonly events: ScenarioResult["events"];
}

/** What a trace says of a scenario. Flows that have a way left decide; where none has, all are looked at. */
export function measure(trace: Trace, scenario: Scenario, clock: TraceClock): Measured {
  const flows = trace.flows.map((flow) => measureFlow(flow, trace, scenario, clock));
  const promised = flows.filter(({ result }) => result.expected === "survives");
  const deciding = promised.length > 0 ? promised : flows;
  const switched = switchedAfterMs(trace);
  const worst = deciding.toSorted((one, other) => byLength(lengthOf(other), lengthOf(one)))[0];
  const isPromised = ({ flow }: { readonly flow: string }): boolean =>
    (scenario.expected[flow] ?? "survives") === "survives";
  const sessions = trace.tcp.filter(isPromised);
  return {
    trace,
    flows,
    expected: promised.length > 0 || flows.length === 0 ? "survives" : "no-path",
    outageMs: bothWays(deciding, ({ result }) => result.outageMs),
    reselectMs: bothWays(deciding, ({ result }) => result.reselectMs),
    watchedMs: (trace.mendFromMs ?? trace.mendedAtMs) - trace.faultAtMs,
    uncertaintyMs: uncertainty(deciding, trace),
    tcp: measureTcp(sessions, trace),
    ...(trace.ssh === undefined || !isPromised(trace.ssh) ? {} : { ssh: measureSsh(trace.ssh, trace) }),
    sent: total(deciding, ({ result }) => result.sent),
    lost: total(deciding, ({ result }) => result.lost),
    lossBefore: lossBefore(deciding, trace),
    ...(switched === undefined ? {} : { switchedAfterMs: switched }),
    events: timelineOf(trace, scenario, worst),
  };
}

/** Longer of outage and reselect gap. */
function lengthOf({ result }: MeasuredFlow): number | null {
  return worstOf([result.outageMs, result.reselectMs]);
}

function bothWays(flows: readonly MeasuredFlow[], length: (flow: MeasuredFlow) => number | null): BothWays {
  const way = (direction: "toHost" | "fromHost"): number | null =>
    worstOf(flows.filter(({ result }) => result.direction === direction).map(length));
  return { toHost: way("toHost"), fromHost: way("fromHost") };
}

/** Of the gap that decides; without any gap the spacing of packets around the fault. */
function uncertainty(flows: readonly MeasuredFlow[], trace: Trace): number {
  const gaps = flows.flatMap(({ outage }) => (outage === undefined ? [] : [outage.uncertaintyMs]));
  const sent = trace.flows[0]?.sentAtMs ?? [];
  const spacing = (sent[1] ?? 0) - (sent[0] ?? 0);
  return Math.max(spacing, ...gaps);
}

function lossBefore(flows: readonly MeasuredFlow[], trace: Trace): number {
  const lost = total(flows, ({ result }) => result.lostBefore);
  const sent = trace.flows
    .filter((flow) => flows.some(({ result }) => result.flow === flow.flow && result.direction === flow.direction))
    .reduce((sum, flow) => sum + flow.sentAtMs.filter((at) => at < trace.faultAtMs).length, 0);
  return sent === 0 ? 0 : lost / sent;
}

function total(flows: readonly MeasuredFlow[], count: (flow: MeasuredFlow) => number): number {
  return flows.reduce((sum, flow) => sum + count(flow), 0);
}
