import { existsSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import { writeFiles } from "../../../src/lab/guest/bring-up.ts";
import { buildNetwork } from "../../../src/lab/guest/build.ts";
import type { Job } from "../../../src/lab/guest/job.ts";
import { newOperator } from "../../../src/lab/guest/operate.ts";
import { advertise } from "../agent/six.ts";
import { installMachine, type MachineHost, mustRun, newMachine, waiting } from "./machine.ts";
import { keepOldFiles } from "./scene.ts";
import { scenes } from "./scenes.ts";

/** Runs inside the lab: a machine, an operator far away, and the scenes that the job names, one after the other. */
type GuestJob = Job & {
  readonly program: string;
  readonly modules: readonly string[];
  readonly scenes: readonly string[];
  readonly host: MachineHost;
};

const channel = openSync(process.env["CHANNEL"] ?? "", "w");
const job = JSON.parse(readFileSync(process.env["JOB"] ?? "", "utf8")) as GuestJob;

function say(message: object): void {
  const line = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let done = 0; done < line.length; ) done += writeSync(channel, line, done);
}

async function main(): Promise<void> {
  setInterval(
    () => say({ log: `${Math.round(performance.now() / 1000)} s: waiting for ${waiting.what}` }),
    10_000,
  ).unref();
  mkdirSync("/run/network", { recursive: true });
  writeFiles(job);
  const network = buildNetwork(job.plan, job.radioKeys);
  if (job.host.router === "advertised") advertise(network, { node: "router", dev: "br0" }, "prefix");
  mustRun("ip", "link", "set", "lo", "up");
  installMachine(job.program, job.modules, job.host);
  keepOldFiles();
  if (job.host.init === "systemd") mustRun("systemctl", "--root=/", "enable", "holdfast-recover.service");
  const machine = newMachine(job.host);
  await machine.boot();
  const world = {
    network,
    machine,
    address: job.host.address,
    program: job.program,
    operator: newOperator(network),
    say: (words: string) => say({ log: words }),
  };
  for (const name of job.scenes) {
    const scene = scenes[name];
    if (scene === undefined) throw new Error(`there is no scene "${name}"`);
    const began = performance.now();
    const seen = await scene(world).catch((problem: unknown) => ({
      failed: String(problem instanceof Error ? problem.stack : problem),
    }));
    say({ scene: name, tookMs: Math.round(performance.now() - began), ...seen });
  }
}

main()
  .catch((problem: unknown) => {
    const log = existsSync("/run/systemd.log") ? readFileSync("/run/systemd.log", "utf8").slice(-4_000) : "";
    say({ failed: `${String(problem instanceof Error ? problem.stack : problem)}\n${log}` });
  })
  .finally(() => process.exit(0));
