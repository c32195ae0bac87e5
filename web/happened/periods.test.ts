import { describe, expect, test } from "vitest";
import type { Availability } from "../documents.ts";
import { percent } from "../words.ts";
import { nameOf, shareOf, toneOf, wordsOf } from "./periods.ts";

const day: Availability = {
  from: Date.UTC(2026, 10, 21, 23),
  to: Date.UTC(2026, 10, 22, 23),
  watchedMs: 86_400_000,
  uncertainMs: 0,
  outages: 0,
  outageMs: 0,
  drillMs: 0,
  internetLostMs: 0,
  reducedMs: 0,
  availability: 1,
};

describe("a period", () => {
  test("is as bad as the worst of it, and unknown where nobody watched", () => {
    expect(toneOf(day)).toBe("good");
    expect(toneOf({ ...day, reducedMs: 1 })).toBe("reduced");
    expect(toneOf({ ...day, reducedMs: 1, outages: 1, outageMs: 84 })).toBe("outage");
    expect(toneOf({ ...day, availability: null })).toBe("none");
  });

  test("is never called whole when something was lost", () => {
    expect(percent(1)).toBe("100 %");
    expect(percent(1 - 84 / 86_400_000)).toBe("99.9999 %");
    expect(percent(1 - 1e-9)).not.toBe("100 %");
    expect(wordsOf({ ...day, outages: 2, outageMs: 3_400, availability: 1 - 3_400 / 86_400_000 })).toBe(
      "99.996 %, 2 outages of 3.4 s in all",
    );
  });

  test("shows a second of outage, and an hour as more", () => {
    expect(shareOf(1_000, day)).toBeGreaterThan(0.1);
    expect(shareOf(3_600_000, day)).toBeGreaterThan(shareOf(1_000, day) * 2);
    expect(shareOf(0, day)).toBe(0);
  });

  test("has the name it has on the host", () => {
    expect(nameOf(day.from, "day", "Europe/Paris")).toBe("Sun 22 November 2026");
    expect(nameOf(day.from, "month", "Europe/Paris")).toBe("November 2026");
    expect(nameOf(day.from, "year", "Nowhere/Known")).toBe("2026");
  });
});
