import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import {
  close,
  monotonicNs,
  must,
  O_CLOEXEC,
  O_NONBLOCK,
  O_RDONLY,
  open,
  pipe2,
  read,
  sleepUntilNs,
} from "../../host/linux/libc.ts";
import { type Running, whatRuns } from "./what-runs.ts";

/** How a command ended. */
export interface Confined {
  /** Exit status; 128 and the signal's number where one ended it; 127 where it can't be started. */
  readonly exit: number;
  /** Both streams in the order written, cut to the limit. */
  readonly output: string;
  /** It didn't end in time and was killed with its whole group: what it was waiting for. */
  readonly stillRunning?: Running;
}

const MS = 1_000_000n;
/** How often it is looked at: as often as a pipe fills while it writes, then the longer the more patient. */
const SHORTEST_NS = MS;
const LONGEST_NS = 100n * MS;

/** Runs a command in a session of its own and takes in what it prints, without an event loop. What it leaves in the background
 *  goes on. `limitMs` in guest time: a command that never sleeps stops a virtual clock, and only the host can end that. */
export function runConfined(command: readonly string[], limitMs: number, limitBytes: number): Confined {
  const { reader, writer } = openPipe();
  const child = start(command, writer);
  close(writer);
  const taken = newOutput(reader, limitBytes);
  if (child.pid === undefined) {
    close(reader);
    return { exit: 127, output: `${command[0]} can't be run in the lab\n` };
  }
  const beganNs = monotonicNs();
  const deadlineNs = beganNs + BigInt(limitMs) * MS;
  let stillRunning: Running | undefined;
  for (;;) {
    const isWriting = taken.take();
    const exit = exitOf(child.pid);
    if (exit !== undefined) {
      leave(reader, taken.isHeld());
      return { exit, output: taken.text(), ...(stillRunning === undefined ? {} : { stillRunning }) };
    }
    const nowNs = monotonicNs();
    if (nowNs >= deadlineNs) {
      stillRunning ??= whatRuns(child.pid);
      killGroup(child.pid);
    }
    const patienceNs = (nowNs - beganNs) / 20n;
    sleepUntilNs(nowNs + (isWriting ? SHORTEST_NS : patienceNs < LONGEST_NS ? patienceNs + SHORTEST_NS : LONGEST_NS));
  }
}

const ends = Buffer.allocUnsafeSlow(8);

/** A pipe whose reading end doesn't wait. Throws where there are no descriptors left. */
export function openPipe(): { readonly reader: number; readonly writer: number } {
  must(pipe2(ends, O_CLOEXEC), "a pipe");
  const [blocking, writer] = [ends.readInt32LE(0), ends.readInt32LE(4)];
  // Opened anew: what is set on one end of a pipe's description would be set for its heirs too.
  const reader = must(open(`/proc/self/fd/${blocking}`, O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0), "a pipe's end");
  close(blocking);
  return { reader, writer };
}

function start([program = "", ...args]: readonly string[], writer: number): ChildProcess {
  const env = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/root", LANG: "C.UTF-8" };
  // A session of its own, so that what a killed command had started goes with it.
  const child = spawn(program, args, { stdio: ["ignore", writer, writer], env, detached: true });
  child.on("error", () => undefined);
  child.unref();
  return child;
}

interface Output {
  /** Takes in what is there. False: nothing was. */
  take(): boolean;
  /** Takes in the rest. Has anybody still got the other end? */
  isHeld(): boolean;
  text(): string;
}

const chunk = Buffer.allocUnsafeSlow(65_536);

function newOutput(reader: number, limitBytes: number): Output {
  const kept: Buffer[] = [];
  let size = 0;
  let last = -1;
  const take = (): boolean => {
    last = read(reader, chunk, chunk.length);
    if (last <= 0) return false;
    const some = Buffer.from(chunk.subarray(0, Math.min(last, limitBytes - size)));
    kept.push(some);
    size += some.length;
    return true;
  };
  return {
    take,
    isHeld: () => {
      // A writer that never stops must not keep us here.
      for (let round = 0; round < 16 && take(); round++);
      return last !== 0;
    },
    text: () => Buffer.concat(kept).toString("utf8"),
  };
}

/** Those in the background go on writing: somebody must read it, or they would stop or die of it. */
function leave(reader: number, isHeld: boolean): void {
  if (isHeld) {
    const drain = spawn("cat", [], { stdio: [reader, "ignore", "ignore"], detached: true });
    drain.on("error", () => undefined);
    drain.unref();
  }
  close(reader);
}

/** Exit status of a child that nobody has waited for yet; undefined while it runs. */
function exitOf(pid: number): number | undefined {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  // The name in brackets may hold anything, brackets too.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  if (fields[0] !== "Z") return undefined;
  const status = Number(fields[EXIT_CODE]);
  return (status & 0x7f) === 0 ? (status >> 8) & 0xff : 128 + (status & 0x7f);
}

/** Field 52 of proc(5)'s list, counted from the state (3). */
const EXIT_CODE = 49;

function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // Nobody left in it.
  }
}
