/** Randomness as data: a seed goes in, a number in [0, 1) and the next seed come out (mulberry32). */
export type Seed = number;

export function next(seed: Seed): [number, Seed] {
  const after = (seed + 0x6d2b79f5) | 0;
  let mixed = Math.imul(after ^ (after >>> 15), 1 | after);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return [((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296, after];
}
