import { expect, test } from "vitest";
import { kernelPeriodMs, phaseFor } from "./phase.ts";

test.each([
  [10, 11],
  [50, 51],
  [100, 104],
  [1000, 1024],
])("a timer of %i ms fires every %i ms", (interval, period) => {
  expect(kernelPeriodMs(interval)).toBe(period);
});

test("twenty repeats meet every tenth of the period", () => {
  const tenths = new Set(
    Array.from({ length: 20 }, (_, repeat) => Math.floor(phaseFor("cable-eth0", repeat, 104) / 10.4)),
  );
  expect(tenths.size).toBe(10);
});
