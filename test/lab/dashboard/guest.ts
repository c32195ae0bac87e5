import { execFile, spawnSync } from "node:child_process";
import { createReadStream, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { createServer, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { bringUp, writeFiles } from "../../../src/lab/guest/bring-up.ts";
import { buildNetwork } from "../../../src/lab/guest/build.ts";
import type { Job } from "../../../src/lab/guest/job.ts";
import { newOperator, operate } from "../../../src/lab/guest/operate.ts";
import type { LabOperation } from "../../../src/topology/lab-plan.ts";
import { bootSystemd } from "../boot-systemd.ts";
import { installHoldfast, installTarget } from "../installed.ts";
import { carrierOn } from "./line.ts";

/** Runs inside a lab whose clock is real: systemd with the units we ship, and a line by which the outside reaches the host's ports
 *  and orders faults. */
export type GuestJob = Job & {
  /** The checkout. */
  readonly program: string;
  /** What it needs of node_modules. */
  readonly modules: readonly string[];
  /** Where orders from outside are taken. */
  readonly ordersPort: number;
};

/** POST / of the orders' port. */
export type GuestOrder =
  | { readonly do: "operate"; readonly operation: LabOperation }
  | { readonly do: "run"; readonly command: readonly string[] };

const channel = openSync(process.env["CHANNEL"] ?? "", "w");
const job = JSON.parse(readFileSync(process.env["JOB"] ?? "", "utf8")) as GuestJob;

function say(message: object): void {
  writeSync(channel, `${JSON.stringify(message)}\n`);
}

function must(command: string, ...rest: readonly string[]): void {
  const done = spawnSync(command, rest, { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`${command} ${rest.join(" ")}: ${done.stderr}${done.stdout}`);
}

function bodyOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve) => {
    let body = "";
    request.setEncoding("utf8").on("data", (piece: string) => {
      body += piece;
    });
    request.on("end", () => resolve(body));
  });
}

/** Runs a program beside process 1. Rejects with what it said when it fails. */
function runIn(first: string, command: readonly string[]): Promise<string> {
  const all = ["--target", first, "--pid", "--mount", "--cgroup", "--", ...command];
  return new Promise((resolve, reject) => {
    execFile("nsenter", all, { encoding: "utf8", timeout: 120_000 }, (problem, stdout, stderr) => {
      if (problem === null) resolve(`${stdout}${stderr}`.trim());
      else reject(new Error(`${command.join(" ")}: ${problem.message}\n${stdout}${stderr}`));
    });
  });
}

/** Before, systemd takes no orders. */
async function booted(first: string): Promise<void> {
  for (;;) {
    const state = await runIn(first, ["systemctl", "is-active", "lab.target"]).catch(() => "");
    if (state === "active") return;
    await sleep(200);
  }
}

/** Takes orders of the outside. */
function serveOrders(first: string, operator: ReturnType<typeof newOperator>): void {
  createServer(async (request, answer) => {
    const order = JSON.parse(await bodyOf(request)) as GuestOrder;
    try {
      if (order.do === "operate") operate(operator, order.operation);
      answer.end(order.do === "run" ? await runIn(first, order.command) : "");
    } catch (problem) {
      answer.writeHead(500).end(String(problem));
    }
  }).listen(job.ordersPort, "127.0.0.1");
}

function openLine(): void {
  // Plain bytes: no echo, no letters changed.
  must("stty", "-F", "/dev/ttyS1", "raw", "-echo");
  const out = openSync("/dev/ttyS1", "w");
  const write = (bytes: Uint8Array): void => {
    for (let done = 0; done < bytes.length; ) done += writeSync(out, bytes, done);
  };
  const carrier = carrierOn({ write }, (port) => connect(port, "127.0.0.1"));
  createReadStream("/dev/ttyS1").on("data", (piece) => carrier.take(Buffer.from(piece)));
}

async function main(): Promise<void> {
  // What the machine has of its own; in here all writes go to memory.
  for (const own of ["/etc/network/interfaces.d", "/var/lib/holdfast"]) rmSync(own, { recursive: true, force: true });
  writeFiles(job);
  const network = buildNetwork(job.plan);
  const up = bringUp(job.bringUp, job.clock);
  if (up.exit !== 0) throw new Error(up.output);
  must("ip", "link", "set", "lo", "up");
  installTarget([], ["networking.service", "dbus.socket"]);
  installHoldfast(job.program, job.modules);
  must("systemd-sysusers", "/usr/lib/sysusers.d/holdfast.conf");
  must("chgrp", "holdfast", "/etc/holdfast");
  const first = await bootSystemd();
  await booted(first);
  serveOrders(first, newOperator(network));
  openLine();
  say({ ready: true });
}

main().catch((problem: unknown) => {
  say({ failed: String(problem instanceof Error ? problem.stack : problem) });
  process.exit(0);
});
