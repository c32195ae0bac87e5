import type { Rehearsal, ScenarioResult } from "../../measure/rehearsal.ts";
import type { Scenario } from "../../topology/lab-plan.ts";
import type { Act } from "./acts.ts";

/** What the demonstration stands for so far: faults that the kernel can see by the carrier of a port, and health. The
 *  silent ones are measured and shown; curing them takes the agent. */
export function isPromised(scenario: Scenario): boolean {
  const isVisible = scenario.carrierTells && scenario.kind !== "flap";
  const survives = Object.values(scenario.expected).includes("survives");
  return survives && (isVisible || scenario.kind === "healthy");
}

/** Results that break a promise. An article's own file promises nothing, but it must show what we say of it. */
export function brokenPromises(act: Act, rehearsal: Rehearsal, scenarios: readonly Scenario[]): readonly string[] {
  if (act.promise === "shown") return shownWrong(act, rehearsal);
  const promised = new Set(scenarios.filter(isPromised).map(({ id }) => id));
  return rehearsal.scenarios
    .filter((result: ScenarioResult) => promised.has(result.id) && result.verdict === "missed")
    .map((result) => `${act.title}: ${result.fault}: ${result.reason ?? "objective missed"}`);
}

function shownWrong(act: Act, rehearsal: Rehearsal): readonly string[] {
  const { bonds } = rehearsal.bringUp;
  if (act.maxBonds === 0) return bonds.length === 0 ? [] : [`${act.title}: expected no bond, found ${bonds[0]?.name}`];
  const [bond] = bonds;
  const isAsToldOf = bond?.mode === "balance-rr" && bond.miimon === 0;
  return isAsToldOf ? [] : [`${act.title}: expected balance-rr without a monitor, found ${bond?.mode ?? "no bond"}`];
}
