// Runs inside a lab in the tests: does what the job says, and tells what came of it.
// {commands}: shell commands · {forever}: never ends · {exit}: ends with that status · {echo}: comes back with the clock
import { spawnSync } from "node:child_process";
import { openSync, readFileSync, writeSync } from "node:fs";

const channel = openSync(process.env.CHANNEL, "w");
const say = (message) => writeSync(channel, `${JSON.stringify(message)}\n`);
const job = JSON.parse(readFileSync(process.env.JOB, "utf8"));

if (job.echo !== undefined)
  say({ echo: job.echo, atMs: performance.now(), uptime: readFileSync("/proc/uptime", "utf8") });
for (const command of job.commands ?? []) {
  const { status, stdout, stderr } = spawnSync("sh", ["-c", command], { encoding: "utf8" });
  say({ command, status, output: stdout + stderr });
}
if (job.forever) {
  say({ running: true });
  setInterval(() => undefined, 60_000);
}
if (job.exit !== undefined) {
  process.stderr.write("the runner's last words\n");
  process.exitCode = job.exit;
}
