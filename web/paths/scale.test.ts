import { describe, expect, test } from "vitest";
import { wordsOf } from "./chart.tsx";
import { ceilingOf, lineOf, pointsOf } from "./scale.ts";

const path = {
  port: "em1",
  target: "192.168.1.254",
  rttMs: [2, 4, null, 2],
  worstMs: [3, 9, null, 2],
  sent: [10, 10, 10, 10],
  lost: [0, 5, 10, 0],
};
const document = { stepMs: 60_000, from: 0, paths: [path], moves: [] };

describe("a chart's points", () => {
  test("gather steps, and steps with more answers weigh more", () => {
    expect(pointsOf(document, path, 2)).toEqual([
      { at: 0, rttMs: (2 * 10 + 4 * 5) / 15, worstMs: 9, sent: 20, lost: 5 },
      { at: 120_000, rttMs: 2, worstMs: 2, sent: 20, lost: 10 },
    ]);
  });

  test("leave a gap where nothing answered", () => {
    const points = pointsOf(document, path, 10);
    expect(ceilingOf(points)).toBe(10);
    expect(lineOf(points, 10, "rttMs").match(/M/g)).toHaveLength(2);
  });

  test("are the same in words", () => {
    const words = wordsOf(pointsOf(document, path, 10), [], path);
    expect(words).toContain("em1 to 192.168.1.254");
    expect(words).toContain("9 ms at worst; 38 % of 40 probes lost");
  });
});
