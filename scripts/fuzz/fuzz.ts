import type { FileSet } from "../../src/diagnostic/diagnostic.ts";
import { type Cost, type Failure, judge } from "./judge.ts";
import { caseFrom } from "./mutate.ts";
import { randomFrom } from "./random.ts";
import { shrink } from "./shrink.ts";
import type { FuzzSubject } from "./subjects.ts";

/** What a run came to. */
export interface FuzzResult {
  readonly cases: number;
  /** The dearest of those that were read within bounds: time and heap, each of another case perhaps. */
  readonly worst: Cost;
  /** Processor time of it all, ms. */
  readonly spentMs: number;
  readonly failure?: Failure & { readonly number: number; readonly smallest: FileSet };
}

/** How long the smallest failing input is looked for, ms. */
const shrinkMs = 20_000;

/** Which cases are fired, and for how long: until so much processor time is spent (ms), or `most` have been fired. */
interface Run {
  readonly seed: number;
  readonly forMs: number;
  readonly most?: number;
  readonly first?: number;
}

/** Fires cases at a parser until the run is over or one fails. Case `number` of a seed is always the same: `first` repeats it
 *  alone. */
export function fuzz(
  subject: FuzzSubject,
  { seed, forMs, most = Number.POSITIVE_INFINITY, first = 0 }: Run,
): FuzzResult {
  const start = process.cpuUsage();
  let worst: Cost = { tookMs: 0, grown: 0 };
  let number = first;
  for (; number < first + most && (spentSince(start) < forMs || number === first); number++) {
    const files = caseFrom(randomFrom(Math.imul(seed + 1, 0x9e3779b1) ^ number), subject);
    const { cost, failure } = judge(subject, files);
    if (failure !== undefined) {
      const cases = number - first + 1;
      return { cases, worst, spentMs: spentSince(start), failure: { number, ...smaller(subject, files, failure) } };
    }
    if (cost !== undefined) worst = dearer(worst, cost);
  }
  return { cases: number - first, worst, spentMs: spentSince(start) };
}

function smaller(subject: FuzzSubject, files: FileSet, failure: Failure): Failure & { readonly smallest: FileSet } {
  const fails = (candidate: FileSet): boolean => judge(subject, candidate).failure?.kind === failure.kind;
  const smallest = shrink(files, fails, Date.now() + shrinkMs);
  return { ...(judge(subject, smallest).failure ?? failure), smallest };
}

function dearer(one: Cost, other: Cost): Cost {
  return { tookMs: Math.max(one.tookMs, other.tookMs), grown: Math.max(one.grown, other.grown) };
}

function spentSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}
