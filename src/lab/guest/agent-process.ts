import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { dirname, join } from "node:path";
import { monotonicNs, sleepUntilNs } from "../../host/linux/libc.ts";
import type { AgentJob } from "./job.ts";

/** Holdfast's agent beside the runner: a process of its own, since the runner never gives way to an event loop. */
export interface AgentProcess {
  readonly patienceMs: number;
  /** What it wrote down from a moment on (monotonic ns). */
  eventsSince(fromNs: bigint): readonly { readonly atNs: bigint; readonly text: string }[];
  end(): void;
}

const OUTPUT = "/run/holdfast-agent.log";
const PLAN = "/run/holdfast-agent.plan";
const START_LIMIT_MS = 60_000;
const NICE = -5;
const LOOK_NS = 50_000_000n;

/** Starts the agent and waits until it knows of every path whether it answers. Throws with what it said if it doesn't get there. */
export function startAgentProcess(job: AgentJob): AgentProcess {
  writeFileSync(PLAN, job.plan);
  const output = openSync(OUTPUT, "w");
  const program = join(dirname(process.argv[1] ?? ""), "agent.js");
  // The same preload as the runner's: in virtual time Node has no other way to end.
  const child = spawn(process.execPath, [...process.execArgv, program], {
    stdio: ["ignore", output, output],
    env: { PATH: process.env["PATH"] ?? "", PLAN },
  });
  closeSync(output);
  // As its unit has it: where processor time is counted, nobody's packet pump comes before a failover.
  if (child.pid !== undefined) setPriority(child.pid, NICE);
  const deadline = monotonicNs() + BigInt(START_LIMIT_MS) * 1_000_000n;
  for (;;) {
    const lines = readLines();
    const failed = lines.find(({ failed }) => failed !== undefined)?.failed;
    if (failed !== undefined || monotonicNs() > deadline) {
      throw new Error(`the agent ${failed ?? "doesn't come to know its paths"}: ${readFileSync(OUTPUT, "utf8")}`);
    }
    if (lines.some(({ known }) => known === true)) break;
    sleepUntilNs(monotonicNs() + LOOK_NS);
  }
  return {
    patienceMs: job.patienceMs,
    eventsSince: (fromNs) =>
      readLines().flatMap(({ at, text }) => {
        if (at === undefined || text === undefined) return [];
        const atNs = BigInt(Math.round(at * 1e6));
        return atNs < fromNs ? [] : [{ atNs, text }];
      }),
    end: () => void child.kill("SIGKILL"),
  };
}

interface Line {
  readonly at?: number;
  readonly text?: string;
  readonly known?: boolean;
  readonly failed?: string;
}

function readLines(): readonly Line[] {
  return readFileSync(OUTPUT, "utf8")
    .split("\n")
    .flatMap((line) => {
      try {
        return [JSON.parse(line) as Line];
      } catch {
        // The line being written, or what Node itself had to say: `failed` or the time limit shows it.
        return [];
      }
    });
}
