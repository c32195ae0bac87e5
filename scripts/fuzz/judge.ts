import { readFileSync } from "node:fs";
import type { FileSet } from "../../src/diagnostic/diagnostic.ts";
import type { FuzzSubject } from "./subjects.ts";

/** Processor time a text of 100 kB, or a shorter one, may take to be read, ms. */
const mostMs = 200;
/** What may stay in memory or pile up while one case is read, bytes. */
const mostHeap = 64 * 2 ** 20;

/** A busy machine and a compiler at work make one reading slow; a text that is hard to read is so every time. Half of what is allowed
 *  is asked about too, so that the dearest case that is told is a dear one. */
const mostAttempts = 6;
const doubtfulMs = mostMs / 2;
/** Nothing makes a quick reading as slow as that, ms: it isn't tried again, and whoever looks for a smaller text needn't wait. */
const surelyMs = 10 * mostMs;

/** What went wrong with a case. */
export interface Failure {
  readonly kind: "throws" | "hangs" | "grows" | "strange" | "unstable";
  readonly message: string;
}

/** What reading a case took: processor time in ms (of a longer text, for each 100 kB of it), and heap in bytes. */
export interface Cost {
  readonly tookMs: number;
  readonly grown: number;
}

/** What a case came to; without a failure all is well. */
export interface Judgement {
  readonly cost?: Cost;
  readonly failure?: Failure;
}

/** Reads a case, writes what was read, reads that and writes it again. */
export function judge(subject: FuzzSubject, files: FileSet): Judgement {
  try {
    const cost = costOf(subject, files);
    const failure = tooMuch(cost, files) ?? strange(subject, files) ?? unstable(subject, files);
    return failure === undefined ? { cost } : { cost, failure };
  } catch (problem) {
    const message = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
    return { failure: { kind: "throws", message } };
  }
}

/** A table that was asked for "constructor" answers with a function, and nobody is to take it for a setting or a hint. */
function strange(subject: FuzzSubject, files: FileSet): Failure | undefined {
  const { config, diagnostics } = subject.read(files);
  const place = strangePlace(config, "config") ?? strangePlace(diagnostics, "diagnostics");
  return place === undefined ? undefined : { kind: "strange", message: `${place} is nothing that was read` };
}

function strangePlace(value: unknown, place: string): string | undefined {
  if (typeof value === "function" || value === Object.prototype) return place;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, part] of Object.entries(value)) {
    const found = strangePlace(part, `${place}/${key}`);
    if (found !== undefined) return found;
  }
  return undefined;
}

function unstable(subject: FuzzSubject, files: FileSet): Failure | undefined {
  if (subject.write === undefined) return undefined;
  const once = subject.write(subject.read(files).config);
  const twice = subject.write(subject.read(once).config);
  const path = differingPath(once, twice);
  return path === undefined ? undefined : { kind: "unstable", message: describe(path, once, twice) };
}

function tooMuch({ tookMs, grown }: Cost, files: FileSet): Failure | undefined {
  const bytes = bytesOf(files);
  if (tookMs > mostMs) return { kind: "hangs", message: `${tookMs.toFixed(0)} ms a 100 kB, of ${bytes} characters` };
  if (grown > mostHeap) return { kind: "grows", message: `${(grown / 2 ** 20).toFixed(0)} MB for ${bytes} characters` };
  return undefined;
}

function costOf(subject: FuzzSubject, files: FileSet): Cost {
  const share = Math.max(1, bytesOf(files) / 100_000);
  let best: Cost = { tookMs: Number.POSITIVE_INFINITY, grown: Number.POSITIVE_INFINITY };
  for (let attempt = 0; attempt < mostAttempts; attempt++) {
    if (attempt > 0) globalThis.gc?.();
    const heap = process.memoryUsage().heapUsed;
    const before = threadMs();
    subject.read(files);
    const tookMs = (threadMs() - before) / share;
    const grown = process.memoryUsage().heapUsed - heap;
    best = { tookMs: Math.min(best.tookMs, tookMs), grown: Math.min(best.grown, grown) };
    if (tookMs > surelyMs || (best.tookMs <= doubtfulMs && best.grown <= mostHeap)) break;
  }
  return best;
}

/** Processor time of this thread alone, ms: not of those that compile and collect beside it, nor what others take. */
function threadMs(): number {
  return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e6;
}

function bytesOf(files: FileSet): number {
  return [...files.values()].reduce((sum, text) => sum + text.length, 0);
}

function differingPath(one: FileSet, other: FileSet): string | undefined {
  return [...new Set([...one.keys(), ...other.keys()])].find((path) => one.get(path) !== other.get(path));
}

function describe(path: string, one: FileSet, other: FileSet): string {
  return `${path} is written differently the second time:\n${one.get(path) ?? "(absent)"}\n--- then ---\n${other.get(path) ?? "(absent)"}`;
}
