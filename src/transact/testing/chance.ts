/** Numbers that look random and are the same for the same seed (mulberry32). */
export interface Chance {
  /** 0 ≤ x < 1. */
  next(): number;
  /** 0 ≤ n < limit, whole. */
  below(limit: number): number;
  /** True so often. */
  happens(probability: number): boolean;
  oneOf<T>(values: readonly [T, ...T[]]): T;
}

export function chanceOf(seed: number): Chance {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (limit: number) => Math.floor(next() * limit);
  return {
    next,
    below,
    happens: (probability) => next() < probability,
    oneOf: (values) => values[below(values.length)] ?? values[0],
  };
}
