import { spawnSync } from "node:child_process";
import { openSync, readFileSync, writeFileSync } from "node:fs";
import { bringUp, writeFiles } from "../../../src/lab/guest/bring-up.ts";
import { buildNetwork } from "../../../src/lab/guest/build.ts";
import type { Job } from "../../../src/lab/guest/job.ts";
import { inside } from "../../../src/lab/guest/namespaces.ts";
import { type Network, namespaceOf } from "../../../src/lab/guest/network.ts";
import { bootSystemd } from "../boot-systemd.ts";
import { addUser, installTargetWithUdev } from "../installed.ts";
import { sayOutcome } from "../say-outcome.ts";

/** Runs inside a lab: a network with radios, and what is asked of its machines, one after the other. */
export type AskingJob = Job & {
  /** What the host's systemd starts; absent: it has none. */
  readonly units?: readonly string[];
  readonly asks: readonly Ask[];
};

/** A shell's command on the host or another machine of the plan. */
export interface Ask {
  readonly on: string;
  readonly command: string;
}

const channel = openSync(process.env["CHANNEL"] ?? "", "w");
const job = JSON.parse(readFileSync(process.env["JOB"] ?? "", "utf8")) as AskingJob;

/** Made by scripts of packages, which the lab doesn't run. */
const users = ["messagebus", "systemd-network", "netdev"];

/** Boots the host's systemd, udev and all. Gives what a command is put behind to run beside it. */
async function boot(units: readonly string[]): Promise<readonly string[]> {
  spawnSync("ip", ["link", "set", "lo", "up"]);
  for (const [index, name] of users.entries()) addUser(name, 64_990 + index);
  installTargetWithUdev([...units, "dbus.service"], []);
  writeFileSync("/etc/machine-id", "0123456789abcdef0123456789abcdef\n");
  writeFileSync("/etc/fstab", "");
  return ["nsenter", "--target", await bootSystemd(), "--pid", "--mount", "--cgroup", "--"];
}

function answer(network: Network, { on, command }: Ask, beside: readonly string[]): string {
  const [program = "sh", ...words] = [...(on === "host" ? beside : []), "sh", "-c", command];
  return inside(namespaceOf(network, on), network.home, () => {
    const { stdout, stderr } = spawnSync(program, words, { encoding: "utf8" });
    return `${stdout}${stderr}`;
  });
}

async function main(): Promise<{ readonly answers: readonly string[] }> {
  writeFiles(job);
  const network = buildNetwork(job.plan, job.radioKeys);
  const beside = job.units === undefined ? [] : await boot(job.units);
  const up = bringUp(job.bringUp, job.clock);
  if (up.exit !== 0) throw new Error(up.output);
  const answers = job.asks.map((ask) => answer(network, ask, beside));
  return { answers };
}

writeFileSync("/run/lab-status", "0\n");
sayOutcome(channel, main());
