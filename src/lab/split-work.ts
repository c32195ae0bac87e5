import type { Scenario } from "../topology/lab-plan.ts";
import type { Drill } from "./guest/job.ts";

/** How long a scenario is thought to keep a lab busy, relative to a plain cut: what never ends is watched longest. */
function weight(scenario: Scenario): number {
  if (scenario.kind === "healthy") return 0.5;
  if (scenario.carrierTells) return 1;
  return 2;
}

/** Deals drills out to labs running side by side, the heaviest scenarios first, so that all labs end at about the same
 *  time. All repeats of a scenario stay in one lab, in order. Labs without work are left out. */
export function splitWork(drills: readonly Drill[], labs: number): readonly (readonly Drill[])[] {
  const byScenario = new Map<string, Drill[]>();
  for (const drill of drills) {
    const group = byScenario.get(drill.scenario.id) ?? [];
    byScenario.set(drill.scenario.id, [...group, drill]);
  }
  const groups = [...byScenario.values()].toSorted((a, b) => cost(b) - cost(a));
  const shares = Array.from({ length: Math.max(1, labs) }, () => ({ cost: 0, drills: [] as Drill[] }));
  for (const group of groups) {
    const lightest = shares.reduce((least, share) => (share.cost < least.cost ? share : least));
    lightest.drills.push(...group);
    lightest.cost += cost(group);
  }
  const rank = new Map(drills.map((drill, index) => [drill, index]));
  return shares
    .map((share) => share.drills.toSorted((a, b) => (rank.get(a) ?? 0) - (rank.get(b) ?? 0)))
    .filter((share) => share.length > 0);
}

function cost(drills: readonly Drill[]): number {
  return drills.reduce((sum, drill) => sum + weight(drill.scenario), 0);
}
