/** Numbers from 0 up to 1, the same for the same seed (mulberry32). */
export type Random = () => number;

/** A source of such numbers. */
export function randomFrom(seed: number): Random {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A whole number from 0 up to `below`. */
export function upTo(random: Random, below: number): number {
  return Math.floor(random() * below);
}

/** One of a list; `fallback` where it is empty. */
export function oneOf<T>(random: Random, list: readonly T[], fallback: T): T {
  return list[upTo(random, list.length)] ?? fallback;
}
