import { existsSync } from "node:fs";
import type { Result } from "../../model/result.ts";
import { processDeadMan } from "./dead-man-process.ts";
import { systemdDeadMan } from "./dead-man-systemd.ts";

/** A timer by name: a transaction's id, and the how-maniest of it. */
export interface TimerName {
  readonly id: string;
  /** From 1. */
  readonly number: number;
}

export interface Timer extends TimerName {
  readonly seconds: number;
  readonly argv: readonly [string, ...string[]];
}

export interface DeadManError {
  readonly message: string;
  readonly hint?: string;
}

/** Runs a program after a while, whatever becomes of who asked for it. */
export interface DeadMan {
  /** "systemd": PID 1 owns the timer. "process": a process of its own session. */
  readonly owner: "systemd" | "process";
  arm(timer: Timer): Promise<Result<void, DeadManError>>;
  /** Seconds that are left, from the owner itself. */
  check(timer: TimerName): Promise<Result<number, DeadManError>>;
  /** No error when there is none. Never stops a program that has begun. */
  disarm(timer: TimerName): Promise<Result<void, DeadManError>>;
}

/** This machine's: systemd's where it is process 1, else a process. `run`: a directory in memory. */
export function openDeadMan(run: string): DeadMan {
  // What sd_booted(3) looks at.
  return existsSync("/run/systemd/system") ? systemdDeadMan() : processDeadMan(run);
}
