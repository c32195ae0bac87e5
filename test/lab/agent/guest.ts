import { openSync, readFileSync, writeFileSync, writeSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { openLinuxHost } from "../../../src/host/linux/host.ts";
import { bringUp, writeFiles } from "../../../src/lab/guest/bring-up.ts";
import { buildNetwork } from "../../../src/lab/guest/build.ts";
import { type AgentLabJob, must } from "./bench.ts";
import { burst, netlink, standby, upheaval } from "./parts.ts";
import { runCourse } from "./run-course.ts";
import { service } from "./service.ts";

/** Runs inside a lab in the tests: the agent's parts, or the whole of it, against a real kernel. */
const scenes = { netlink, burst, standby, upheaval, service, course: runCourse };

const channel = openSync(process.env["CHANNEL"] ?? "", "w");

/** The channel is a serial line: it takes a long text in pieces. */
function say(message: unknown): void {
  const line = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let done = 0; done < line.length; ) done += writeSync(channel, line, done);
}

async function main(): Promise<void> {
  const job = JSON.parse(readFileSync(process.env["JOB"] ?? "", "utf8")) as AgentLabJob;
  writeFiles(job);
  const network = buildNetwork(job.plan, job.radioKeys);
  const up = bringUp(job.bringUp, job.clock);
  if (up.exit !== 0) throw new Error(up.output);
  await sleep(2_000);
  const host = must(openLinuxHost());
  const scene = scenes[job.scene as keyof typeof scenes];
  say(await scene({ job, network, host }));
  process.exit(0);
}

main().catch((problem: unknown) => {
  say({ failed: String(problem instanceof Error ? problem.stack : problem) });
  writeFileSync("/run/lab-status", "1\n");
  process.exit(1);
});
