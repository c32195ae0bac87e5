import { existsSync } from "node:fs";
import type { Result } from "../../model/result.ts";
import { processDeadMan } from "./dead-man-process.ts";
import { systemdDeadMan } from "./dead-man-systemd.ts";

/** A timer by its name: the transaction's id, and the how-maniest it is; `extend` makes another before it stops the last. */
export interface TimerName {
  readonly id: string;
  /** From 1. */
  readonly number: number;
}

export interface Timer extends TimerName {
  /** From now, on CLOCK_BOOTTIME or CLOCK_MONOTONIC. */
  readonly seconds: number;
  /** What it runs: /bin/sh, the transaction's rollback.sh, "--timer", the number. */
  readonly argv: readonly [string, ...string[]];
}

/** What went wrong, and what would help. */
export interface DeadManError {
  readonly message: string;
  readonly hint?: string;
}

/** Runs a program after a while, whatever has become of the process that asked: PID 1's timer, or a session of its own. */
export interface DeadMan {
  /** Fails when nobody can promise it. Late by less than a second. */
  arm(timer: Timer): Promise<Result<void, DeadManError>>;
  /** Proof that it is armed, from its owner and not from memory: seconds that are left. */
  check(timer: TimerName): Promise<Result<number, DeadManError>>;
  /** It is no error if there is none any more. Never stops a program that has begun. */
  disarm(timer: TimerName): Promise<Result<void, DeadManError>>;
}

/** This machine's: systemd's where it is process 1, else a process. `run`: a directory in memory. */
export function openDeadMan(run: string): DeadMan {
  // What sd_booted(3) looks at.
  return existsSync("/run/systemd/system") ? systemdDeadMan() : processDeadMan(run);
}
