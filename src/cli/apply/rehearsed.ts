import type { PlanDocument } from "../../api/types.ts";
import type { KeptRehearsal, Rehearsed } from "../../store/rehearsals.ts";

/** What the latest rehearsal of the wanted configuration has shown: how long each fault costs once the change is made. It says nothing of the
 *  change itself. undefined: none is known. */
export function rehearsedOf(
  kept: KeptRehearsal | undefined,
  runs: "agent" | "kernel",
): PlanDocument["rehearsed"] | undefined {
  const list = runs === "agent" && kept !== undefined && kept.withAgent.length > 0 ? kept.withAgent : kept?.kernel;
  const promised = (list ?? []).filter(({ expected }) => expected === "survives");
  const [worst] = promised.toSorted((a, b) => longest(b) - longest(a));
  if (worst === undefined) return undefined;
  const outageMs = Number.isFinite(longest(worst)) ? longest(worst) : null;
  const at = Math.max(...promised.map((one) => one.at));
  return { at, faults: promised.length, worst: worst.id, outageMs, by: list === kept?.kernel ? "kernel" : "agent" };
}

function longest({ outageMs }: Rehearsed): number {
  return Math.max(...[outageMs.toHost, outageMs.fromHost].map((ms) => ms ?? Number.POSITIVE_INFINITY));
}

/** The same for people. */
export function sayRehearsed({ at, faults, worst, outageMs, by }: NonNullable<PlanDocument["rehearsed"]>): string {
  const when = new Date(at).toISOString().slice(0, 16).replace("T", " ");
  const cost = outageMs === null ? "had no end" : `took ${Math.round(outageMs)} ms`;
  const how = by === "agent" ? "with the agent" : "by the kernel alone";
  return `Afterwards, as rehearsed ${when} UTC ${how}: the longest outage of ${faults} ${faults === 1 ? "fault" : "faults"} ${cost} (${worst}).`;
}
