import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs } from "../../../src/host/linux/libc.ts";
import { readBonds } from "../../../src/lab/guest/bond-state.ts";
import { bringUp, writeFiles } from "../../../src/lab/guest/bring-up.ts";
import { buildNetwork } from "../../../src/lab/guest/build.ts";
import type { Job } from "../../../src/lab/guest/job.ts";
import { inside } from "../../../src/lab/guest/namespaces.ts";
import { type Network, namespaceOf } from "../../../src/lab/guest/network.ts";

/** Runs inside a lab: the bundled command drills this host, and everything else looks on. */
export interface DrillJob extends Job {
  readonly cli: string;
  readonly scene: "whole" | "killed" | "refused" | "agent";
}

const channel = openSync(process.env["CHANNEL"] ?? "", "w");
const job = JSON.parse(readFileSync(process.env["JOB"] ?? "", "utf8")) as DrillJob;

/** The channel is a serial line: it takes a long text in pieces. */
function say(message: unknown): void {
  const line = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let done = 0; done < line.length; ) done += writeSync(channel, line, done);
}

function holdfast(words: readonly string[], log: string): ChildProcess {
  const output = openSync(log, "w");
  const errors = openSync(`${log}.err`, "w");
  const child = spawn(process.execPath, [...process.execArgv, job.cli, ...words], {
    stdio: ["ignore", output, errors],
    env: { PATH: process.env["PATH"] ?? "", COLUMNS: "80" },
  });
  closeSync(output);
  closeSync(errors);
  return child;
}

const ended = (child: ChildProcess): Promise<void> => new Promise((resolve) => child.once("exit", () => resolve()));
const textOf = (path: string): string => (existsSync(path) ? readFileSync(path, "utf8") : "");

function shell(command: string): string {
  const done = spawnSync("sh", ["-c", command], { encoding: "utf8" });
  return done.stdout + done.stderr;
}

/** Everything that a drill touches, as text: it must be the same afterwards. */
function standing(): string {
  return shell(
    "for p in em1 em2; do ip -d link show dev $p | head -1; tc qdisc show dev $p; tc filter show dev $p egress; tc filter show dev $p ingress; done; ip addr show bond0; ip route; cat /proc/net/bonding/bond0 | grep -E 'Active|Primary|MII Status'; nft list tables",
  );
}

async function whole(network: Network): Promise<object> {
  const before = standing();
  const began = monotonicMs();
  const drill = holdfast(["drill", "--json", ...(job.scene === "agent" ? [] : ["--kind", "carrier", "silent"])], "/run/drill");
  await ended(drill);
  const tookMs = monotonicMs() - began;
  await sleep(500);
  return { out: textOf("/run/drill"), err: textOf("/run/drill.err"), tookMs, before, after: standing() };
}

async function main(): Promise<object> {
  writeFiles(job);
  const network = buildNetwork(job.plan);
  if (job.bringUp === undefined) throw new Error("nothing brings the host up");
  const up = bringUp(job.bringUp, job.clock);
  if (up.exit !== 0) throw new Error(up.output);
  await sleep(2_000);
  return whole(network);
}

void [writeFileSync, readBonds, inside, namespaceOf];
main()
  .then(say)
  .catch((problem: unknown) => say({ failed: String(problem instanceof Error ? problem.stack : problem) }))
  .finally(() => process.exit(0));
