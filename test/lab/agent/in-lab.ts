import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { agentPlan } from "../../../src/agent/plan.ts";
import { parseHoldfast } from "../../../src/config/parse-holdfast.ts";
import { runLab } from "../../../src/lab/boot.ts";
import type { BringUp } from "../../../src/lab/guest/job.ts";
import type { Engine } from "../../../src/lab/lab.ts";
import type { LabPlan } from "../../../src/topology/lab-plan.ts";
import type { Course, Ran } from "./course.ts";

const root = fileURLToPath(new URL("../../../", import.meta.url));

/** What one lab is made of. */
export interface InLab {
  readonly engine: Engine;
  readonly yaml: string;
  readonly plan: LabPlan;
  readonly bringUp: BringUp;
  /** Further files of the host. */
  readonly files?: Readonly<Record<string, string>>;
  /** Permissions (octal) of files that shall not be 0644. */
  readonly modes?: Readonly<Record<string, string>>;
  /** Debian packages; absent: what a network with NAT needs. */
  readonly packages?: readonly string[];
  /** Keys of networks by radio, by SSID. */
  readonly radioKeys?: Readonly<Record<string, string>>;
  readonly timeoutMs?: number;
  /** Default: virtual. */
  readonly clock?: Engine["clock"];
}

/** A place with the guest's program and the command as they are now, whatever is built meanwhile. */
export interface Built {
  readonly runner: string;
  /** The one that is to lose its power. */
  readonly powerRunner: string;
  readonly cli: string;
  readonly remove: () => void;
}

export async function buildForLab(): Promise<Built> {
  const place = join(root, ".cache", `agent-lab-${process.pid}`);
  mkdirSync(place, { recursive: true });
  for (const part of ["bin", "dist", "package.json"]) cpSync(join(root, part), join(place, part), { recursive: true });
  const entryPoints = { guest: "test/lab/agent/guest.ts", power: "test/lab/agent/power-guest.ts" };
  await build({
    absWorkingDir: root,
    entryPoints,
    outdir: place,
    outExtension: { ".js": ".mjs" },
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["koffi"],
    logLevel: "error",
  });
  return {
    runner: join(place, "guest.mjs"),
    powerRunner: join(place, "power.mjs"),
    cli: join(place, "bin/holdfast"),
    remove: () => rmSync(place, { recursive: true, force: true }),
  };
}

/** Plays a scene in a lab of its own, and gives what it said. Throws with why, when it failed. */
export async function playScene(
  built: Built,
  lab: InLab,
  scene: string,
  more: object = {},
): Promise<Record<string, unknown>> {
  const plan = agentPlan(parseHoldfast("holdfast.yaml", lab.yaml).config);
  if (!plan.ok) throw new Error(plan.error.message);
  const messages: unknown[] = [];
  const job = {
    plan: lab.plan,
    clock: lab.clock ?? "virtual",
    files: { ...lab.files, "/etc/holdfast/holdfast.yaml": lab.yaml },
    ...(lab.modes === undefined ? {} : { modes: lab.modes }),
    bringUp: lab.bringUp,
    drills: [],
    ...(lab.radioKeys === undefined ? {} : { radioKeys: lab.radioKeys }),
    scene,
    agentPlan: plan.value,
    cli: built.cli,
    ...more,
  };
  const packages = lab.packages === undefined ? {} : { packages: lab.packages };
  const request = { engine: lab.engine, job, runner: built.runner, timeoutMs: lab.timeoutMs ?? 110_000, ...packages };
  const result = await runLab({ ...request, onMessage: (message) => messages.push(message) });
  if (messages.length === 0) throw new Error(JSON.stringify(result));
  const [said] = messages as Record<string, unknown>[];
  if (said?.["failed"] !== undefined) {
    throw new Error(`${said["failed"]}\n${result.ok ? result.value.log.slice(-2000) : ""}`);
  }
  return said ?? {};
}

/** Has a course run against the real command. */
export async function runInLab(built: Built, lab: InLab, course: Course): Promise<Ran> {
  return (await playScene(built, lab, "course", { course })) as unknown as Ran;
}
