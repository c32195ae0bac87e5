import { expect, test } from "vitest";
import { percentile, worstOf } from "./statistics.ts";

test("an outage that never ended is the worst of all, and sorts last", () => {
  expect(worstOf([3, null, 5])).toBeNull();
  expect(worstOf([])).toBe(0);
  expect(percentile([5, null, 3], 0.5)).toBe(5);
  expect(percentile([5, null, 3], 0.95)).toBeNull();
});
