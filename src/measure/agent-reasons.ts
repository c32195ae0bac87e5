import type { Scenario } from "../topology/lab-plan.ts";
import type { Measured } from "./measure.ts";
import type { BondSeen } from "./rehearsal.ts";
import type { Trace } from "./trace.ts";

/** Why an objective was missed although Holdfast's agent watched: options of the kernel's monitors would change nothing then. */

/** What an agent can keep as a rule, ms: beyond the router, and over radio, it must not take a pause for a death. */
const keeps = { uplink: 900, radio: 1_000, wired: 300 } as const;

/** What was measured, already in words. */
export interface Lengths {
  /** "1.1 s", "no end" */
  readonly outage: string;
  readonly switchedAfter: string | undefined;
  /** Packets came back much later than the port changed, or not at all. */
  readonly back: "with the move" | "later" | "never";
  /** The port traffic went to; undefined: it stayed. */
  readonly to: string | undefined;
}

/** Did the agent watch while this was measured? */
export function hadAgent({ trace }: Measured): boolean {
  return trace.agent !== undefined;
}

/** Why the outage was too long. */
export function reasonWithAgent(measured: Measured, scenario: Scenario, bond: BondSeen, lengths: Lengths): string {
  const said = lastWords(measured.trace);
  const words = said === undefined ? "It wrote nothing down meanwhile." : `Its last words: “${said}”`;
  const { outage, switchedAfter, back, to } = lengths;
  if (to === undefined || switchedAfter === undefined) {
    return `Holdfast's agent left ${bond.name} on ${bond.activePort} (outage: ${outage}): it moves only to a port that answers where this one doesn't. ${words}`;
  }
  const moved = `${bond.name} went from ${bond.activePort} to ${to} after ${switchedAfter}`;
  if (back === "never") {
    return `${moved}, but some packets never came back while it was watched: through ${to} they are lost too, or somebody still sends to ${bond.activePort}. ${words}`;
  }
  if (back === "later") {
    return `${moved}, but packets came back only after ${outage}: the agent had told the neighbourhood of the move, so somebody further away held on to the old way. ${words}`;
  }
  const kept = scenario.kind === "uplink" ? keeps.uplink : scenario.needsRadio === true ? keeps.radio : keeps.wired;
  return `${moved}, which is later than the objective allows. The agent waits until a death is certain: for this fault up to ${kept} ms, and nothing on the host shortens that; an objective below it can't be held. ${words}`;
}

/** What it said of the fault: the line about its move, else the last one before the mending. */
function lastWords(trace: Trace): string | undefined {
  const until = trace.mendFromMs ?? trace.mendedAtMs;
  const lines = (trace.agent ?? []).filter(({ atMs }) => atMs >= trace.faultAtMs && atMs < until);
  const move = lines.find(({ text }) => text.startsWith("Traffic moved"));
  return (move ?? lines.at(-1))?.text;
}
