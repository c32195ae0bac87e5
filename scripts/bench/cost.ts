import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { build } from "esbuild";
import { bondByHand, twoSwitches } from "../../test/lab/two-switches.ts";
import type { CostJob, CostMessage } from "./cost-guest.ts";
import { declared } from "./drivers.ts";
import { type Spread, spread } from "./failover.ts";
import { bundleDirectory, findMachine, runMachine } from "./qemu.ts";
import { scheduleOf } from "./schedule.ts";

/** A failover where every instruction is charged. */
export interface CountedFailover {
  readonly repeats: number;
  /** The worse direction, ms: from the first lost packet to the first arrival after it, or a millisecond for each lost one where
   *  that is more (who sends shares the processor, and makes up for what it was late with). */
  readonly outageMs: Spread;
}

export interface CostResult {
  readonly machine: string;
  /** The first fault after a start, every time of another agent. */
  readonly first: CountedFailover;
  /** One agent, one fault after the other. */
  readonly later: CountedFailover;
  readonly kernel: CountedFailover;
  readonly idle: Extract<CostMessage, { kind: "idle" }>;
  readonly stall: Extract<CostMessage, { kind: "stall" }>;
}

export interface CostOptions {
  readonly root: string;
  readonly repeats: number;
  readonly idleSeconds: number;
  readonly onProgress: (line: string) => void;
}

const STALL_SECONDS = 30;
const TIMEOUT_MS = 3_600_000;

/** Measures in the counting machine what the agent costs. Throws with what the guest said when it fails. */
export async function benchCost(options: CostOptions): Promise<CostResult> {
  const machine = await findMachine();
  const folder = bundleDirectory(options.root);
  const runner = join(folder, `bench-cost-${process.pid}.mjs`);
  const disk = join(folder, `bench-events-${process.pid}.img`);
  const run = async (name: string, job: CostJob): Promise<readonly CostMessage[]> => {
    const said: CostMessage[] = [];
    const onMessage = (raw: unknown): void => {
      const message = raw as CostMessage;
      said.push(message);
      options.onProgress(`${name}: ${JSON.stringify(message)}`);
    };
    const files = { "/lab/events.img": disk };
    const log = await runMachine(machine, { root: options.root, runner, job, files, timeoutMs: TIMEOUT_MS, onMessage });
    const failed = said.find((message) => message.kind === "failed");
    if (failed?.kind === "failed") throw new Error(`${failed.message}\n${log.slice(-2_000)}`);
    return said;
  };
  try {
    await bundleGuest(options.root, runner);
    makeDisk(disk);
    const kernel = await run("kernel", jobFor(options, "no"));
    const agent = await run("agent", jobFor(options, "yes"));
    return {
      machine: machine.about,
      first: counted(agent, "first"),
      later: counted(agent, "later"),
      kernel: counted(kernel, "kernel"),
      idle: only(agent, "idle"),
      stall: only(agent, "stall"),
    };
  } finally {
    for (const file of [runner, disk]) rmSync(file, { force: true });
  }
}

async function bundleGuest(root: string, outfile: string): Promise<void> {
  const entryPoints = [join(root, "scripts/bench/cost-guest.ts")];
  await build({ entryPoints, outfile, bundle: true, platform: "node", format: "esm", external: ["koffi"] });
}

/** A small ext4, as an SD card would have it. */
function makeDisk(path: string): void {
  const made = spawnSync("mkfs.ext4", ["-q", path, "32m"], { encoding: "utf8", env: { PATH: "/usr/sbin:/sbin" } });
  if (made.status !== 0) throw new Error(`mkfs.ext4: ${made.error?.message ?? made.stderr}`);
}

function jobFor({ root, repeats, idleSeconds }: CostOptions, agentRuns: "yes" | "no"): CostJob {
  return {
    plan: twoSwitches(),
    clock: "virtual",
    files: { "/etc/holdfast/holdfast.yaml": declared },
    bringUp: bondByHand({ miimon: 100, primary_reselect: "always" }),
    drills: [],
    agentRuns,
    schedule: scheduleOf(readFileSync(join(root, "deploy/holdfast-agent.service"), "utf8")),
    first: repeats,
    later: repeats,
    idleSeconds,
    stallSeconds: STALL_SECONDS,
  };
}

function counted(said: readonly CostMessage[], which: "first" | "later" | "kernel"): CountedFailover {
  const mine = said.flatMap((message) => (message.kind === "carrier" && message.which === which ? [message] : []));
  const outages = mine.map(({ gapMs, lost }) => Math.max(gapMs.toHost, gapMs.fromHost, lost.toHost, lost.fromHost));
  return { repeats: mine.length, outageMs: spread(outages) };
}

function only<K extends "idle" | "stall">(
  said: readonly CostMessage[],
  kind: K,
): Extract<CostMessage, { readonly kind: K }> {
  const found = said.find((message) => message.kind === kind);
  if (found === undefined) throw new Error(`the guest never told "${kind}"`);
  return found as Extract<CostMessage, { readonly kind: K }>;
}
