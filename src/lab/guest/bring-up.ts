import { spawnSync } from "node:child_process";
import { chmodSync, closeSync, mkdirSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { readAddresses, readBonds, readRoutes } from "./bond-state.ts";
import type { BringUp, BroughtUp, Job } from "./job.ts";

/** Powers a network manager doesn't need and that would reach past the guest: mounting the host's disk, loading modules,
 *  raw devices, switching off, looking into the runner. Taken from everything the user's files start. */
const withheld = ["sys_admin", "sys_module", "sys_rawio", "sys_boot", "sys_ptrace", "mknod"];
const OUTPUT_LIMIT = 64 * 1024;
const TIMED_OUT = 124;

/** Writes the job's files into the guest's private layer. */
export function writeFiles(job: Pick<Job, "files" | "modes">): void {
  for (const [path, text] of Object.entries(job.files)) {
    if (!path.startsWith("/")) throw new Error(`"${path}" is not an absolute path`);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    chmodSync(path, Number.parseInt(job.modes?.[path] ?? "0644", 8));
  }
}

/** Lets the host's own network manager bring it up, and looks at what came of it. A failing command is a result. */
export function bringUp(plan: BringUp | undefined): BroughtUp {
  const { exit, output } = plan === undefined ? { exit: 0, output: "" } : runCommands(plan);
  return {
    manager: plan?.manager ?? "none",
    exit,
    output,
    bonds: readBonds(),
    addresses: readAddresses(),
    routes: readRoutes(),
  };
}

function runCommands(plan: BringUp): { readonly exit: number; readonly output: string } {
  mkdirSync("/run/network", { recursive: true });
  // A file, not a pipe: a client that stays in the background would hold a pipe open for ever.
  const path = "/run/holdfast-bring-up.log";
  const log = openSync(path, "w+");
  let exit = 0;
  for (const command of plan.commands) {
    exit = runConfined(command, log, plan.timeoutMs ?? 120_000);
    if (exit !== 0) break;
  }
  closeSync(log);
  const output = readFileSync(path, "utf8").slice(0, OUTPUT_LIMIT);
  rmSync(path, { force: true });
  return { exit, output };
}

function runConfined(command: readonly string[], log: number, timeoutMs: number): number {
  const bounding = withheld.map((capability) => `-${capability}`).join(",");
  const args = [`--bounding-set=${bounding}`, "--", ...command];
  const env = { PATH: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", HOME: "/root", LANG: "C.UTF-8" };
  // A group of its own, so that what a killed command had started goes with it.
  const limits = { timeout: timeoutMs, killSignal: "SIGKILL", detached: true } as const;
  const done = spawnSync("setpriv", args, { stdio: ["ignore", log, log], env, ...limits });
  if (done.error !== undefined && !("code" in done.error && done.error.code === "ETIMEDOUT")) {
    writeFileSync(log, `setpriv can't be run in the lab: ${done.error.message}\n`);
    return 127;
  }
  if (done.status !== null) return done.status;
  killGroup(done.pid);
  return TIMED_OUT;
}

function killGroup(leader: number): void {
  try {
    process.kill(-leader, "SIGKILL");
  } catch {
    // Nobody left in it.
  }
}
