/** Randomness as data: a 32-bit number. */
export type Seed = number;

/** A number in [0, 1) drawn from a seed, and the seed that follows it (mulberry32). */
export function next(seed: Seed): readonly [number, Seed] {
  const after = advance(seed);
  return [draw(after), after];
}

/** The seed that follows. */
export function advance(seed: Seed): Seed {
  return (seed + 0x6d2b79f5) | 0;
}

/** The number in [0, 1) that belongs to a seed. */
export function draw(seed: Seed): number {
  let mixed = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
}
