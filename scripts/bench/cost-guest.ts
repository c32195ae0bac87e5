import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { mkdirSync, openSync, readdirSync, readFileSync, writeSync } from "node:fs";
import { request } from "node:http";
import { setPriority } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { openLinuxHost } from "../../src/host/linux/host.ts";
import { monotonicNs, sleepUntilNs, wallOffsetNs } from "../../src/host/linux/libc.ts";
import { bringUp, writeFiles } from "../../src/lab/guest/bring-up.ts";
import { buildNetwork } from "../../src/lab/guest/build.ts";
import {
  type FlowSockets,
  newDirections,
  openFlows,
  receive,
  sendNext,
  toFlowTrace,
} from "../../src/lab/guest/flows.ts";
import type { Job } from "../../src/lab/guest/job.ts";
import { inside } from "../../src/lab/guest/namespaces.ts";
import { indexOf, type Network, namespaceOf } from "../../src/lab/guest/network.ts";
import { newOperator, operate } from "../../src/lab/guest/operate.ts";
import { ETHERTYPE } from "../../src/wire/ethernet.ts";
import { compileFilter } from "../../src/wire/packet-filter.ts";
import { comeFirst, type Schedule } from "./schedule.ts";

/** Inside the counting machine: what the agent costs, and what a failover costs where its instructions are counted. */

/** Answers are JSON lines, one per figure. */
export type CostMessage =
  | {
      readonly kind: "carrier";
      readonly which: "first" | "later" | "kernel";
      readonly lost: Both;
      readonly gapMs: Both;
    }
  | {
      readonly kind: "idle";
      readonly seconds: number;
      readonly cpuMs: number;
      readonly probes: number;
      readonly rssKb: number;
      readonly peakKb: number;
      readonly privateKb: number;
    }
  | {
      readonly kind: "stall";
      readonly stalledMs: number;
      readonly probes: number;
      readonly longestMs: number;
      readonly longestBeforeMs: number;
      readonly pending: number;
      readonly events: number;
      readonly missing: number;
    }
  | { readonly kind: "failed"; readonly message: string };

interface Both {
  readonly toHost: number;
  readonly fromHost: number;
}

/** What is to be done, in this order. */
export interface CostJob extends Job {
  readonly agentRuns: "yes" | "no";
  /** The agent's, by its unit. */
  readonly schedule: Schedule;
  readonly first: number;
  readonly later: number;
  readonly idleSeconds: number;
  readonly stallSeconds: number;
}

const job = JSON.parse(readFileSync(process.env["JOB"] ?? "/dev/stdin", "utf8")) as CostJob;
const channel = openSync(process.env["CHANNEL"] ?? "/dev/stdout", "w");
const say = (message: CostMessage): void => {
  const line = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let done = 0; done < line.length; ) done += writeSync(channel, line, done);
};

interface Scene {
  readonly network: Network;
  readonly sockets: readonly FlowSockets[];
  /** A shell in each switch that sets its port to the host down or up: this process is busy sending meanwhile. */
  readonly hands: Readonly<Record<string, number>>;
  drills: number;
}

const switchOf: Readonly<Record<string, string>> = { em1: "switch-a", em2: "switch-b" };

/** The agent as its unit starts it: that command, that schedule, that environment. */
async function startAgent(): Promise<ChildProcess> {
  const command = ["/lab/bin/holdfast", "agent", "--config", "/etc/holdfast/holdfast.yaml"];
  const agent = spawn(process.execPath, command, {
    stdio: ["ignore", "inherit", "inherit"],
    env: { PATH: process.env["PATH"] ?? "", NODE_OPTIONS: "--v8-pool-size=0" },
  });
  setPriority(agent.pid ?? 0, job.schedule.nice);
  // systemd runs what comes after the start when the agent has said that it is ready.
  await untilAllUsable();
  const unlike = comeFirst(agent.pid ?? 0, job.schedule);
  if (unlike !== "") throw new Error(`the agent isn't scheduled as its unit has it: ${unlike}`);
  return agent;
}

async function endAgent(agent: ChildProcess): Promise<void> {
  const gone = new Promise((resolve) => agent.once("exit", resolve));
  agent.kill("SIGKILL");
  await gone;
}

function ask(path: string): Promise<string> {
  return new Promise((resolve) => {
    const asked = request({ socketPath: "/run/holdfast/agent.sock", path, agent: false }, (answer) => {
      let body = "";
      answer.setEncoding("utf8").on("data", (piece: string) => {
        body += piece;
      });
      answer.on("end", () => resolve(body));
    });
    asked.on("error", () => resolve(""));
    asked.end();
  });
}

interface Status {
  readonly redundancy?: { readonly usable: number };
  readonly agent?: { readonly store: { readonly pending: number } };
}

async function status(): Promise<Status> {
  const body = await ask("/status");
  return body === "" ? {} : (JSON.parse(body) as Status);
}

async function untilAllUsable(): Promise<void> {
  for (let waited = 0; waited < 300; waited += 1) {
    if ((await status()).redundancy?.usable === 2) return;
    await sleep(1_000);
  }
  throw new Error(`not all ports are usable: ${await ask("/status")}`);
}

const LEAD = 100;
const PACKETS = 500;

/** One cable is pulled while a packet a millisecond goes both ways. */
function pull(scene: Scene, port: string): { readonly lost: Both; readonly gapMs: Both } {
  scene.drills += 1;
  const directions = newDirections(scene.sockets, () => true);
  const wire = { wallOffsetNs: wallOffsetNs(), number: scene.drills };
  // Where in a probe's and a timer's period the fault falls: evenly, and the same in every run.
  const spread = BigInt(Math.round(((scene.drills * 0.618) % 1) * 1_000_000));
  const startNs = (monotonicNs() / 1_000_000n + 2n) * 1_000_000n + spread;
  for (let index = 0; index < PACKETS; index += 1) {
    sleepUntilNs(startNs + BigInt(index) * 1_000_000n);
    for (const direction of directions) sendNext(direction, monotonicNs(), scene.drills);
    if (index === LEAD) writeSync(scene.hands[port] ?? -1, "down\n");
    if (index % 20 === 19) receive(directions, directions, wire);
  }
  sleepUntilNs(monotonicNs() + 20_000_000n);
  receive(directions, directions, wire);
  const traces = directions.map((direction) => toFlowTrace(direction, startNs));
  const of = (way: "toHost" | "fromHost") => lossIn(traces.find(({ direction }) => direction === way));
  const [toHost, fromHost] = [of("toHost"), of("fromHost")];
  return {
    lost: { toHost: toHost.lost, fromHost: fromHost.lost },
    gapMs: { toHost: toHost.gapMs, fromHost: fromHost.gapMs },
  };
}

/** Lost packets, and the time from the first lost one to the first arrival after it, ms. */
function lossIn(flow: ReturnType<typeof toFlowTrace> | undefined): { readonly lost: number; readonly gapMs: number } {
  if (flow === undefined) throw new Error("no flow");
  const lost = flow.receivedAtMs.flatMap((at, index) => (at === null ? [index] : []));
  const [first] = lost;
  if (first === undefined) return { lost: 0, gapMs: 0 };
  if (first < LEAD - 1) throw new Error(`packet ${first} was lost before anything was wrong`);
  const after = flow.receivedAtMs.slice(first).find((at) => at !== null) ?? Number.POSITIVE_INFINITY;
  return { lost: lost.length, gapMs: after - (flow.sentAtMs[first] ?? 0) };
}

function activePort(): string {
  return readFileSync("/sys/class/net/bond0/bonding/active_slave", "utf8").trim();
}

function mend(scene: Scene, port: string): void {
  writeSync(scene.hands[port] ?? -1, "up\n");
}

/** The first fault after a start, again and again. */
async function firstFaults(scene: Scene): Promise<void> {
  for (let count = 0; count < job.first; count += 1) {
    const agent = await startAgent();
    await drill(scene, "first");
    await endAgent(agent);
  }
}

async function drill(scene: Scene, which: "first" | "later" | "kernel"): Promise<void> {
  const port = activePort();
  const figures = pull(scene, port);
  if (activePort() === port) throw new Error(`${port} lost its cable and is still the active port`);
  say({ kind: "carrier", which, ...figures });
  mend(scene, port);
  await sleep(2_000);
}

/** CPU of all threads, ms. */
function cpuMs(pid: number): number {
  const threads = readdirSync(`/proc/${pid}/task`);
  const each = threads.map((id) => Number(readFileSync(`/proc/${pid}/task/${id}/schedstat`, "utf8").split(" ")[0]));
  return each.reduce((sum, one) => sum + one, 0) / 1e6;
}

function kilobytes(text: string, name: string): number {
  return Number(new RegExp(`^${name}:\\s+(\\d+) kB`, "m").exec(text)?.[1]);
}

async function probesSent(): Promise<number> {
  const lines = (await ask("/metrics")).matchAll(/^holdfast_probes_total\{.*\} (\S+)$/gm);
  return [...lines].reduce((sum, [, count]) => sum + Number(count), 0);
}

async function idle(agent: ChildProcess): Promise<void> {
  const pid = agent.pid ?? 0;
  // Starting isn't running: compiling, reading the configuration, the first garbage.
  await sleep(20_000);
  const [cpuBefore, probesBefore] = [cpuMs(pid), await probesSent()];
  await sleep(job.idleSeconds * 1_000);
  const memory = readFileSync(`/proc/${pid}/smaps_rollup`, "utf8");
  const pages = readFileSync(`/proc/${pid}/status`, "utf8");
  say({
    kind: "idle",
    seconds: job.idleSeconds,
    cpuMs: cpuMs(pid) - cpuBefore,
    probes: (await probesSent()) - probesBefore,
    rssKb: kilobytes(pages, "VmRSS"),
    peakKb: kilobytes(pages, "VmHWM"),
    privateKb: kilobytes(memory, "Private_Dirty") + kilobytes(memory, "Private_Clean"),
  });
}

const EVENTS = "/var/lib/holdfast";

/** The file system with the events takes no write for a while, while there are events to write. */
async function stall(scene: Scene): Promise<void> {
  const seen: number[] = [];
  const { network } = scene;
  const host = openLinuxHost();
  if (!host.ok) throw new Error(host.error.message);
  const node = switchOf[activePort()] ?? "";
  const index = indexOf(network, node, "p1");
  // Requests for the router, as they leave the active port.
  const requests = compileFilter([
    [
      { load: "half", at: 12, oneOf: [ETHERTYPE.arp] },
      { load: "half", at: 20, oneOf: [1] },
      { load: "byte", at: 41, oneOf: [254] },
    ],
  ]);
  const tap = inside(namespaceOf(network, node), network.home, () =>
    host.value.packets.open(index, requests, (_frame, atMs) => {
      seen.push(atMs);
    }),
  );
  if (!tap.ok) throw new Error(tap.error.message);
  await sleep(10_000);
  const longestBeforeMs = longest(seen);
  const eventsBefore = await eventIds();
  seen.length = 0;
  freeze("-f");
  const began = monotonicNs();
  const operator = newOperator(network);
  const standby = activePort() === "em1" ? "em2-switch-b" : "em1-switch-a";
  for (let second = 0; second < job.stallSeconds; second += 3) {
    operate(operator, { op: second % 6 === 0 ? "wire-down" : "wire-up", wire: standby });
    await sleep(3_000);
  }
  const { pending } = (await status()).agent?.store ?? { pending: -1 };
  const stalledMs = Number(monotonicNs() - began) / 1e6;
  freeze("-u");
  const longestMs = longest(seen);
  const probes = seen.length;
  tap.value.close();
  operate(operator, { op: "wire-up", wire: standby });
  await sleep(5_000);
  const ids = await eventIds();
  const wanted = (ids.at(-1) ?? 0) - (ids[0] ?? 0) + 1;
  const events = ids.length - eventsBefore.length;
  const missing = wanted - ids.length;
  say({ kind: "stall", stalledMs, probes, longestMs, longestBeforeMs, pending, events, missing });
  host.value.close();
}

async function eventIds(): Promise<readonly number[]> {
  const { events } = JSON.parse(await ask("/events?limit=1000")) as { readonly events: readonly { id: number }[] };
  return events.map(({ id }) => id).toSorted((one, other) => one - other);
}

function freeze(flag: "-f" | "-u"): void {
  const done = spawnSync("fsfreeze", [flag, EVENTS], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`fsfreeze ${flag}: ${done.error?.message ?? done.stderr}`);
}

function longest(times: readonly number[]): number {
  return Math.max(0, ...times.slice(1).map((at, index) => at - (times[index] ?? at)));
}

/** A shell in a switch, told by a named pipe what to do with its port. */
function handIn(network: Network, node: string): number {
  const pipe = `/run/hand-${node}`;
  const made = spawnSync("/bin/busybox", ["mkfifo", pipe]);
  if (made.status !== 0) throw new Error(`no pipe for ${node}`);
  const script = `exec <>${pipe}; while read -r state; do busybox ip link set p1 "$state"; done`;
  inside(namespaceOf(network, node), network.home, () =>
    spawn("/bin/busybox", ["sh", "-c", script], { stdio: "inherit" }).unref(),
  );
  return openSync(pipe, "r+");
}

async function main(): Promise<void> {
  mkdirSync(EVENTS, { recursive: true });
  const mounted = spawnSync("/bin/busybox", ["mount", "-o", "loop", "/lab/events.img", EVENTS], { encoding: "utf8" });
  if (mounted.status !== 0) throw new Error(`no disk for events: ${mounted.stderr}`);
  writeFiles(job);
  const network = buildNetwork(job.plan);
  const up = bringUp(job.bringUp, "virtual");
  if (up.exit !== 0) throw new Error(up.output);
  const hands = Object.fromEntries(
    Object.entries(switchOf).map(([port, node]) => [port, handIn(network, node)] as const),
  );
  const scene: Scene = { network, sockets: openFlows(network), hands, drills: 0 };
  await sleep(2_000);
  // Neighbours are found, and this program's own code is compiled, before anything counts.
  for (let count = 0; count < 3; count += 1) {
    pull({ ...scene, hands: { [activePort()]: openSync("/dev/null", "w") } }, activePort());
  }
  if (job.agentRuns === "no") {
    for (let count = 0; count < job.later; count += 1) await drill(scene, "kernel");
    return;
  }
  await firstFaults(scene);
  const agent = await startAgent();
  await idle(agent);
  await stall(scene);
  for (let count = 0; count < job.later; count += 1) {
    await untilAllUsable();
    await drill(scene, "later");
  }
  await endAgent(agent);
}

main().then(
  () => process.exit(0),
  (problem: unknown) => {
    say({ kind: "failed", message: String(problem instanceof Error ? problem.stack : problem) });
    process.exit(1);
  },
);
