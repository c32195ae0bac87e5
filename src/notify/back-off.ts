import { advance, draw, type Seed } from "../watch/seed.ts";

/** How failed attempts are spaced. */
export interface BackOff {
  readonly firstMs: number;
  readonly capMs: number;
}

/** From five seconds to a quarter of an hour: a line that is back is used soon, a dead server costs 100 attempts a day. */
export const patientBackOff: BackOff = { firstMs: 5_000, capMs: 900_000 };

/** The pause after so many failures in a row (≥ 1), ms, and the next seed. Doubled by each failure up to the cap; between
 *  half of it and all of it by chance, so that a thousand hosts don't knock together when their provider is back. */
export function pauseAfter(failures: number, seed: Seed, backOff: BackOff): readonly [number, Seed] {
  const whole = Math.min(backOff.capMs, backOff.firstMs * 2 ** Math.min(30, failures - 1));
  const after = advance(seed);
  return [Math.round(whole * (0.5 + draw(after) / 2)), after];
}
