import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BootOptions, LabError } from "./lab.ts";

/** How a boot ended. */
export interface Outcome {
  /** The guest's console, and what was on the channel that is no message. */
  readonly log: string;
  readonly ended: "by-itself" | "timeout" | "aborted";
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
  if (outcome.status === 0) return undefined;
  const hint = "Read the log.";
  if (outcome.status !== undefined) {
    return { code: "guest-failed", message: `the program inside ended with status ${outcome.status}`, hint };
  }
  return bootFailure(outcome.log, options.engine.kernel);
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
  if (/exec: .*(Permission denied|Operation not permitted)/.test(log)) {
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
