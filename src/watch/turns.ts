import type { Path } from "./path.ts";

/** Targets beyond one router take turns, so that no moment is long past in which at least one of them was asked: probes that left
 *  together would tell no more than one, and leave twice the time to a death. */
export interface Turn {
  /** The last of the others is due then, monotonic ms. */
  readonly after: number;
  /** Ms between probes of one target, and from one target's probe to the next one's. */
  readonly pace: number;
  readonly share: number;
}

const none: readonly number[] = [];

/** Who takes turns with this path: other far targets of its port that are asked as often. By their places in the list. */
export function takingTurns(paths: readonly Path[], paced: readonly number[], index: number): readonly number[] {
  const path = paths[index];
  if (path?.far !== true) return none;
  const others: number[] = [];
  for (let other = 0; other < paths.length; other++) {
    const one = paths[other];
    if (other === index || one?.far !== true || one.port !== path.port || paced[other] !== paced[index]) continue;
    others.push(other);
  }
  return others;
}

/** Whose turn it is after the others; undefined: there are none. */
export function turnAfter(pace: number, others: readonly number[], dueOf: (index: number) => number): Turn | undefined {
  if (others.length === 0) return undefined;
  let after = Number.NEGATIVE_INFINITY;
  for (const other of others) after = Math.max(after, dueOf(other));
  return { after, pace, share: pace / (others.length + 1) };
}

/** By what the pace until the next probe is multiplied: `random` in [0, 1) makes it 1 ± `jitter`; within these it is drawn to where
 *  its turn is. */
export function spreadOf(random: number, jitter: number, now: number, turn: Turn | undefined): number {
  const chance = 1 + (random * 2 - 1) * jitter;
  if (turn === undefined) return chance;
  const wanted = (turn.after + turn.share * chance - now) / turn.pace;
  return Math.min(1 + jitter, Math.max(1 - jitter, wanted));
}
