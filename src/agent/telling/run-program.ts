import { type ChildProcess, spawn } from "node:child_process";

/** A program to run: no shell, nothing inherited. */
export interface ProgramRun {
  readonly file: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** What it reads on its standard input. */
  readonly input: string;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

/** How it ended. */
export interface ProgramEnd {
  readonly end: "exited" | "killed" | "timed-out" | "stopped" | "not-started";
  /** Exit status; -1 where there is none. */
  readonly status: number;
  /** errno when it could not be started, signal when it was killed; else "". */
  readonly reason: string;
  /** The first 16 KiB of what it wrote. */
  readonly stdout: string;
  readonly stderr: string;
}

const KEPT_BYTES = 16_384;
/** Who writes more than this is ended: reading it costs the agent its time. */
const MOST_BYTES = 1_048_576;
const GRACE_MS = 2_000;
const DRAIN_MS = 250;

/** Runs a program in a process group of its own, and ends the whole group when its time is up. Never throws. */
export function runProgram(run: ProgramRun): Promise<ProgramEnd> {
  return new Promise((resolve) => {
    const { file, args, env, input, timeoutMs, signal } = run;
    const child = spawn(file, args, { env, cwd: "/", detached: true, shell: false, stdio: ["pipe", "pipe", "pipe"] });
    let why: "timed-out" | "stopped" | undefined;
    const end = (cause: "timed-out" | "stopped"): void => {
      why ??= cause;
      killGroup(child, "SIGTERM");
      setTimeout(() => killGroup(child, "SIGKILL"), GRACE_MS).unref();
    };
    const timer = setTimeout(() => end("timed-out"), timeoutMs);
    const onAbort = (): void => end("stopped");
    signal.addEventListener("abort", onAbort, { once: true });
    const texts = { stdout: keep(child, "stdout", end), stderr: keep(child, "stderr", end) };
    const finish = (ended: Omit<ProgramEnd, "stdout" | "stderr">): void => {
      clearTimeout(timer);
      signal.removeEventListener("abort", onAbort);
      for (const stream of [child.stdin, child.stdout, child.stderr]) stream.destroy();
      resolve({ ...ended, stdout: texts.stdout(), stderr: texts.stderr() });
    };
    child.on("error", (problem: NodeJS.ErrnoException) => {
      if (child.pid === undefined) finish({ end: "not-started", status: -1, reason: problem.code ?? "failed" });
    });
    child.on("exit", (status, killedBy) => {
      const own = status === null ? "killed" : "exited";
      const ended = { end: why ?? own, status: status ?? -1, reason: killedBy ?? "" } as const;
      // What it wrote last is still read, but nobody waits for what it left running with its pipes open.
      const late = setTimeout(() => finish(ended), DRAIN_MS);
      child.once("close", () => {
        clearTimeout(late);
        finish(ended);
      });
    });
    // A program that doesn't read its input is none of our trouble.
    child.stdin.on("error", () => {});
    child.stdin.end(input);
    if (signal.aborted) onAbort();
  });
}

function keep(child: ChildProcess, name: "stdout" | "stderr", end: (cause: "timed-out") => void): () => string {
  const chunks: Buffer[] = [];
  let bytes = 0;
  child[name]?.on("error", () => {});
  child[name]?.on("data", (chunk: Buffer) => {
    if (bytes < KEPT_BYTES) chunks.push(chunk.subarray(0, KEPT_BYTES - bytes));
    bytes += chunk.length;
    if (bytes > MOST_BYTES) end("timed-out");
  });
  return () => Buffer.concat(chunks).toString("utf8");
}

function killGroup(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, signal);
  } catch {
    // Gone already.
  }
}
