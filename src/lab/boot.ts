import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync } from "node:fs";
import type { Duplex, Readable } from "node:stream";
import { failed, ok } from "../model/result.ts";
import { assetPath } from "./assets.ts";
import { follow, openNameless } from "./handover.ts";
import { initScript } from "./init-script.ts";
import { type FindIsolation, findIsolation } from "./isolation.ts";
import { jsonLines } from "./json-lines.ts";
import { kernelArguments } from "./kernel-arguments.ts";
import type { BootOptions, RunLab } from "./lab.ts";
import { aborted, labError, type Outcome } from "./outcome.ts";
import { packageLayer } from "./packages.ts";
import { qemuCommand } from "./qemu.ts";
import { openSandbox, type Sandbox } from "./sandbox.ts";

const defaultMemoryMb = 512;
// The sandbox's descriptors begin here, then come ours.
const firstOwn = 4;
// The guest's console and channel are files of ours: one that never stops writing must not fill the disk.
const longestOutput = 1 << 28;
// How often they are read. A file, not a pipe: a guest that waits for a reader loses virtual time by it (see docs/decisions/0012).
const readEveryMs = 20;

/** Boots a lab; see lab.ts. */
export const runLab: RunLab = (options) => runIsolated(options, findIsolation);

/** Boots a lab in the isolation found by `find`; runLab takes the strictest there is. */
export async function runIsolated(options: BootOptions, find: FindIsolation): ReturnType<RunLab> {
  const began = performance.now();
  if (options.signal?.aborted) return failed(aborted);
  const layer = await packageLayer(options.packages, options.signal);
  if (!layer.ok) return layer;
  const runner = options.runner ?? assetPath("dist/guest.js");
  const preload = assetPath("assets/lab/preload.cjs");
  const paths = { runner, preload, layer: layer.value, modules: options.engine.modules ?? "" };
  const { qemu } = options.engine;
  const guest = qemu === undefined ? ("uml" as const) : ("qemu" as const);
  const init = (scratch: string) => initScript({ ...paths, guest, job: `${scratch}/job` });
  const outside = [options.engine.image, process.execPath, ...(qemu === undefined ? [] : Object.values(qemu))];
  const visible = [...outside, ...Object.values(paths)].filter((path) => path !== "");
  const sandbox = openSandbox(find(visible), { init, job: JSON.stringify(options.job) }, visible);
  const outcome = await boot(options, sandbox, layer.value).finally(sandbox.release);
  if (outcome.thrown) throw outcome.thrown.error;
  const error = labError(outcome, options);
  return error ? failed(error) : ok({ log: outcome.log, tookMs: performance.now() - began });
}

async function boot(options: BootOptions, sandbox: Sandbox, layer: string): Promise<Outcome> {
  const channel = openNameless();
  const log = openNameless();
  try {
    return await attend(options, start(options, sandbox, { channel, log, layer }), { channel, log });
  } finally {
    closeSync(channel);
    closeSync(log);
  }
}

interface Outputs {
  readonly channel: number;
  readonly log: number;
}

/** `layer`: the guest's packages. */
function start(options: BootOptions, sandbox: Sandbox, outputs: Outputs & { readonly layer: string }): ChildProcess {
  const settings = {
    memoryMb: options.memoryMb ?? defaultMemoryMb,
    maxBonds: options.maxBonds ?? 0,
    scratch: sandbox.scratch,
    ...(options.onLine === undefined ? {} : { line: firstOwn + sandbox.descriptors.length }),
  };
  const { engine } = options;
  const command =
    engine.qemu === undefined
      ? [engine.image, ...kernelArguments(engine, settings)]
      : qemuCommand({ ...engine, qemu: engine.qemu }, { ...settings, layer: outputs.layer });
  const [program = "", ...rest] = sandbox.wrap(command);
  // QEMU takes a descriptor for writing only if it can do nothing else.
  const channel = engine.qemu === undefined ? undefined : openSync(`/proc/self/fd/${outputs.channel}`, "w");
  const child = spawn(program, rest, {
    stdio: [
      ...["ignore" as const, outputs.log, outputs.log, channel ?? outputs.channel, ...sandbox.descriptors],
      ...(options.onLine === undefined ? [] : ["pipe" as const]),
      "pipe",
    ],
    // A process group of its own: Ctrl-C is ours to answer, and one signal ends them all.
    detached: true,
    cwd: "/",
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", TMPDIR: sandbox.scratch },
  });
  if (channel !== undefined) closeSync(channel);
  // Nothing comes through the last one. All that the lab starts holds it, so "close" means that all of it has ended.
  (child.stdio as (Readable | null)[]).at(-1)?.resume();
  // What is meant by "pipe" is a socket: it goes both ways.
  options.onLine?.((child.stdio as (Duplex | null)[]).at(-2) as Duplex);
  return child;
}

/** Reads what the guest says until its kernel is gone, and ends it when it must be ended. */
function attend(options: BootOptions, child: ChildProcess, outputs: Outputs): Promise<Outcome> {
  const readLog = follow(outputs.log, longestOutput);
  const readChannel = follow(outputs.channel, longestOutput);
  return new Promise((resolve) => {
    const seen: { -readonly [K in keyof Outcome]: Outcome[K] } = { log: "", ended: "by-itself", booted: false };
    let quiet: NodeJS.Timeout | undefined;
    const kill = (why: Outcome["ended"]) => {
      if (seen.ended === "by-itself") seen.ended = why;
      killGroup(child);
    };
    const receive = (message: unknown) => {
      const said = ofInit(message);
      if (said?.at === "end") seen.status = said.status;
      // A second one: user-mode Linux reboots by beginning anew in the same process.
      else if (said?.at === "boot" && seen.booted) kill("rebooted");
      else if (said?.at === "boot") seen.booted = true;
      else if (!seen.thrown) {
        clearTimeout(quiet);
        const limitMs = options.quietMs?.(message);
        quiet = limitMs === undefined ? undefined : setTimeout(() => kill("quiet"), limitMs);
        options.onMessage(message);
      }
    };
    const take = jsonLines(receive, (line) => {
      seen.log += `${line}\n`;
    });
    const readBoth = () => {
      try {
        seen.log += readLog();
        take(readChannel());
      } catch (error) {
        seen.thrown ??= { error };
        kill("aborted");
      }
    };
    const reader = setInterval(readBoth, readEveryMs);
    const timer = setTimeout(() => kill("timeout"), options.timeoutMs);
    const abort = () => kill("aborted");
    options.signal?.addEventListener("abort", abort, { once: true });
    child.on("error", (error) => {
      seen.log += `${error.message}\n`;
    });
    child.on("exit", () => killGroup(child));
    child.on("close", () => {
      clearInterval(reader);
      clearTimeout(timer);
      clearTimeout(quiet);
      options.signal?.removeEventListener("abort", abort);
      readBoth();
      resolve(seen);
    });
  });
}

/** What process 1 of the guest says: that it is there, and, as its last message, how its runner ended. */
function ofInit(message: unknown): { readonly at: unknown; readonly status: number } | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  const said = message as { readonly "@lab"?: unknown; readonly status?: unknown };
  return said["@lab"] === undefined ? undefined : { at: said["@lab"], status: Number(said.status) };
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}
