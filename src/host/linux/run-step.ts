import { spawn } from "node:child_process";
import { closeSync, constants, existsSync, fstatSync, openSync, readSync, unlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Step } from "../../plan/change.ts";
import { monotonicMs } from "./libc.ts";
import { isGroupLeft, type ProcessMark, processMark } from "./this-process.ts";

/** How a step ended; a missing program is status null. */
export interface StepOutcome {
  /** null: it could not be started, or was ended by a signal. */
  readonly status: number | null;
  readonly wasKilled: boolean;
  /** The last 16 KiB of what it said on both streams. */
  readonly output: string;
  readonly seconds: number;
}

const OUTPUT_BYTES = 16 << 10;

/** What programs see, whoever called: an operator's PATH or language must not change what a step does. */
const environment = {
  PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  HOME: "/root",
  LC_ALL: "C.UTF-8",
};

/** Whether a step that begins so finds its program. */
export function isInstalled(program: string): boolean {
  if (program.includes("/")) return existsSync(program);
  return environment.PATH.split(":").some((folder) => existsSync(join(folder, program)));
}

export interface StepSettings {
  /** In memory: what a step prints passes through here. */
  readonly directory: string;
  /** Absent: the fixed one above. A guarded command is the operator's, and has the operator's. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Absent: "/". */
  readonly workingDirectory?: string;
}

/** Runs a step in a process group (and session) of its own; after its limit the group is killed, and it has ended when this returns.
 *  What it leaves in the background on purpose (a DHCP client) goes on. `onStart` gets the group's leader. */
export function runStep(
  step: Step,
  settings: StepSettings,
  onStart: (leader: ProcessMark) => void,
): Promise<StepOutcome> {
  const output = openOutput(settings.directory);
  const [program, ...words] = step.argv;
  const began = monotonicMs();
  return new Promise((resolve) => {
    // A file and not a pipe: a daemon that keeps its end open must neither be waited for nor be killed by ours closing.
    const child = spawn(program, words, {
      stdio: [step.stdin === undefined ? "ignore" : "pipe", output ?? "ignore", output ?? "ignore"],
      env: settings.environment ?? environment,
      cwd: settings.workingDirectory ?? "/",
      detached: true,
    });
    let wasKilled = false;
    const limit = setTimeout(() => {
      wasKilled = true;
      killGroup(child.pid);
    }, step.limitSeconds * 1000);
    const end = (status: number | null, problem = ""): void => {
      clearTimeout(limit);
      if (wasKilled) killGroup(child.pid);
      const seconds = (monotonicMs() - began) / 1000;
      resolve({ status, wasKilled, output: takeOutput(output) + problem, seconds });
    };
    child.once("error", (problem) => end(null, `${program} can't be run: ${problem.message}\n`));
    child.once("exit", (status) => end(wasKilled ? null : status));
    // It may end without reading.
    child.stdin?.on("error", () => {});
    child.stdin?.end(step.stdin);
    const leader = child.pid === undefined ? undefined : processMark(child.pid);
    if (leader !== undefined) onStart(leader);
  });
}

/** Kills what is left of a step whose driver has died, and returns when it is gone (or after two seconds: what hangs in the kernel can't be
 *  killed). Another process that has the leader's id by now is left alone. */
export async function endStep(leader: ProcessMark): Promise<void> {
  const there = processMark(leader.pid);
  if (there !== undefined && there.start !== leader.start) return;
  for (let waited = 0; waited < 100 && isGroupLeft(leader.pid); waited++) {
    killGroup(leader.pid);
    await sleep(20);
  }
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}

/** Without a name from the start: what a program prints may hold anything. undefined: it is not kept. */
function openOutput(directory: string): number | undefined {
  const path = join(directory, `.output-${process.pid}-${Math.round(monotonicMs() * 1000)}`);
  try {
    const { O_RDWR, O_CREAT, O_EXCL, O_APPEND } = constants;
    const fd = openSync(path, O_RDWR | O_CREAT | O_EXCL | O_APPEND, 0o600);
    unlinkSync(path);
    return fd;
  } catch {
    return undefined;
  }
}

function takeOutput(fd: number | undefined): string {
  if (fd === undefined) return "";
  const { size } = fstatSync(fd);
  const bytes = Buffer.alloc(Math.min(size, OUTPUT_BYTES));
  const read = readSync(fd, bytes, 0, bytes.length, size - bytes.length);
  closeSync(fd);
  return bytes.toString("utf8", 0, read);
}
