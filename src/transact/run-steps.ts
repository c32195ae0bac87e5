import type { StepOutcome } from "../host/linux/run-step.ts";
import type { ProcessMark } from "../host/linux/this-process.ts";
import type { Step } from "../plan/change.ts";
import { trying } from "./disk-problem.ts";
import { readNote, replaceNote } from "./notes.ts";
import type { Ports } from "./ports.ts";
import { shared } from "./transaction.ts";

/** A step and what came of it. */
export interface Ran {
  readonly step: Step;
  readonly outcome: StepOutcome;
}

/** Whether a step did what it was to do. */
export function hasWorked({ outcome }: Ran): boolean {
  return outcome.status === 0;
}

/** Runs steps in order until one that must not fail does, or `goesOn` says no. A step gets no longer than `until`. */
export async function runSteps(
  ports: Ports,
  steps: readonly Step[],
  {
    until,
    goesOn,
    tell,
  }: { readonly until: number; readonly goesOn: () => boolean; readonly tell: (step: Step) => void },
): Promise<readonly Ran[]> {
  const ran: Ran[] = [];
  for (const step of steps) {
    if (!goesOn()) break;
    tell(step);
    const limitSeconds = Math.max(1, Math.min(step.limitSeconds, until - ports.clock.now()));
    const one = { step, outcome: await runOne(ports, { ...step, limitSeconds }) };
    ran.push(one);
    if (!hasWorked(one) && step.onFailure === "stop") break;
  }
  return ran;
}

/** While a step runs, its name stands where whoever rolls back finds it: it must not go on working meanwhile. */
async function runOne(ports: Ports, step: Step): Promise<StepOutcome> {
  const { step: path } = shared(ports.places);
  const outcome = await ports.runner.run(step, (leader) => note(ports, path, leader));
  trying(() => ports.disk.unlink(path));
  return outcome;
}

/** Writes a process's name to /run. "going-back": it is putting things back, and is given more time before it is killed. */
function note(ports: Ports, path: string, { pid, start }: ProcessMark, doing: readonly string[] = []): void {
  replaceNote(ports, path, [String(pid), start, ...doing]);
}

/** Says who has the lock. */
export function noteOwner(ports: Ports, doing: "driving" | "going-back"): void {
  note(ports, shared(ports.places).owner, ports.clock.self(), [doing]);
}

/** Nobody has the lock any more: who looks for its holder needn't wait for this process. */
export function forgetOwner({ disk, places }: Ports): void {
  trying(() => disk.unlink(shared(places).owner));
}

/** Ends a step that the driver of a transaction left behind when it died. */
export async function endLeftover(ports: Ports): Promise<void> {
  const { step } = shared(ports.places);
  const [pid, start] = readNote(ports, step);
  if (Number(pid) > 1 && start !== undefined) await ports.runner.end({ pid: Number(pid), start });
  trying(() => ports.disk.unlink(step));
}
