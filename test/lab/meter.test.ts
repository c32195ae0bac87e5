import { describe, expect, it } from "vitest";
import { runLab } from "../../src/lab/boot.ts";
import type { BringUp, Drill, GuestMessage, Job } from "../../src/lab/guest/job.ts";
import { unpackTrace } from "../../src/lab/guest/packed-trace.ts";
import { kernelPeriodMs } from "../../src/lab/guest/phase.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { judgeScenario } from "../../src/measure/judge.ts";
import type { BondSeen, ScenarioResult } from "../../src/measure/rehearsal.ts";
import type { Trace } from "../../src/measure/trace.ts";
import type { Scenario } from "../../src/topology/lab-plan.ts";
import {
  articleFile,
  bondByHand,
  byIfupdown,
  carrierLoss,
  jobOf,
  repeats,
  silence,
  silentDeath,
  twoSwitches,
} from "./two-switches.ts";
import { withEngine } from "./with-engine.ts";

let engine: Engine;
withEngine(
  (found) => {
    engine = found;
  },
  ({ clock }) => (clock === "real" ? "only a kernel in virtual time gives figures that can be compared" : ""),
);

interface Ran {
  readonly traces: readonly Trace[];
  readonly bonds: readonly BondSeen[];
}

async function run(job: Job): Promise<Ran> {
  const messages: GuestMessage[] = [];
  const onMessage = (message: unknown): void => void messages.push(message as GuestMessage);
  const ended = await runLab({ engine, job, timeoutMs: 110_000, onMessage });
  if (!ended.ok) throw new Error(`${ended.error.message} ${JSON.stringify(messages.at(-1))}`);
  const traces = messages.flatMap((message) => (message.kind === "trace" ? [unpackTrace(message.trace)] : []));
  const up = messages.find((message) => message.kind === "up");
  return { traces, bonds: up?.kind === "up" ? up.state.bonds : [] };
}

function judged(scenario: Scenario, { traces, bonds }: Ran): ScenarioResult {
  const objectives = { outageMs: 1000, tcp: "survives" as const };
  return judgeScenario(scenario, traces, { clock: "virtual", objectives, up: { bonds } });
}

async function drilled(bringUp: BringUp, drills: readonly Drill[], more: Partial<Job> = {}): Promise<ScenarioResult> {
  const scenario = drills[0]?.scenario ?? carrierLoss;
  return judged(scenario, await run(jobOf({ bringUp, drills, ...more })));
}

function withinShare(value: number | null, expected: number, share: number): void {
  expect(value).not.toBeNull();
  expect(Math.abs((value ?? 0) - expected)).toBeLessThanOrEqual(Math.max(2, expected * share));
}

const TIMEOUT = { timeout: 120_000 };

describe("the meter, on a real kernel", () => {
  it("measures a gap that was put there, to a millisecond", TIMEOUT, async () => {
    for (const ms of [7, 37, 412]) {
      const { outageMs, stats, uncertaintyMs } = await drilled(
        bondByHand({ miimon: 100 }),
        repeats(silence(ms), 3, 100),
      );
      expect(uncertaintyMs).toBeLessThanOrEqual(2);
      for (const seen of [outageMs.toHost, outageMs.fromHost, stats.median]) {
        expect(Math.abs((seen ?? Number.NaN) - ms)).toBeLessThanOrEqual(1);
      }
    }
  });

  it("counts the same in two runs", TIMEOUT, async () => {
    const job = jobOf({ bringUp: bondByHand({ miimon: 100 }), drills: repeats(carrierLoss, 4, 100) });
    const [one, other] = [await run(job), await run(job)];
    const counts = ({ traces }: Ran): readonly unknown[] =>
      traces.flatMap(({ flows }) =>
        flows.map(({ receivedAtMs }) => [receivedAtMs.length, receivedAtMs.filter((at) => at === null).length]),
      );
    expect(counts(one)).toEqual(counts(other));
    expect(one.traces.map(({ activePort }) => activePort)).toEqual(other.traces.map(({ activePort }) => activePort));
  });

  it("counts the same whatever was drilled before", TIMEOUT, async () => {
    const carrier = { scenario: carrierLoss, repeat: 0, phaseMs: 33, periodMs: kernelPeriodMs(100) };
    const before = [3, 71, 137].map((ms) => ({ scenario: silence(ms), repeat: 0, phaseMs: ms }));
    const drills = before.flatMap((drill) => [drill, carrier]);
    const { traces } = await run(jobOf({ bringUp: bondByHand({ miimon: 100 }), drills }));
    const counts = traces
      .filter(({ scenario }) => scenario === carrierLoss.id)
      .map(({ flows }) =>
        flows.map(({ receivedAtMs }) => [receivedAtMs.length, receivedAtMs.filter((at) => at === null).length]),
      );
    expect(counts[0]?.flat()).not.toContain(0);
    expect(counts).toEqual([counts[0], counts[0], counts[0]]);
  });
});

// Figures of an independent measurement with the same kernel version and shape: median / p95 of 20.
describe("the reference figures", () => {
  it("miimon 100, carrier: 49 / 89 ms", TIMEOUT, async () => {
    const result = await drilled(bondByHand({ miimon: 100 }), repeats(carrierLoss, 20, 100));
    withinShare(result.stats.median, 49, 0.15);
    withinShare(result.stats.p95, 89, 0.15);
    expect(result).toMatchObject({ verdict: "held", tcp: { survived: true } });
    expect(result.reselectMs).toEqual({ toHost: 0, fromHost: 0 });
  });

  it("miimon 10, carrier: 7 / 11 ms", TIMEOUT, async () => {
    const result = await drilled(bondByHand({ miimon: 10 }), repeats(carrierLoss, 20, 10));
    withinShare(result.stats.median, 7, 0.15);
    withinShare(result.stats.p95, 11, 0.15);
  });

  it("the first article's file (HomePlug and Wi-Fi) through ifup and ifenslave: 48 / 88 ms", TIMEOUT, async () => {
    const files = { "/etc/network/interfaces": articleFile };
    const result = await drilled(byIfupdown, repeats(carrierLoss, 20, 100), { files });
    withinShare(result.stats.median, 48, 0.15);
    withinShare(result.stats.p95, 88, 0.15);
  });

  it("silent death: never", TIMEOUT, async () => {
    const result = await drilled(bondByHand({ miimon: 100 }), repeats(silentDeath, 1, 100));
    expect(result).toMatchObject({ verdict: "missed", outageMs: { toHost: null, fromHost: null } });
    expect(result.watchedMs).toBeGreaterThanOrEqual(60_000);
    expect(result.reason).toContain("carrier of em1 stayed up");
  });

  it("the way back over a port under spanning tree (2 s): 4.1 s", TIMEOUT, async () => {
    const plan = twoSwitches({ stpForwardDelay: 2 });
    const scenario = { ...carrierLoss, settleMs: 4000 };
    const result = await drilled(bondByHand({ miimon: 100 }), repeats(scenario, 4, 100), { plan });
    withinShare(result.reselectMs.toHost, 4079, 0.15);
    expect(result.reason).toContain("spanning tree");
  });
});
