import type { Objectives } from "../model/config.ts";
import type { Scenario } from "../topology/lab-plan.ts";
import type { TraceClock } from "./gap.ts";
import type { Measured } from "./measure.ts";
import { reasonForMissingBond } from "./missing-bond.ts";
import type { SharedAir } from "./radios-seen.ts";
import { reasonFor, reasonForHung, reasonForLoss, reasonForReselect, reasonForSsh, reasonForTcp } from "./reasons.ts";
import type { BondSeen, Hung, Verdict } from "./rehearsal.ts";
import { worstOf } from "./statistics.ts";

export interface JudgeContext {
  readonly clock: TraceClock;
  readonly objectives: Objectives;
  /** The host as it came up. */
  readonly up: {
    readonly bonds: readonly BondSeen[];
    readonly hung?: Hung;
    readonly manager?: string;
    readonly output?: string;
  };
  /** Holdfast's agent ran on the host. Absent: the kernel alone. */
  readonly agent?: true;
  /** Flows whose other end is on the air of an access point that the host has joined too. Absent: none. */
  readonly air?: readonly SharedAir[];
  /** Names of the bonds that were meant to come up. Absent: none. */
  readonly meant?: readonly string[];
}

export interface Judgement {
  readonly verdict: Verdict;
  /** Absent when held. */
  readonly reason?: string;
}

/** Losing more than this while nothing is broken is a fault of its own: a healthy wired network loses nothing. */
const HEALTHY_LOSS = 0.01;

/** Was the objective held in this drill, and if not, why? The uncertainty is given to the configuration. */
export function judge(measured: Measured, scenario: Scenario, context: JudgeContext): Judgement {
  const { hung } = context.up;
  // Whatever was measured then: a host that is never done with starting isn't what was meant.
  const reason = hung === undefined ? findFault(measured, scenario, context) : reasonForHung(hung);
  return reason === undefined ? { verdict: "held" } : { verdict: "missed", reason };
}

function findFault(measured: Measured, scenario: Scenario, context: JudgeContext): string | undefined {
  // Whatever still gets through without the bond, it isn't the rehearsed host that let it.
  const missingBond = reasonForMissingBond(measured, context);
  if (missingBond !== undefined) return missingBond;
  const { outageMs: limitMs, tcp } = context.objectives;
  const lossHealthy = scenario.kind === "healthy" ? measured.lost / Math.max(1, measured.sent) : measured.lossBefore;
  const isIll = measured.flows.some(({ hadNoBaseline }) => hadNoBaseline);
  if (!isIll && lossHealthy > HEALTHY_LOSS) return reasonForLoss(lossHealthy, context.up.bonds);
  if (measured.expected === "survives") {
    const outage = worstOf([measured.outageMs.toHost, measured.outageMs.fromHost]);
    if (isLonger(outage, limitMs, measured.uncertaintyMs)) {
      return reasonFor(measured, scenario, { bonds: context.up.bonds, air: context.air ?? [] });
    }
  }
  const reselect = worstOf([measured.reselectMs.toHost, measured.reselectMs.fromHost]);
  if (isLonger(reselect, limitMs, measured.uncertaintyMs)) return reasonForReselect(measured, scenario, reselect);
  const mustLive = tcp === "survives" && measured.expected === "survives" && scenario.tcpMayBreak === undefined;
  if (mustLive && !measured.tcp.survived) return reasonForTcp(measured, outageWords(measured));
  if (mustLive && measured.ssh?.survived === false) return reasonForSsh(measured.ssh);
  return undefined;
}

function isLonger(lengthMs: number | null, limitMs: number, uncertaintyMs: number): boolean {
  return lengthMs === null || lengthMs - uncertaintyMs > limitMs;
}

function outageWords(measured: Measured): number | null {
  return worstOf([measured.outageMs.toHost, measured.outageMs.fromHost]);
}
