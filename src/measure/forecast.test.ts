import { expect, test } from "vitest";
import { type Foretold, withForecasts } from "./forecast.ts";
import type { Rehearsal, ScenarioResult } from "./rehearsal.ts";

const drilled = (outage: number | null, expected: "survives" | "no-path" = "survives"): Rehearsal =>
  ({
    bringUp: { bonds: [{ miimon: 100, arpInterval: 0 }] },
    scenarios: [{ id: "carrier-em1", expected, outageMs: { toHost: outage, fromHost: 0 }, uncertaintyMs: 5 }],
  }) as unknown as Rehearsal;
const foretold = (outage: number | null, repeats: number): Foretold => ({
  id: "cable-em1",
  outageMs: { toHost: 0, fromHost: outage },
  uncertaintyMs: 1,
  at: 1000,
  repeats,
});
const keptOf = (live: number | null, rehearsed: number | null, repeats = 20): boolean | undefined =>
  withForecasts(drilled(live), () => foretold(rehearsed, repeats)).scenarios[0]?.forecast?.kept;

test.each([
  [90, 98, true],
  [104, 98, true],
  [105, 98, false],
  [null, 98, false],
  [null, null, true],
  [48, null, true],
] as const)("live %s ms, rehearsed %s ms at every moment of the monitor's period: %s", (live, rehearsed, kept) => {
  expect(keptOf(live, rehearsed)).toBe(kept);
});

test("a single rehearsal met one moment between two looks at the carrier: another may cost one such period more", () => {
  expect(keptOf(98, 20, 1)).toBe(true);
  expect(keptOf(130, 20, 1)).toBe(false);
});

test("what was not rehearsed, or is promised nothing, has no forecast", () => {
  const seen = [
    withForecasts(drilled(48), () => undefined),
    withForecasts(drilled(null, "no-path"), () => foretold(1, 1)),
  ];
  expect(seen.map(({ scenarios }) => (scenarios[0] as ScenarioResult).forecast)).toEqual([undefined, undefined]);
});
