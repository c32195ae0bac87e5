import type { Scenario } from "../topology/lab-plan.ts";
import { combine } from "./combine.ts";
import { measure } from "./measure.ts";
import type { ScenarioResult } from "./rehearsal.ts";
import type { Trace } from "./trace.ts";
import { type JudgeContext, judge } from "./verdict.ts";

/** Measures and judges every repeat of a scenario, as one result. Throws without a trace: then nothing was drilled. */
export function judgeScenario(scenario: Scenario, traces: readonly Trace[], context: JudgeContext): ScenarioResult {
  const repeats = traces.map((trace) => measure(trace, scenario, context.clock));
  return combine(repeats, scenario, (measured) => judge(measured, scenario, context));
}
