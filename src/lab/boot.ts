import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { failed, ok } from "../model/result.ts";
import { assetPath } from "./assets.ts";
import { nameless } from "./handover.ts";
import { initScript } from "./init-script.ts";
import { jsonLines } from "./json-lines.ts";
import { kernelArguments } from "./kernel-arguments.ts";
import type { BootOptions, LabError, RunLab } from "./lab.ts";
import { packageLayer } from "./packages.ts";
import { chooseSandbox, type Sandbox } from "./sandbox.ts";

const defaultMemoryMb = 512;
// More than any run writes; what a guest in a loop writes beyond it is dropped from the front.
const longestLog = 1 << 20;

/** See lab.ts. */
export const runLab: RunLab = async (options) => {
  const began = performance.now();
  if (options.signal?.aborted) return failed(aborted());
  const layer = await packageLayer(options.packages);
  if (!layer.ok) return layer;
  const outcome = await boot(options, layer.value);
  if (outcome.callback !== undefined) throw outcome.callback.error;
  const error = errorOf(outcome, options);
  if (error === undefined) return ok({ log: outcome.log, tookMs: performance.now() - began });
  return failed(error.code === "aborted" ? error : { ...error, log: keepLog(outcome.log) });
};

interface Outcome {
  readonly log: string;
  readonly ended: "by-itself" | "timeout" | "aborted";
  /** What the runner left as its exit status; undefined: the guest never came that far. */
  readonly status: number | undefined;
  /** What onMessage threw. */
  readonly callback: { readonly error: unknown } | undefined;
}

function start(options: BootOptions, layer: string, sandbox: Sandbox): ChildProcess {
  const runner = options.runner ?? assetPath("dist/guest.js");
  const script = nameless(initScript({ runner, layer }), "\n");
  const job = nameless(JSON.stringify(options.job), " ");
  try {
    const [program = "", ...rest] = sandbox.wrap([
      options.engine.image,
      ...kernelArguments(options.engine, {
        memoryMb: options.memoryMb ?? defaultMemoryMb,
        maxBonds: options.maxBonds ?? 0,
        scratch: sandbox.scratch,
      }),
    ]);
    return spawn(program, rest, {
      stdio: ["ignore", "pipe", "pipe", "pipe", script, job],
      // A process group of its own: Ctrl-C is ours to answer, and one signal ends them all.
      detached: true,
      cwd: "/",
      env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", TMPDIR: sandbox.scratch },
    });
  } finally {
    closeSync(script);
    closeSync(job);
  }
}

function boot(options: BootOptions, layer: string): Promise<Outcome> {
  const visible = [options.engine.image, options.runner ?? assetPath("dist/guest.js"), layer, process.execPath];
  const child = start(options, layer, chooseSandbox([...visible, assetPath("assets/lab/preload.cjs")]));
  return new Promise((resolve) => {
    let log = "";
    let ended: Outcome["ended"] = "by-itself";
    let status: number | undefined;
    let callback: Outcome["callback"];
    const note = (text: string) => {
      log = (log + text).slice(-longestLog);
    };
    const kill = (why: Outcome["ended"]) => {
      ended = why;
      killGroup(child);
    };
    const receive = (message: unknown) => {
      const end = endStatus(message);
      if (end !== undefined) {
        status = end;
        return;
      }
      try {
        options.onMessage(message);
      } catch (error) {
        callback ??= { error };
        kill("aborted");
      }
    };
    const timer = setTimeout(() => kill("timeout"), options.timeoutMs);
    const abort = () => kill("aborted");
    options.signal?.addEventListener("abort", abort, { once: true });
    readText(child.stdout, note);
    readText(child.stderr, note);
    readText(
      child.stdio[3] as Readable,
      jsonLines(receive, (line) => note(`${line}\n`)),
    );
    child.on("error", (error) => note(`${error.message}\n`));
    child.on("close", () => {
      clearTimeout(timer);
      options.signal?.removeEventListener("abort", abort);
      resolve({ log, ended, status, callback });
    });
  });
}

function readText(stream: Readable | null, take: (text: string) => void): void {
  stream?.setEncoding("utf8").on("data", take);
}

/** Process 1 of the guest says so once, as its last message. */
function endStatus(message: unknown): number | undefined {
  if (typeof message !== "object" || message === null) return undefined;
  const said = message as { readonly "@lab"?: unknown; readonly status?: unknown };
  return said["@lab"] === "end" ? Number(said.status) : undefined;
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, "SIGKILL");
  } catch {
    // Gone already.
  }
}

function aborted(): LabError {
  return { code: "aborted", message: "the lab was stopped", hint: "Run it again." };
}

function errorOf(outcome: Outcome, options: BootOptions): LabError | undefined {
  if (outcome.ended === "aborted") return aborted();
  if (outcome.ended === "timeout") {
    const seconds = Math.round(options.timeoutMs / 1000);
    return { code: "timeout", message: `the lab was not done after ${seconds} s`, hint: "Read the log; allow more time." };
  }
  if (outcome.status === 0) return undefined;
  if (outcome.status === undefined) {
    return { code: "boot-failed", message: `${options.engine.kernel} did not come up`, hint: "Read the log." };
  }
  return { code: "guest-failed", message: `the runner inside ended with status ${outcome.status}`, hint: "Read the log." };
}

function keepLog(text: string): string {
  const path = join(mkdtempSync(join(tmpdir(), "holdfast-lab-")), "guest.log");
  writeFileSync(path, text);
  return path;
}
