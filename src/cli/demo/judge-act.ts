import type { Rehearsal } from "../../measure/rehearsal.ts";
import type { Scenario } from "../../topology/lab-plan.ts";
import type { Ran } from "../rehearse/run-rehearsal.ts";
import type { Act } from "./acts.ts";

/** What the kernel alone is promised to hold: faults that it can see by the carrier of a port, and health. */
export function isPromisedToKernel(scenario: Scenario): boolean {
  const isVisible = scenario.carrierTells && scenario.kind !== "flap";
  return survives(scenario) && (isVisible || scenario.kind === "healthy");
}

/** What is promised with the agent: every fault that leaves a path, but for random loss, which has no end to measure. Where
 *  every uplink is lost the LAN is promised, on the way back too. */
export function isPromisedWithAgent(scenario: Scenario): boolean {
  return survives(scenario) && scenario.kind !== "loss";
}

function survives(scenario: Scenario): boolean {
  return Object.values(scenario.expected).includes("survives");
}

/** Results that break a promise. An article's own file promises nothing, but it must show what we say of it. */
export function brokenPromises(act: Act, { kernel, cured }: Ran, scenarios: readonly Scenario[]): readonly string[] {
  if (act.promise === "shown") return shownWrong(act, kernel);
  const withAgent = cured === undefined ? [] : missed(act, cured, scenarios.filter(isPromisedWithAgent));
  return [...missed(act, kernel, scenarios.filter(isPromisedToKernel)), ...withAgent];
}

function missed(act: Act, rehearsal: Rehearsal, promised: readonly Scenario[]): readonly string[] {
  const ids = new Set(promised.map(({ id }) => id));
  return rehearsal.scenarios
    .filter((result) => ids.has(result.id) && result.verdict === "missed")
    .map((result) => `${act.title}: ${result.fault}: ${result.reason ?? "objective missed"}`);
}

function shownWrong(act: Act, rehearsal: Rehearsal): readonly string[] {
  const { bonds } = rehearsal.bringUp;
  if (act.maxBonds === 0) return bonds.length === 0 ? [] : [`${act.title}: expected no bond, found ${bonds[0]?.name}`];
  const [bond] = bonds;
  const isAsToldOf = bond?.mode === "balance-rr" && bond.miimon === 0;
  return isAsToldOf ? [] : [`${act.title}: expected balance-rr without a monitor, found ${bond?.mode ?? "no bond"}`];
}
