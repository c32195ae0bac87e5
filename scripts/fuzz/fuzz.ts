import type { FileSet } from "../../src/diagnostic/diagnostic.ts";
import { type Failure, judge } from "./judge.ts";
import { caseFrom } from "./mutate.ts";
import { randomFrom } from "./random.ts";
import { shrink } from "./shrink.ts";
import type { FuzzSubject } from "./subjects.ts";

/** What a run came to. */
export interface FuzzResult {
  readonly cases: number;
  readonly failure?: Failure & { readonly number: number; readonly smallest: FileSet };
}

/** How long the smallest failing input is looked for, ms. */
const shrinkMs = 20_000;

/** Fires cases at a parser until the time is over (ms), `most` have been fired, or one fails. Case `number` of a seed is always
 *  the same: `first` repeats it alone. */
export function fuzz(
  subject: FuzzSubject,
  {
    seed,
    forMs,
    most = Number.POSITIVE_INFINITY,
    first = 0,
  }: { seed: number; forMs: number; most?: number; first?: number },
): FuzzResult {
  const until = Date.now() + forMs;
  let number = first;
  for (; number < first + most && (Date.now() < until || number === first); number++) {
    const files = caseFrom(randomFrom(Math.imul(seed + 1, 0x9e3779b1) ^ number), subject);
    const failure = judge(subject, files);
    if (failure === undefined) continue;
    const fails = (candidate: FileSet): boolean => judge(subject, candidate)?.kind === failure.kind;
    const smallest = shrink(files, fails, Date.now() + shrinkMs);
    const said = judge(subject, smallest) ?? failure;
    return { cases: number - first + 1, failure: { ...said, number, smallest } };
  }
  return { cases: number - first };
}
