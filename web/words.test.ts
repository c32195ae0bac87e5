import { expect, test } from "vitest";
import { momentOf } from "./words.ts";

test.each([
  [0, "today at 12:00"],
  [1, "yesterday at 12:00"],
  [3, "on 19 Nov at 12:00"],
  [365, "on 22 Nov 2025 at 12:00"],
])("a moment %i days ago is said as shortly as it can be told apart: %s", (days, text) => {
  const noon = new Date(2026, 10, 22, 12).getTime();
  expect(momentOf(new Date(2026, 10, 22 - days, 12).getTime(), noon)).toBe(text);
});
