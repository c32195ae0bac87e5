import type { FileSet } from "../../src/diagnostic/diagnostic.ts";
import type { FuzzSubject } from "./subjects.ts";

/** Processor time a text of 100 kB, or a shorter one, may take to be read, ms. */
const mostMs = 200;
/** What may stay in memory or pile up while one case is read, bytes. */
const mostHeap = 64 * 2 ** 20;

/** What went wrong with a case. */
export interface Failure {
  readonly kind: "throws" | "hangs" | "grows" | "unstable";
  readonly message: string;
}

/** Reads a case, writes what was read, reads that and writes it again. undefined: all is well. */
export function judge(subject: FuzzSubject, files: FileSet): Failure | undefined {
  try {
    const slow = tooMuch(subject, files);
    if (slow !== undefined) return slow;
    if (subject.write === undefined) return undefined;
    const once = subject.write(subject.read(files));
    const twice = subject.write(subject.read(once));
    const path = differingPath(once, twice);
    return path === undefined ? undefined : { kind: "unstable", message: describe(path, once, twice) };
  } catch (problem) {
    return { kind: "throws", message: problem instanceof Error ? (problem.stack ?? problem.message) : String(problem) };
  }
}

function tooMuch(subject: FuzzSubject, files: FileSet): Failure | undefined {
  const bytes = [...files.values()].reduce((sum, text) => sum + text.length, 0);
  const limitMs = mostMs * Math.max(1, bytes / 100_000);
  let failure: Failure | undefined;
  // A busy machine and a compiler at work make one reading slow; a text that is hard to read is so every time.
  for (let attempt = 0; attempt < 4; attempt++) {
    if (attempt > 0) globalThis.gc?.();
    const heap = process.memoryUsage().heapUsed;
    const before = process.cpuUsage();
    subject.read(files);
    const { user, system } = process.cpuUsage(before);
    const tookMs = (user + system) / 1000;
    const grown = process.memoryUsage().heapUsed - heap;
    if (tookMs > limitMs)
      failure = { kind: "hangs", message: `${tookMs.toFixed(0)} ms of processor time for ${bytes} characters` };
    else if (grown > mostHeap)
      failure = { kind: "grows", message: `${(grown / 2 ** 20).toFixed(0)} MB for ${bytes} characters` };
    else return undefined;
  }
  return failure;
}

function differingPath(one: FileSet, other: FileSet): string | undefined {
  return [...new Set([...one.keys(), ...other.keys()])].find((path) => one.get(path) !== other.get(path));
}

function describe(path: string, one: FileSet, other: FileSet): string {
  return `${path} is written differently the second time:\n${one.get(path) ?? "(absent)"}\n--- then ---\n${other.get(path) ?? "(absent)"}`;
}
