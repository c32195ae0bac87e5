import { expect, test } from "vitest";
import { leftWords } from "./status.ts";

test("a change whose deadline is long past isn't said to go back in a moment", () => {
  expect(leftWords(41.6, "goes back")).toBe("goes back in 42 s");
  expect(leftWords(0.2, "is rolled back")).toBe("is rolled back in 0 s");
  expect(leftWords(-0.3, "is rolled back")).toBe("is rolled back in 0 s");
  expect(leftWords(-90, "is rolled back")).toBe("has been going back for 90 s");
});
