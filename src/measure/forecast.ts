import type { BondSeen, Forecast, Rehearsal, ScenarioResult } from "./rehearsal.ts";
import { worstOf } from "./statistics.ts";

/** What a rehearsal has shown of one fault. */
export type Foretold = Pick<ScenarioResult, "id" | "outageMs" | "uncertaintyMs"> & {
  readonly at: number;
  readonly repeats: number;
};

/** A drill, with what the rehearsal of the same configuration promised beside each of its faults. `foretold` finds it; undefined: that fault
 *  was not rehearsed. */
export function withForecasts(drill: Rehearsal, foretold: (fault: ScenarioResult) => Foretold | undefined): Rehearsal {
  const look = drill.bringUp.bonds[0];
  const scenarios = drill.scenarios.map((each) => {
    const rehearsed = each.expected === "survives" ? foretold(each) : undefined;
    return rehearsed === undefined ? each : { ...each, forecast: forecastOf(each, rehearsed, look) };
  });
  return { ...drill, scenarios };
}

function forecastOf(live: ScenarioResult, rehearsed: Foretold, bond: BondSeen | undefined): Forecast {
  const promised = worstOf([rehearsed.outageMs.toHost, rehearsed.outageMs.fromHost]);
  const measured = worstOf([live.outageMs.toHost, live.outageMs.fromHost]);
  // Rehearsed once, the fault fell at one moment between two looks of the kernel's; live it falls at another.
  const phase = rehearsed.repeats > 1 ? 0 : bond === undefined ? 0 : Math.max(bond.miimon, bond.arpInterval);
  const most = promised === null ? null : promised + phase + rehearsed.uncertaintyMs + live.uncertaintyMs;
  const kept = most === null || (measured !== null && measured <= most);
  return { scenario: rehearsed.id, outageMs: promised, at: rehearsed.at, kept };
}
