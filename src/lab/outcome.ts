import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BootOptions, LabError } from "./lab.ts";

/** How a boot ended. */
export interface Outcome {
  /** The guest's console, and what was on the channel that is no message. */
  readonly log: string;
  readonly ended: "by-itself" | "timeout" | "quiet" | "rebooted" | "aborted";
  /** Its process 1 has said that it is there. */
  readonly booted?: boolean;
  /** The runner's exit status; absent: the guest never came that far. */
  readonly status?: number;
  /** What the caller's onMessage threw. */
  readonly thrown?: { readonly error: unknown };
}

/** The caller wanted no more of it. */
export const aborted: LabError = { code: "aborted", message: "the lab was stopped", hint: "Run it again." };

/** What went wrong, with the guest's log kept in a file; undefined: nothing. */
export function labError(outcome: Outcome, options: BootOptions): LabError | undefined {
  if (outcome.ended === "aborted") return aborted;
  const error = failure(outcome, options);
  return error && { ...error, log: keepLog(outcome.log) };
}

function failure(outcome: Outcome, options: BootOptions): LabError | undefined {
  if (outcome.ended === "timeout") {
    const message = `the lab was not done after ${options.timeoutMs / 1000} s and was ended`;
    return { code: "timeout", message, hint: "Read the log; allow more time where the work is just long." };
  }
  if (outcome.ended === "quiet") {
    const message = "the lab stood still: some program in it never sleeps";
    return { code: "timeout", message, hint: "Look for a loop without a pause in what the configuration starts." };
  }
  if (outcome.ended === "rebooted") {
    const message = "a command of the configuration rebooted the host";
    return { code: "rebooted", message, hint: `Take it out of the copy that is rehearsed. ${whereCommandsAre}` };
  }
  if (outcome.status === 0) return undefined;
  const hint = "Read the log.";
  if (outcome.status === KILLED) return killed(outcome.log);
  if (outcome.status !== undefined) {
    return { code: "guest-failed", message: `the program inside ended with status ${outcome.status}`, hint };
  }
  return outcome.booted === true ? wentDown(outcome.log) : bootFailure(outcome.log, options.engine.kernel);
}

/** The status of a process that a signal 9 ended. Not the runner's own way out, although it takes that one too: it leaves its
 *  status in a file first. */
const KILLED = 137;

const whereCommandsAre =
  "Commands stand in pre-up, up, down and post-down lines and in the scripts of /etc/network/if-*.d.";

function killed(log: string): LabError {
  if (/Out of memory: Killed process/.test(log)) {
    const message = "the lab ran out of memory, and its kernel killed the program that measures";
    return { code: "guest-failed", message, hint: "Look for a command of the configuration that eats memory." };
  }
  const message = "a command of the configuration killed every process of the host, the one that measures too";
  return { code: "guest-failed", message, hint: `Look for kill -1, killall and pkill. ${whereCommandsAre}` };
}

/** A kernel that had come up and ended without its runner. */
function wentDown(log: string): LabError {
  if (/Kernel panic/.test(log)) {
    const message = "the lab's kernel crashed while it ran the configuration";
    return { code: "guest-failed", message, hint: "Read the log: the lines after `Kernel panic` say where." };
  }
  const message = "a command of the configuration switched the host off";
  return { code: "guest-failed", message, hint: `Take it out of the copy that is rehearsed. ${whereCommandsAre}` };
}

/** A kernel that never reached its runner, by what it left in the log. */
function bootFailure(log: string, kernel: string): LabError {
  if (/Segfault with no mm|fatal_sigsegv|put_fp_registers|ptrace set fp regs failed/.test(log)) {
    const message = `${kernel} has no room for the register state of this CPU (AVX-512 with AMX, or newer)`;
    return { code: "cpu-unsupported", message, hint: "Use --engine uml-tt: its kernel has." };
  }
  const message = `${kernel} did not come up`;
  if (/ptrace.*Operation not permitted/.test(log)) {
    const hint = "Allow ptrace: in a container --cap-add SYS_PTRACE; elsewhere sysctl kernel.yama.ptrace_scope=1.";
    return { code: "boot-failed", message: `${message}: this machine forbids ptrace`, hint };
  }
  if (/(exec: |failed to execute ).*(Permission denied|Operation not permitted)/.test(log)) {
    const hint = "Set XDG_CACHE_HOME to a directory from which programs may be run.";
    return { code: "boot-failed", message: `${message}: its file may not be executed`, hint };
  }
  return { code: "boot-failed", message, hint: "Read the log." };
}

function keepLog(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "holdfast-lab-log-")), "guest.log");
  writeFileSync(path, text);
  return path;
}
