import { readFileSync, readlinkSync } from "node:fs";
import { basename } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { chooseEngine } from "../../../src/lab/engines.ts";
import { tracesOf } from "../booting.ts";
import { oneRouter } from "./houses.ts";
import { runInLab } from "./in-lab.ts";
import { type Trial, told } from "./trial.ts";

/** The whole host is suspended, and woken from outside. The clock is real: where it is virtual nobody outside can say when. Processes stand
 *  still, and CLOCK_MONOTONIC goes on, as on machines without a cpuidle driver for it; a monotonic clock that stands still too is the
 *  simulator's part. */
export function asleep(sleepMs: number): Trial {
  return {
    name: "asleep",
    async run(built) {
      const chosen = await chooseEngine("uml");
      if (!chosen.ok) return { held: false, said: chosen.error.message };
      const isOver = new AbortController();
      const waking = wakeAfter(sleepMs, isOver.signal);
      const lab = { ...oneRouter(chosen.value), clock: "real", timeoutMs: sleepMs + 240_000 } as const;
      const ran = await runInLab(built, lab, {
        everyMs: 1_000,
        lastsMs: sleepMs + 45_000,
        warmUpMs: 15_000,
        steps: [{ atMs: 1_000, op: "run", command: ["sh", "-c", "echo freeze > /sys/power/state"] }],
      }).finally(() => isOver.abort());
      await waking;
      const sleeps = ran.events.filter(({ event }) => event.what === "suspended" && event.gapMs >= sleepMs / 2);
      const others = ran.events.filter(({ atMs, event }) => atMs > 0 && event.what !== "suspended");
      const said = `events ${ran.events.map(({ event }) => JSON.stringify(event))}; ${told(ran)}`;
      return { held: ran.moves.length === 0 && sleeps.length === 1 && others.length === 0, said };
    },
  };
}

/** Wakes this process's lab when its kernel has slept so long: with the agent awake it takes five clock ticks a second at least, asleep
 *  not one in five seconds. */
async function wakeAfter(sleepMs: number, isOver: AbortSignal): Promise<void> {
  const LOOK_MS = 8_000;
  let before = -1;
  let slept = 0;
  while (!isOver.aborted) {
    await sleep(LOOK_MS);
    const kernel = kernelOf(process.pid);
    const now = kernel === undefined ? -1 : ticksOf(kernel);
    const isAsleep = now >= 0 && before >= 0 && now - before < LOOK_MS / 1000;
    slept = isAsleep ? slept + LOOK_MS : 0;
    before = now;
    if (kernel !== undefined && slept >= sleepMs) process.kill(kernel, "SIGUSR1");
  }
}

/** The first process of a lab's kernel: the others are its hands, or what it is wrapped in. */
function kernelOf(pid: number): number | undefined {
  const all = tracesOf(pid).flatMap((trace) => /^process (\d+)$/.exec(trace)?.[1] ?? []);
  return all.map(Number).find((one) => basename(programOf(one)).startsWith("linux"));
}

function programOf(pid: number): string {
  try {
    return readlinkSync(`/proc/${pid}/exe`);
  } catch {
    return "";
  }
}

/** Processor time of a process, in clock ticks. */
function ticksOf(pid: number): number {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, "utf8");
    const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
    return Number(fields[11]) + Number(fields[12]);
  } catch {
    return -1;
  }
}
