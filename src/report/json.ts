import type { FlowResult, Rehearsal, ScenarioResult } from "../measure/rehearsal.ts";
import { redactRehearsal } from "./redact-rehearsal.ts";

/** The document `rehearse --json` prints: exactly the keys docs/guide/json.md tells, in that order; a gap that never ended
 *  is null. Ends with a line break. */
export function renderJson(rehearsal: Rehearsal, redact: (text: string) => string): string {
  return `${JSON.stringify(jsonShape(redactRehearsal(rehearsal, redact)), null, 2)}\n`;
}

/** The same document as a value. Copied key by key, so that nothing undocumented slips into a published shape. */
export function jsonShape(rehearsal: Rehearsal): object {
  const { bringUp, objectives } = rehearsal;
  return {
    subject: rehearsal.subject,
    engine: rehearsal.engine,
    kernel: rehearsal.kernel,
    clock: rehearsal.clock,
    objectives: { outageMs: finite(objectives.outageMs), tcp: objectives.tcp },
    bringUp: {
      manager: bringUp.manager,
      exit: bringUp.exit,
      output: bringUp.output,
      bonds: bringUp.bonds.map(({ name, mode, miimon, arpInterval, primary, activePort, ports }) => {
        return { name, mode, miimon, arpInterval, primary, activePort, ports };
      }),
    },
    scenarios: rehearsal.scenarios.map(scenarioShape),
    verdict: rehearsal.verdict,
    tookMs: finite(rehearsal.tookMs),
  };
}

function scenarioShape(result: ScenarioResult): object {
  const { outageMs, reselectMs, stats, tcp } = result;
  return {
    id: result.id,
    fault: result.fault,
    kind: result.kind,
    expected: result.expected,
    verdict: result.verdict,
    ...(result.reason === undefined ? {} : { reason: result.reason }),
    outageMs: { toHost: finite(outageMs.toHost), fromHost: finite(outageMs.fromHost) },
    uncertaintyMs: finite(result.uncertaintyMs),
    watchedMs: finite(result.watchedMs),
    tcp: { survived: tcp.survived, stallMs: finite(tcp.stallMs) },
    lost: result.lost,
    sent: result.sent,
    reselectMs: { toHost: finite(reselectMs.toHost), fromHost: finite(reselectMs.fromHost) },
    ...(result.switchedAfterMs === undefined ? {} : { switchedAfterMs: finite(result.switchedAfterMs) }),
    stats: { median: finite(stats.median), p95: finite(stats.p95), worst: finite(stats.worst) },
    repeats: result.repeats.map((each) => ({
      toHost: finite(each.toHost),
      fromHost: finite(each.fromHost),
      reselect: finite(each.reselect),
      tcpStallMs: finite(each.tcpStallMs),
    })),
    events: result.events.map(({ atMs, what, text }) => ({ atMs: finite(atMs), what, text })),
    flows: result.flows.map(flowShape),
  };
}

function flowShape(flow: FlowResult): object {
  return {
    flow: flow.flow,
    direction: flow.direction,
    expected: flow.expected,
    sent: flow.sent,
    lost: flow.lost,
    lostBefore: flow.lostBefore,
    outageMs: finite(flow.outageMs),
    reselectMs: finite(flow.reselectMs),
    lostRuns: flow.lostRuns.map(([from, to]) => [finite(from), finite(to)]),
  };
}

/** Times to the microsecond: finer digits are noise of the arithmetic. What isn't a number can't be a time: null. */
function finite(ms: number | null): number | null {
  return ms === null || !Number.isFinite(ms) ? null : Math.round(ms * 1000) / 1000;
}
