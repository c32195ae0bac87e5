import type { Drill } from "../../src/lab/guest/job.ts";
import type { LabPlan, Scenario } from "../../src/topology/lab-plan.ts";
import { carrierLoss, silentDeath, twoSwitches } from "../../test/lab/two-switches.ts";
import type { Driver } from "./drivers.ts";

/** A fault with the network it happens in. */
export interface Fault {
  readonly id: "carrier" | "silent" | "stp";
  readonly plan: LabPlan;
  readonly scenario: Scenario;
  /** How long an outage is watched before it counts as never ending, ms: well beyond the slowest that ends at all (6 s). */
  readonly limitMs: number;
  readonly repeats: (asked: number) => number;
}

/** Listening and learning take this long each, s. */
const forwardDelay = 2;

/** The faults of the table: a pulled cable, a path that dies behind a carrier that stays, and the way back through a switch
 *  port that spanning tree lets forward only after twice its delay. */
export const faults: readonly Fault[] = [
  { id: "carrier", plan: twoSwitches(), scenario: carrierLoss, limitMs: 12_000, repeats: (asked) => asked },
  { id: "silent", plan: twoSwitches(), scenario: silentDeath, limitMs: 12_000, repeats: (asked) => asked },
  {
    id: "stp",
    plan: { ...twoSwitches({ stpForwardDelay: forwardDelay }), settleMs: 2 * forwardDelay * 1000 },
    scenario: { ...carrierLoss, id: "cable-em1-stp", settleMs: 2 * forwardDelay * 1000 },
    limitMs: 12_000,
    // The delay itself is 4 s: where in a monitor's period the cable comes back changes that by 2 %.
    repeats: (asked) => Math.max(1, Math.min(asked, 8)),
  },
];

/** The drills of one driver and fault, spread evenly over the driver's period. */
export function drillsOf(driver: Driver, fault: Fault, asked: number): readonly Drill[] {
  const count = fault.repeats(asked);
  const [first] = fault.scenario.mend;
  if (first === undefined) throw new Error(`${fault.scenario.id} is never mended`);
  // Done once more, which changes nothing but how long is watched: the next fault finds everybody at home.
  const homeMs = driver.homeMs + (fault.scenario.settleMs ?? 0);
  const mend = homeMs === 0 ? [first] : [first, { ...first, atMs: homeMs }];
  return Array.from({ length: count }, (_, repeat) => ({
    scenario: { ...fault.scenario, mend },
    repeat,
    phaseMs: ((repeat + 0.5) / count) * driver.periodMs,
    periodMs: driver.periodMs,
    limitMs: fault.limitMs,
  }));
}
