import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { runLab } from "../../src/lab/boot.ts";
import { chooseEngine } from "../../src/lab/engines.ts";
import type { BootOptions, Engine } from "../../src/lab/lab.ts";
import { probeEngine } from "../../src/lab/probe.ts";

/** The program the tests run inside; see there what a job may say. */
export const commandsRunner = fileURLToPath(new URL("./guest-commands.mjs", import.meta.url));

/** The best engine here, seen to boot; or the reason why there is none, for skipping. */
export async function engineOrReason(): Promise<Engine | string> {
  const chosen = await chooseEngine();
  if (!chosen.ok) return chosen.error.message;
  const error = await probeEngine(chosen.value);
  return error ? `no kernel boots here: ${error.message}` : chosen.value;
}

/** A lab that runs a job of guest-commands.mjs, and the messages it sent. */
export async function runJob(engine: Engine, job: unknown, more: Partial<BootOptions> = {}) {
  const messages: unknown[] = [];
  const onMessage = (message: unknown) => messages.push(message);
  const request = { engine, job, runner: commandsRunner, packages: [], timeoutMs: 30_000, onMessage };
  const result = await runLab({ ...request, ...more });
  return { messages, result };
}

/** What belongs to labs that a process started: its kernels' process ids and its names in temporary directories. */
export function tracesOf(pid: number): readonly string[] {
  const kernels = readdirSync("/proc").filter(
    (name) => /^\d+$/.test(name) && commandLine(name).includes(`umid=holdfast-${pid}-`),
  );
  const files = ["/tmp", "/dev/shm"].flatMap((folder) =>
    readdirSync(folder)
      .filter((name) => name.startsWith(`holdfast-lab-${pid}-`) || name.startsWith(`.holdfast-${pid}-`))
      .map((name) => join(folder, name)),
  );
  return [...kernels.map((name) => `process ${name}`), ...files];
}

function commandLine(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8");
  } catch {
    return "";
  }
}

/** boot-child.ts as a file for Node, beside the sources (it looks for the project's files from there). */
export async function bundleBootChild(): Promise<string> {
  const root = fileURLToPath(new URL("../../", import.meta.url));
  const outfile = join(root, ".cache", `boot-child-${process.pid}.mjs`);
  mkdirSync(join(root, ".cache"), { recursive: true });
  const entryPoints = [join(root, "test/lab/boot-child.ts")];
  await build({ entryPoints, outfile, bundle: true, platform: "node", format: "esm", logLevel: "error" });
  return outfile;
}
