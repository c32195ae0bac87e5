import { judgeScenario } from "../measure/judge.ts";
import type { BondSeen, Rehearsal } from "../measure/rehearsal.ts";
import type { Config } from "../model/config.ts";
import { defaultObjectives } from "../model/defaults.ts";
import type { Drilled } from "./live-drill.ts";

/** What a drill measured, judged, in the shape of a rehearsal: "live" is its engine. */
export function rehearsalOf(drilled: Drilled, config: Config, subject: string): Rehearsal {
  const objectives = config.objectives ?? defaultObjectives;
  const { name, mode, miimon, arpInterval, primary, active, ports } = drilled.found.bond;
  const bond: BondSeen = {
    name,
    mode,
    miimon,
    arpInterval,
    primary,
    activePort: active,
    ports: ports.map((port) => port.name),
  };
  const who = drilled.watcher === "agent" ? ({ agent: true } as const) : {};
  const context = { clock: "stamped", objectives, up: { bonds: [bond] }, ...who } as const;
  const scenarios = drilled.scenarios.flatMap((scenario, index) => {
    const trace = drilled.traces[index];
    return trace === undefined ? [] : [judgeScenario(scenario, [trace], context)];
  });
  return {
    subject,
    engine: "live",
    kernel: drilled.found.kernel,
    clock: "real",
    objectives,
    ...who,
    bringUp: { manager: "this host", exit: 0, output: "", bonds: [bond] },
    scenarios,
    verdict: scenarios.some(({ verdict }) => verdict === "missed") || scenarios.length === 0 ? "missed" : "held",
    notes: drilled.notes,
    tookMs: drilled.tookMs,
  };
}
