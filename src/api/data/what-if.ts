import type { Config } from "../../model/config.ts";
import type { KeptRehearsal, Rehearsed } from "../../store/rehearsals.ts";
import type { Scenario } from "../../topology/lab-plan.ts";
import { allScenarios, defaultScenarios } from "../../topology/scenarios.ts";
import type { WhatIfFault, WhatIfShown } from "../dashboard.ts";

/** Every fault of a configuration, with what its latest rehearsal has shown. A fault that wasn't rehearsed itself is shown by the one that
 *  stands for it. */
export function whatIf(config: Config, kept: KeptRehearsal | undefined): readonly WhatIfFault[] {
  const standIns = new Map(
    defaultScenarios(config).flatMap(({ id, standsFor }) => (standsFor ?? []).map((other) => [other, id] as const)),
  );
  return allScenarios(config).map((scenario): WhatIfFault => {
    const { id, fault, kind, strikes, carrierTells } = scenario;
    const ids = [id, ...[standIns.get(id)].filter((other) => other !== undefined)];
    return {
      id,
      fault,
      kind,
      strikes,
      survives: survives(scenario),
      carrierTells,
      kernel: shown(ids, kept?.kernel ?? []),
      withAgent: shown(ids, kept?.withAgent ?? []),
    };
  });
}

function survives({ expected }: Scenario): WhatIfFault["survives"] {
  const flows = Object.values(expected);
  if (flows.every((flow) => flow === "survives")) return "all";
  return flows.some((flow) => flow === "survives") ? "some" : "none";
}

function shown(ids: readonly string[], rehearsed: readonly Rehearsed[]): WhatIfShown | null {
  const found = ids.flatMap((id) => rehearsed.find((one) => one.id === id) ?? [])[0];
  if (found === undefined) return null;
  const { id, at, outageMs, reselectMs, uncertaintyMs, verdict } = found;
  return { scenario: id, at, outageMs: longer(outageMs), backMs: longer(reselectMs), uncertaintyMs, verdict };
}

function longer({ toHost, fromHost }: Rehearsed["outageMs"]): number | null {
  return toHost === null || fromHost === null ? null : Math.max(toHost, fromHost);
}
