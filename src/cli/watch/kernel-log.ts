import { spawn } from "node:child_process";
import { closeSync, constants, createReadStream, openSync, readSync } from "node:fs";
import { open } from "node:fs/promises";
import { resolve } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { errnoOf } from "../../host/linux/read-problem.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import { type KernelHistory, readKernelLog } from "../../watch/kernel-log.ts";
import { localOffsetMs } from "./local-calendar.ts";

/** What to read. */
export interface LogRequest {
  /** Files; "-" is standard input. None: this host's own kernel log. */
  readonly files: readonly string[];
  readonly cwd: string;
  readonly bond: string | undefined;
}

/** Most of it is about other things: only these lines are kept while reading. A log may be gigabytes. */
const mayTellOfBonds = /slave|interface|bond/i;
const mostLines = 2_000_000;

/** The history that kernel logs tell. */
export async function kernelHistory(
  request: LogRequest,
): Promise<Result<KernelHistory, { message: string; hint: string }>> {
  try {
    const isOwn = request.files.length === 0;
    const lines = isOwn ? await ownLog() : await readFiles(request);
    const now = Date.now();
    // Files may come from another host: only of our own log it is known when "[  12.3]" was.
    const bootedAt = isOwn ? now - Number(process.hrtime.bigint()) / 1e6 : undefined;
    return ok(readKernelLog(lines.join("\n"), { now, offsetMs: localOffsetMs, bootedAt }, request.bond));
  } catch (problem) {
    const errno = errnoOf(problem);
    const hint =
      errno === "EACCES" || errno === "EPERM"
        ? "Run it as root."
        : "Name a file with the output of dmesg or journalctl -k.";
    return failed({ message: `the kernel log can't be read: ${errno}`, hint });
  }
}

async function readFiles({ files, cwd }: LogRequest): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const file of files) {
    if (file === "-") await keepLines(process.stdin, lines);
    else {
      // Opened first: an error then has its errno, and not the stream's.
      const handle = await open(resolve(cwd, file));
      await keepLines(createReadStream("", { fd: handle }), lines);
    }
  }
  return lines;
}

async function keepLines(from: Readable, lines: string[]): Promise<void> {
  for await (const line of createInterface({ input: from, crlfDelay: Number.POSITIVE_INFINITY })) {
    if (mayTellOfBonds.test(line) && lines.length < mostLines) lines.push(line);
  }
}

/** The journal has earlier boots too; without it the kernel's ring has this one. */
async function ownLog(): Promise<readonly string[]> {
  const lines: string[] = [];
  const journal = spawn("journalctl", ["_TRANSPORT=kernel", "--output=short-unix", "--no-pager", "--quiet"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const isThere = await new Promise<boolean>((done) => {
    journal.once("spawn", () => done(true));
    journal.once("error", () => done(false));
  });
  if (isThere) await keepLines(journal.stdout, lines);
  return lines.length > 0 ? lines : kernelRing();
}

/** One read gives one message. EAGAIN: that was the last. */
function kernelRing(): readonly string[] {
  const lines: string[] = [];
  const ring = openSync("/dev/kmsg", constants.O_RDONLY | constants.O_NONBLOCK);
  const bytes = Buffer.alloc(16_384);
  try {
    for (;;) {
      const message = bytes.toString("utf8", 0, readSync(ring, bytes));
      const line = message.split("\n")[0] ?? "";
      if (mayTellOfBonds.test(line)) lines.push(line);
    }
  } catch (problem) {
    // EPIPE: messages were overwritten while we read; what is left can be read again, but isn't worth a retry.
    if (errnoOf(problem) !== "EAGAIN" && errnoOf(problem) !== "EPIPE") throw problem;
  } finally {
    closeSync(ring);
  }
  return lines;
}
