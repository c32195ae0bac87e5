import { availableParallelism, loadavg } from "node:os";
import type { Trace } from "../measure/trace.ts";
import { failed, ok, type Result } from "../model/result.ts";
import type { BroughtUp, Drill, GuestMessage, Job } from "./guest/job.ts";
import { needsFreshLab } from "./guest/job.ts";
import { unpackTrace } from "./guest/packed-trace.ts";
import { diagnose } from "./hung-bring-up.ts";
import type { BootOptions, Engine, LabError, RunLab } from "./lab.ts";

/** What came out of one or more labs that worked through a list of drills. */
export interface Drilled {
  readonly traces: readonly Trace[];
  readonly up: BroughtUp;
}

export interface DrillRequest {
  readonly job: Omit<Job, "drills">;
  readonly drills: readonly Drill[];
  readonly boot: Omit<BootOptions, "job" | "onMessage">;
  readonly onTrace: (trace: Trace) => void;
  readonly onUp: () => void;
}

/** Works through the drills in one lab, and in a fresh one each time a drill left the lab in another state than it
 *  found it in. A lab that gives nothing at all ends it with an error. */
export async function runDrills(runLab: RunLab, request: DrillRequest): Promise<Result<Drilled, LabError>> {
  const traces: Trace[] = [];
  let up: BroughtUp | undefined;
  let left = request.drills;
  do {
    const lab = await oneLab(runLab, { ...request, drills: left });
    if (!lab.ok) return lab;
    up ??= lab.value.up;
    traces.push(...lab.value.traces);
    if (lab.value.traces.length === 0) break;
    left = left.slice(lab.value.traces.length);
  } while (left.length > 0);
  return up === undefined ? failed(silent) : ok({ traces, up });
}

const silent: LabError = {
  code: "guest-failed",
  message: "the lab ended without saying how the host came up",
  hint: "Run it again with --keep-log and read the guest's log.",
};

async function oneLab(runLab: RunLab, request: DrillRequest): Promise<Result<Drilled, LabError>> {
  const traces: Trace[] = [];
  let up: BroughtUp | undefined;
  let trouble: string | undefined;
  let last: GuestMessage | undefined;
  // A private signal: a lab whose last trace says "not settled" has nothing more to give.
  const enough = new AbortController();
  const signal = AbortSignal.any([enough.signal, ...(request.boot.signal === undefined ? [] : [request.boot.signal])]);
  const onMessage = (raw: unknown): void => {
    const message = raw as GuestMessage;
    last = message;
    if (message.kind === "up") {
      up = message.state;
      request.onUp();
    } else if (message.kind === "failed") trouble = message.message;
    else if (message.kind === "trace") {
      const trace = unpackTrace(message.trace);
      traces.push(trace);
      request.onTrace(trace);
      if (needsFreshLab(trace)) enough.abort();
    }
  };
  const job = { ...request.job, drills: request.drills };
  const quiet = (said: unknown) => quietMs(said, request.boot.engine);
  const ran = await runLab({ quietMs: quiet, ...request.boot, job, signal, onMessage });
  if (request.boot.signal?.aborted === true) return ran.ok ? failed(aborted) : ran;
  if (trouble !== undefined) return failed({ code: "guest-failed", message: trouble, hint: failedHint });
  if (!ran.ok && isBringingUp(last) && ran.error.code === "timeout") {
    return failed(await diagnose(runLab, request, ran.error));
  }
  if (!ran.ok && (traces.length === 0 || ran.error.code === "rebooted")) return ran;
  return up === undefined ? failed(silent) : ok({ traces, up });
}

/** Real time that bringing the host up may take: some two seconds, a few more beside others. */
const BRING_UP_MS = 30_000;

/** A crowded machine gives each of its programs less of itself; it is given more time, up to four times as much. */
function crowding(): number {
  return Math.min(Math.max((loadavg()[0] ?? 0) / availableParallelism() / 4, 1), 4);
}

/** Of all that, where every instruction is counted: so many times. */
const COUNTED = 6;

/** And the waiting for links to settle, spanning tree included. Drills have the lab's whole time. */
const SETTLE_MS = 90_000;

function quietMs(last: unknown, engine: Engine): number | undefined {
  const message = last as GuestMessage;
  const times = engine.name === "qemu" ? COUNTED : 1;
  if (isBringingUp(message)) return times * crowding() * BRING_UP_MS;
  return message.kind === "progress" && message.at === "up" ? times * SETTLE_MS : undefined;
}

function isBringingUp(last: GuestMessage | undefined): boolean {
  return last?.kind === "progress" && last.at === "built";
}

const failedHint = "This is the lab's own fault, not your configuration's: please report it with the guest's log.";
const aborted: LabError = { code: "aborted", message: "stopped on request", hint: "Start it again when you like." };
