import type { Step } from "../plan/change.ts";
import {
  type BaselineRecord,
  type Manifest,
  type MarkerName,
  type ProbeResult,
  regressions,
} from "../plan/protocol.ts";
import { arm } from "./arm.ts";
import { discard } from "./discard.ts";
import { diskProblem } from "./disk-problem.ts";
import { goBack, type WentBack } from "./go-back.ts";
import type { Ports } from "./ports.ts";
import { proveWhile } from "./prove-while.ts";
import { recoverHeld } from "./recover.ts";
import type { Refusal } from "./refusal.ts";
import { forgetOwner, hasWorked, noteOwner, type Ran, runSteps } from "./run-steps.ts";
import { type ApplyRequest, type Staged, stage } from "./stage.ts";
import { pendingRefusal } from "./status.ts";
import { swap } from "./swap.ts";
import { decide, isUndecided, reach, readTransaction, type Transaction } from "./transaction.ts";
import { busyRefusal, drillRefusal } from "./with-lock.ts";

export type Applied =
  /** In place and proven; it goes back at `deadline` (CLOCK_BOOTTIME, seconds) unless it is confirmed with the token. */
  | {
      readonly outcome: "verified";
      readonly id: string;
      readonly token: string;
      readonly deadline: number;
      readonly probes: readonly ProbeResult[];
    }
  /** Nothing was changed. */
  | { readonly outcome: "refused"; readonly refusal: Refusal }
  | {
      readonly outcome: "went-back";
      readonly id: string;
      readonly why: string;
      readonly back: WentBack;
      readonly ran: readonly Ran[];
      readonly lost: readonly ProbeResult[];
    }
  /** The timer, or somebody's `rollback`, was first, and is at it. */
  | { readonly outcome: "overtaken"; readonly id: string };

/** What is told while it goes on. */
export type Progress =
  /** It will go back at `deadline` by itself. The token counts once the change is proven; told now, since the terminal may not be there any
   *  more by then. */
  | { readonly what: "promised"; readonly id: string; readonly token: string; readonly deadline: number }
  | { readonly what: "reached"; readonly state: MarkerName; readonly id: string }
  | { readonly what: "step"; readonly step: Step }
  | { readonly what: "going-back"; readonly why: string };

export interface ApplyOptions {
  readonly tell: (progress: Progress) => void;
  /** "regressions": something that worked before may fail now. */
  readonly accept: "nothing" | "regressions";
}

/** Changes a host so that at any moment, whatever dies, it ends with the old configuration or a confirmed new one. Returns
 *  when the change is proven and waits for its confirmation, or is undone. */
export async function apply(ports: Ports, request: ApplyRequest, options: ApplyOptions): Promise<Applied> {
  const lock = ports.lock.take();
  if (!lock.ok) return { outcome: "refused", refusal: busyRefusal(ports, lock.error.pid) };
  const drills = ports.drills.take();
  try {
    // Held on until this ends: by then there is a live transaction, and no drill begins.
    if (!drills.ok) return { outcome: "refused", refusal: drillRefusal(drills.error.pid) };
    noteOwner(ports, "driving");
    const recovered = await recoverHeld(ports, "running");
    if (recovered.what === "pending" || recovered.what === "stuck") {
      return { outcome: "refused", refusal: pendingRefusal(ports) };
    }
    const baseline = await ports.probes.baseline();
    const staged = stage(ports, request, baseline);
    if (!staged.ok) return { outcome: "refused", refusal: staged.error };
    return await applyStaged(ports, staged.value, baseline, options);
  } finally {
    forgetOwner(ports);
    if (drills.ok) drills.value();
    lock.value();
  }
}

async function applyStaged(
  ports: Ports,
  staged: Staged,
  baseline: BaselineRecord,
  options: ApplyOptions,
): Promise<Applied> {
  const { transaction, manifest } = staged;
  options.tell({ what: "reached", state: "staged", id: transaction.id });
  const armed = await arm(ports, transaction, 1, manifest.seconds);
  if (!armed.ok) {
    // With a timer that may fire after all, throwing the directory away is still right: it finds no script.
    try {
      discard(ports, transaction);
    } catch (problem) {
      diskProblem(problem);
    }
    return { outcome: "refused", refusal: armed.error };
  }
  const { deadline: promised } = armed.value;
  options.tell({ what: "promised", id: transaction.id, token: staged.token.text, deadline: promised });
  const drive: Drive = { ports, transaction, manifest, deadline: armed.value.deadline, options, ran: [] };
  try {
    const halted = await forward(drive, baseline);
    if (halted !== undefined) return await back(drive, halted.why, halted.lost);
  } catch (problem) {
    return await back(drive, `the disk refused: ${diskProblem(problem).message}`, []);
  }
  const { id } = transaction;
  const { deadline } = armed.value;
  return { outcome: "verified", id, deadline, token: staged.token.text, probes: drive.probes ?? [] };
}

interface Drive {
  readonly ports: Ports;
  readonly transaction: Transaction;
  readonly manifest: Manifest;
  readonly deadline: number;
  readonly options: ApplyOptions;
  readonly ran: Ran[];
  probes?: readonly ProbeResult[];
}

interface Halt {
  readonly why: string;
  readonly lost: readonly ProbeResult[];
}

/** From armed to verified. Gives what stopped it; throws what the disk refuses. */
async function forward(drive: Drive, baseline: BaselineRecord): Promise<Halt | undefined> {
  const { ports, transaction, manifest, options } = drive;
  const to = (state: MarkerName) => {
    reach(ports, transaction, state);
    options.tell({ what: "reached", state, id: transaction.id });
  };
  to("armed");
  const quiesced = await steps(drive, manifest.quiesce);
  if (quiesced !== undefined) return quiesced;
  to("quiesced");
  if (!isUndecided(ports, transaction)) return overtaken;
  const foreign = swap(ports.disk, manifest);
  if (foreign !== undefined) return { why: `${foreign} was changed by somebody else meanwhile`, lost: [] };
  to("swapped");
  const converged = await steps(drive, manifest.converge);
  if (converged !== undefined) return converged;
  to("applied");
  // Proving that is still on its way at the deadline would only make going back late.
  if (drive.deadline - ports.clock.now() < provingSeconds) {
    return { why: `less than ${provingSeconds} s were left to prove it; give it a later deadline`, lost: [] };
  }
  const goesOn = () => isUndecided(ports, transaction) && ports.clock.now() < drive.deadline - decidingSeconds;
  const probes = await proveWhile(ports, baseline, goesOn);
  if (!isUndecided(ports, transaction)) return overtaken;
  if (probes === undefined) return { why: "its deadline came before it was proven", lost: [] };
  drive.probes = probes;
  const lost = regressions(baseline.probes, drive.probes);
  if (lost.length > 0 && options.accept === "nothing") return { why: "something that worked doesn't any more", lost };
  if (!isUndecided(ports, transaction)) return overtaken;
  to("verified");
  return undefined;
}

/** What proving takes where all is well: a look at everything, and three seconds for each of two ports. */
const provingSeconds = 10;

/** Whoever has the lock already is quicker than a timer that must wait for it: so long before the deadline it goes back itself. */
const decidingSeconds = 0.5;

const overtaken: Halt = { why: "overtaken", lost: [] };

async function steps(drive: Drive, list: readonly Step[]): Promise<Halt | undefined> {
  const { ports, transaction, options, deadline } = drive;
  const ran = await runSteps(ports, list, {
    until: deadline - 2,
    goesOn: () => isUndecided(ports, transaction),
    tell: (step) => options.tell({ what: "step", step }),
  });
  drive.ran.push(...ran);
  if (!isUndecided(ports, transaction)) return overtaken;
  const failing = ran.find((one) => !hasWorked(one) && one.step.onFailure === "stop");
  if (failing === undefined) return undefined;
  const { outcome, step } = failing;
  const how = outcome.wasKilled
    ? "took too long"
    : outcome.status === null
      ? "could not be run"
      : `gave status ${outcome.status}`;
  return { why: `${step.argv.join(" ")} ${how}`, lost: [] };
}

/** Goes back at once. The timer stays armed until all is back: should this fail or die, it is done by that. */
async function back(drive: Drive, why: string, lost: readonly ProbeResult[]): Promise<Applied> {
  const { ports, transaction, options, ran, manifest } = drive;
  const { id } = transaction;
  // Somebody else decided: they wait for the lock that is held here, and then do it.
  if (why === overtaken.why) return { outcome: "overtaken", id };
  options.tell({ what: "going-back", why });
  try {
    decide(ports, transaction, "rollback");
  } catch (problem) {
    // Read-only now. What can be done without writing is done all the same.
    diskProblem(problem);
  }
  const current = { ...readTransaction(ports, id), manifest };
  const wentBack = await goBack(ports, current, "running", (step) => options.tell({ what: "step", step }));
  return { outcome: "went-back", id, why, back: wentBack, ran, lost };
}
