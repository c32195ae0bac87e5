import type { Config } from "../model/config.ts";
import type { LabPlan } from "./lab-plan.ts";

/** What the lab must build to stand for this topology. Total: whatever is not declared is assumed and said in `notes`. */
export function compilePlan(_config: Config): LabPlan {
  return { nodes: [], wires: [], flows: [] };
}
