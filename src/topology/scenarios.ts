import type { Config } from "../model/config.ts";
import type { Scenario } from "./lab-plan.ts";

/** Every fault the topology can suffer, the most telling first. Ids are stable. */
export function allScenarios(_config: Config): readonly Scenario[] {
  return [];
}

/** The faults worth rehearsing by default: one per effect on the host. */
export function defaultScenarios(config: Config): readonly Scenario[] {
  return allScenarios(config);
}
