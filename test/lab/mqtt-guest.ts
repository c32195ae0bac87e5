import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import type { Job } from "../../src/lab/guest/job.ts";
import { inside } from "../../src/lab/guest/namespaces.ts";
import { namespaceOf } from "../../src/lab/guest/network.ts";
import { operate } from "../../src/lab/guest/operate.ts";
import { raiseHost } from "./raise-host.ts";
import { sayOutcome } from "./say-outcome.ts";

/** Runs inside a lab: the agent itself, and a real broker on the LAN with somebody who listens there. */
type GuestJob = Job & {
  readonly cli: string;
  /** Where the broker is. */
  readonly node: string;
  /** A stretch of the active path that no carrier shows. */
  readonly wire: string;
};

const channel = openSync(process.env["CHANNEL"] ?? "", "w");
const job = JSON.parse(readFileSync(process.env["JOB"] ?? "", "utf8")) as GuestJob;
const HEARD = "/run/heard";

const broker = `listener 1883
allow_anonymous true
user root
`;

function run(program: string, args: readonly string[], log: string): ChildProcess {
  const output = openSync(log, "w");
  return spawn(program, args, { stdio: ["ignore", output, output], env: { PATH: process.env["PATH"] ?? "" } });
}

const activePort = (): string => readFileSync("/sys/class/net/bond0/bonding/active_slave", "utf8").trim();

async function main(): Promise<object> {
  const { network, operator } = raiseHost(job);
  writeFileSync("/run/broker.conf", broker);
  const onLan = <T>(work: () => T): T => inside(namespaceOf(network, job.node), network.home, work);
  onLan(() => run("/usr/sbin/mosquitto", ["-c", "/run/broker.conf"], "/run/broker.log"));
  await sleep(1_000);
  onLan(() => run("/usr/bin/mosquitto_sub", ["-t", "#", "-F", "%U %r %t %p"], HEARD));
  const order = (port: string): void => {
    onLan(() => spawnSync("/usr/bin/mosquitto_pub", ["-t", "holdfast/nas/command/pin", "-m", port]));
  };
  const agent = run(process.execPath, [...process.execArgv, job.cli, "agent"], "/run/agent.log");
  await sleep(20_000);

  const cutAt = Date.now();
  operate(operator, { op: "wire-down", wire: job.wire });
  await sleep(15_000);
  const afterCut = activePort();
  operate(operator, { op: "wire-up", wire: job.wire });
  await sleep(10_000);
  order("em1");
  await sleep(3_000);
  const pinned = activePort();
  agent.kill("SIGHUP");
  await sleep(1_000);
  order("nowhere");
  await sleep(1_000);
  const killedAt = Date.now();
  const status = readFileSync(`/proc/${agent.pid}/status`, "utf8");
  agent.kill("SIGKILL");
  await sleep(3_000);
  const heard = readFileSync(HEARD, "utf8");
  const log = readFileSync("/run/agent.log", "utf8");
  return { cutAt, killedAt, afterCut, pinned, heard, log, rssKb: Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) };
}

sayOutcome(channel, main());
