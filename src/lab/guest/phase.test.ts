import { expect, test } from "vitest";
import { kernelPeriodMs } from "./phase.ts";

test.each([
  [10, 11],
  [50, 51],
  [100, 104],
  [1000, 1024],
])("a timer of %i ms fires every %i ms", (interval, period) => {
  expect(kernelPeriodMs(interval)).toBe(period);
});
