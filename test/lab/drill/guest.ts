import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { uptime } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs } from "../../../src/host/linux/libc.ts";
import { bringUp, writeFiles } from "../../../src/lab/guest/bring-up.ts";
import { buildNetwork } from "../../../src/lab/guest/build.ts";
import type { Job } from "../../../src/lab/guest/job.ts";
import { inside } from "../../../src/lab/guest/namespaces.ts";
import { type Network, namespaceOf } from "../../../src/lab/guest/network.ts";
import { newOperator, operate } from "../../../src/lab/guest/operate.ts";

/** Runs inside a lab: the bundled command drills this host, and everything else looks on. */
export interface DrillJob extends Job {
  readonly cli: string;
  readonly scene: "whole" | "killed" | "shy" | "nft" | "cron";
  /** Further words of the drill. */
  readonly words: readonly string[];
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

function capture(device: string, filter: string): void {
  const words = ["-n", "-s", "96", "-U", "-i", device, "-w", `/run/${device}.pcap`, "--time-stamp-precision=nano"];
  spawn("tcpdump", [...words, filter], { stdio: "ignore" });
}

/** On the peer: the reflector; at both ends captures that nobody of ours has a hand in. */
function startPeer(network: Network): void {
  inside(namespaceOf(network, "peer"), network.home, () => {
    holdfast(["reflect"], "/run/reflect");
    capture("eth0", "udp and dst port 7447");
  });
  capture("bond0", "udp and src port 7447");
}

/** The longest time between two packets of a capture, ms. */
function longestGapMs(device: string, filter = "", fromMs = 0): number {
  const lines = shell(`tcpdump -r /run/${device}.pcap '${filter}' -n -tt --time-stamp-precision=nano 2>/dev/null`)
    .trim()
    .split("\n");
  // Nanoseconds since 1970 don't fit into a double.
  const times = lines
    .map((line) => BigInt((line.split(" ")[0] ?? "").replace(".", "")))
    .filter((time) => time >= BigInt(fromMs) * 1_000_000n);
  const gaps = times.slice(1).map((time, index) => Number(time - (times[index] ?? time)) / 1e6);
  return Math.max(0, ...gaps);
}

async function whole(network: Network): Promise<object> {
  // Somebody else's queue and filter on a port: they must stay exactly as they are.
  shell("tc qdisc add dev em2 clsact; tc filter add dev em2 ingress pref 10 protocol ip matchall action continue");
  startPeer(network);
  if (job.agent !== undefined) holdfast(["agent"], "/run/agent");
  await sleep(job.agent === undefined ? 1_000 : 12_000);
  const before = standing();
  const began = monotonicMs();
  const words = ["--json", "--peer", "203.0.113.9", "--captures", "/run/captures", "--report", "/run/report"];
  await ended(holdfast(["drill", ...words, ...job.words], "/run/drill"));
  const tookMs = monotonicMs() - began;
  await sleep(500);
  const after = standing();
  const same = after === before || `${before}\nand then\n${after}`;
  const gapMs = { fromHost: longestGapMs("eth0"), toHost: longestGapMs("bond0") };
  const marks = shell(
    "tshark -r /run/captures/drill.pcapng -Y frame.comment -T fields -e frame.interface_name -e frame.comment 2>&1",
  );
  const page = textOf("/run/report/report.html");
  return { out: textOf("/run/drill"), err: textOf("/run/drill.err"), tookMs, same, gapMs, marks, page };
}

/** Looks every so often, and the answer is as good; a program costs nothing in virtual time, but forty milliseconds of ours. */
async function until(isSo: () => boolean, limitMs: number, everyMs: number): Promise<number> {
  const began = monotonicMs();
  while (!isSo() && monotonicMs() - began < limitMs) await sleep(everyMs);
  return monotonicMs() - began;
}

const isDown = (): boolean => (Number(readFileSync("/sys/class/net/em1/flags", "utf8")) & 1) === 0;
const isDropping = (): boolean =>
  `${shell("tc filter show dev em1 egress")}${job.scene === "nft" ? shell("nft list table netdev holdfast_drill") : ""}`.includes(
    "drop",
  );

/** A drill that ends in the middle of a cut, however it ends. */
async function broken(kind: "carrier" | "silent", signal: NodeJS.Signals): Promise<object> {
  const before = standing();
  const isCut = kind === "carrier" ? isDown : isDropping;
  const drill = holdfast(["drill", "--port", "em1", "--kind", kind], "/run/broken");
  const everyMs = kind === "carrier" ? 2 : 40;
  await until(() => existsSync("/run/holdfast/drill/cut/restore.sh"), 20_000, 10);
  await until(isCut, 2_000, everyMs);
  const wasCut = isCut();
  await sleep(100);
  drill.kill(signal);
  const restoredAfterMs = await until(() => !isCut(), 20_000, everyMs);
  await sleep(3_000);
  drill.kill("SIGKILL");
  const left = existsSync("/run/holdfast/drill/cut");
  return {
    kind,
    signal,
    wasCut,
    restoredAfterMs,
    left,
    same: standing() === before,
    err: textOf("/run/broken.err"),
  };
}

function refused(what: string, make: string, undo: string): Promise<object> {
  return refusedWith(what, () => {
    shell(make);
    return () => void shell(undo);
  });
}

async function refusedWith(what: string, make: () => () => void): Promise<object> {
  const undo = make();
  const before = standing();
  const drill = holdfast(["drill"], "/run/refused");
  const status = await new Promise((resolve) => drill.once("exit", (code, signal) => resolve(code ?? signal)));
  const same = standing() === before;
  undo();
  await sleep(500);
  // Node has no way to end but by a signal where time is virtual: the status stands in a file.
  return { what, status, code: textOf("/run/lab-status").trim(), same, err: textOf("/run/refused.err") };
}

async function killed(network: Network): Promise<object> {
  const operator = newOperator(network);
  const ends = [
    await broken("carrier", "SIGKILL"),
    await broken("silent", "SIGKILL"),
    await broken("carrier", "SIGTERM"),
  ];
  const refusals = [
    await refused("port down", "ip link set em2 down; sleep 0.3", "ip link set em2 up; sleep 0.3"),
    await refused(
      "transaction",
      "mkdir -p /var/lib/holdfast/tx; ln -s x /var/lib/holdfast/tx/active",
      "rm /var/lib/holdfast/tx/active",
    ),
    await refusedWith("silent standby", () => {
      operate(operator, { op: "unbridge", wire: "switch-b-router", end: "a" });
      return () => operate(operator, { op: "rebridge", wire: "switch-b-router", end: "a" });
    }),
    await refused("locked", "flock /run/holdfast/drill sleep 2 >/dev/null 2>&1 & sleep 0.5", "sleep 2"),
  ];
  return { ends, refusals };
}

/** Without systemd: a line of cron's, and what cron makes of it two minutes later. */
async function byCron(): Promise<object> {
  const program = [process.execPath, ...process.execArgv, job.cli].join(" ");
  writeFileSync("/usr/bin/holdfast", `#!/bin/sh\nexec ${program} "$@"\n`, { mode: 0o755 });
  const due = new Date(Date.now() + 120_000);
  const at = `${due.getHours()}:${String(due.getMinutes()).padStart(2, "0")}`;
  const before = standing();
  const words = ["--schedule", "daily", "--at", at, "--port", "em2", "--kind", "carrier"];
  await ended(holdfast(["drill", ...words], "/run/schedule"));
  const line = textOf("/etc/cron.d/holdfast-drill");
  const cron = spawn("cron", ["-f", "-L", "15"], { stdio: "ignore" });
  await until(() => existsSync("/var/lib/holdfast/drills/history.jsonl"), 300_000, 1_000);
  cron.kill("SIGKILL");
  await ended(holdfast(["drill", "--unschedule"], "/run/unschedule"));
  const left = existsSync("/etc/cron.d/holdfast-drill");
  const said = textOf("/run/schedule") + textOf("/run/schedule.err") + textOf("/run/unschedule");
  return { line, said, left, kept: textOf("/var/lib/holdfast/drills/history.jsonl"), same: standing() === before };
}

/** Where a queue stands on the ports beside which no clsact fits: nft drops, and somebody else's queue and table stay. */
async function byNft(): Promise<object> {
  shell("for p in em1 em2; do tc qdisc add dev $p ingress; done; nft add table netdev somebody");
  const before = standing();
  await ended(holdfast(["drill", "--json", "--kind", "silent"], "/run/drill"));
  const same = standing() === before || standing();
  const killed = await broken("silent", "SIGKILL");
  return { out: textOf("/run/drill"), err: textOf("/run/drill.err"), same, killed };
}

/** Without a peer, by a router that answers no echoes; and then without IPv4. */
async function alone(network: Network): Promise<object> {
  const ignore = (name: string): void =>
    inside(namespaceOf(network, "router"), network.home, () => writeFileSync(`/proc/sys/net/${name}`, "1\n"));
  ignore("ipv4/icmp_echo_ignore_all");
  capture("bond0", "arp or icmp6");
  await sleep(500);
  const four = await measuredAlone("arp[6:2] == 2");
  onlyIpv6(network);
  ignore("ipv6/icmp/echo_ignore_all");
  await sleep(3_000);
  return { four, six: await measuredAlone("icmp6 and ip6[40] == 136") };
}

/** `answers`: what came back to the host, in a capture nobody of ours has a hand in. */
async function measuredAlone(answers: string): Promise<object> {
  const before = standing();
  const drill = ended(holdfast(["drill", "--json", "--port", "em1"], "/run/drill"));
  await until(() => existsSync("/run/holdfast/drill/cut/restore.sh"), 20_000, 10);
  const cutFrom = Date.now();
  await drill;
  const after = standing();
  const same = after === before || `${before}\nand then\n${after}`;
  const gapMs = longestGapMs("bond0", answers, cutFrom - 100);
  return { out: textOf("/run/drill"), err: textOf("/run/drill.err"), same, gapMs };
}

/** The router is known by an address that counts on this link alone, as routers that advertise themselves are. */
function onlyIpv6(network: Network): void {
  shell(
    "ip addr flush dev bond0 scope global; ip -4 route flush dev bond0; ip addr add 2001:db8::105/64 dev bond0 nodad",
  );
  inside(namespaceOf(network, "router"), network.home, () => {
    writeFileSync("/proc/sys/net/ipv6/conf/all/disable_ipv6", "0\n");
    shell("ip addr add fe80::1/64 dev br0 nodad");
  });
  shell("ip -6 route add default via fe80::1 dev bond0");
}

async function main(): Promise<object> {
  writeFiles(job);
  const network = buildNetwork(job.plan);
  if (job.bringUp === undefined) throw new Error("nothing brings the host up");
  const up = bringUp(job.bringUp, job.clock);
  if (up.exit !== 0) throw new Error(up.output);
  await sleep(2_000);
  const early = await refused("just booted", "true", "true");
  // A drill leaves a host alone that has just been booted. Virtual time costs nothing while nobody does anything.
  await sleep(Math.max(0, 121 - uptime()) * 1_000);
  if (job.scene === "killed") return { early, ...(await killed(network)) };
  if (job.scene === "nft") return byNft();
  if (job.scene === "cron") return byCron();
  return job.scene === "whole" ? whole(network) : alone(network);
}

main()
  .then(say)
  .catch((problem: unknown) => say({ failed: String(problem instanceof Error ? problem.stack : problem) }))
  .finally(() => process.exit(0));
