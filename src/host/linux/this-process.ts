import { readdirSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { bootMs } from "./libc.ts";

/** A process: its id, and its start, so that another with the same id isn't taken for it. */
export interface ProcessMark {
  readonly pid: number;
  /** Clock ticks since the boot (field 22 of /proc/PID/stat). */
  readonly start: string;
}

/** A process as the kernel shows it; undefined: there is none of that id. Source: proc(5), /proc/PID/stat. */
export function processMark(pid: number): ProcessMark | undefined {
  const start = fieldsOf(pid)?.[19];
  return start === undefined ? undefined : { pid, start };
}

/** The id of a process's parent; 0: it has none, or there is no such process. */
export function parentOf(pid: number): number {
  return Number(fieldsOf(pid)?.[1] ?? 0);
}

/** The id of the session a process is in: its leader's. */
export function sessionOf(pid: number): number {
  return Number(fieldsOf(pid)?.[3] ?? 0);
}

/** Whether anything of a process group still runs; what has ended and waits to be asked for doesn't count. */
export function isGroupLeft(group: number): boolean {
  return readdirSync("/proc").some((name) => {
    if (!/^\d+$/.test(name)) return false;
    const fields = fieldsOf(Number(name));
    return Number(fields?.[2]) === group && fields?.[0] !== "Z" && fields?.[0] !== "X";
  });
}

/** What the kernel calls a process: at most 15 characters; "" when there is none. */
export function nameOf(pid: number): string {
  return readProc(`/proc/${pid}/comm`).trim();
}

/** Changes with every boot; "" where the kernel doesn't say. Source: random(4), boot_id. */
export function bootId(): string {
  return readProc("/proc/sys/kernel/random/boot_id").trim();
}

/** From field 3 (state) on: the name before them may hold blanks and parentheses. */
function fieldsOf(pid: number): readonly string[] | undefined {
  const text = readProc(`/proc/${pid}/stat`);
  const end = text.lastIndexOf(")");
  return end < 0 ? undefined : text.slice(end + 2).split(" ");
}

function readProc(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

/** The clocks a transaction goes by, and this process. */
export interface HostClock {
  /** Seconds since the boot, those asleep included (CLOCK_BOOTTIME). */
  now(): number;
  /** Changes with every boot. */
  boot(): string;
  /** Seconds since 1970, for people only; nothing is decided by it. */
  wall(): number;
  self(): ProcessMark;
  sleep(seconds: number): Promise<void>;
}

/** This machine's. */
export const hostClock: HostClock = {
  now: () => bootMs() / 1000,
  boot: bootId,
  wall: () => Date.now() / 1000,
  self: () => ({ pid: process.pid, start: processMark(process.pid)?.start ?? "" }),
  sleep: (seconds) => sleep(seconds * 1000),
};
