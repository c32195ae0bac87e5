import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { findGaps, longestGap } from "./gap.ts";
import { flowTrace } from "./testing/traces.ts";

const virtual = { fromMs: 500.5, untilMs: 2000, clock: "virtual" as const };

describe("findGaps", () => {
  test("finds nothing where nothing is lost", () => {
    expect(findGaps(flowTrace("toHost", {}), virtual)).toEqual([]);
  });

  test("an outage runs from the fault to the first packet that arrives again", () => {
    const [gap] = findGaps(flowTrace("toHost", { lost: [[501, 550]] }), virtual);
    expect(gap?.fromMs).toBe(500.5);
    expect(gap?.toMs).toBeCloseTo(550.05);
    expect(gap?.lengthMs).toBeCloseTo(49.55);
    expect(gap?.lost).toBe(49);
  });

  test("a loss that begins later begins with its first lost packet", () => {
    const [gap] = findGaps(flowTrace("toHost", { lost: [[900, 940]] }), virtual);
    expect(gap?.fromMs).toBe(900);
    expect(gap?.lengthMs).toBeCloseTo(40.05);
  });

  test("packets held up in a queue are an outage too, in virtual time", () => {
    const [gap] = findGaps(flowTrace("toHost", { held: [[501, 1501]] }), virtual);
    expect(gap?.lengthMs).toBeCloseTo(1000.5);
    expect(gap?.lost).toBe(0);
  });

  test("what only ends after the window never ended", () => {
    const [gap] = findGaps(flowTrace("toHost", { lost: [[501, 2100]] }), virtual);
    expect(gap).toMatchObject({ toMs: null, lengthMs: null });
  });

  test("of a sparse flow the spacing is the uncertainty", () => {
    const [gap] = findGaps(flowTrace("toHost", { stepMs: 50, lost: [[900, 1100]] }), virtual);
    expect(gap?.lengthMs).toBeCloseTo(200.05);
    expect(gap?.uncertaintyMs).toBe(100);
  });

  test("in real time a stall without a loss is no outage, and losses count by their spacing", () => {
    const real = { fromMs: 500, untilMs: 2000, clock: "real" as const };
    expect(findGaps(flowTrace("toHost", { stepMs: 10, held: [[510, 900]] }), real)).toEqual([]);
    const [gap] = findGaps(flowTrace("toHost", { stepMs: 10, lost: [[600, 680]], held: [[680, 1000]] }), real);
    expect(gap?.lengthMs).toBe(80);
  });

  test("any injected gap is found, to the spacing of the packets", () => {
    const injected = fc.record({
      fromMs: fc.integer({ min: 501, max: 1200 }),
      lengthMs: fc.integer({ min: 1, max: 700 }),
      stepMs: fc.constantFrom(1, 2, 5, 10),
    });
    fc.assert(
      fc.property(injected, ({ fromMs, lengthMs, stepMs }) => {
        const flow = flowTrace("toHost", { stepMs, lost: [[fromMs, fromMs + lengthMs]] });
        const gap = longestGap(findGaps(flow, { ...virtual, fromMs: 500 }));
        if (gap === undefined) return lengthMs < stepMs;
        return Math.abs((gap.lengthMs ?? Number.NaN) - lengthMs) <= stepMs + 0.1;
      }),
    );
  });

  test("no two gaps overlap, whatever is lost", () => {
    const spans = fc.array(fc.tuple(fc.integer({ min: 0, max: 2900 }), fc.integer({ min: 1, max: 400 })), {
      maxLength: 6,
    });
    fc.assert(
      fc.property(spans, (list) => {
        const lost = list.map(([from, length]) => [from, from + length] as const);
        const gaps = findGaps(flowTrace("toHost", { lost }), virtual);
        return gaps.every((gap, index) => {
          const next = gaps[index + 1];
          return next === undefined || (gap.toMs !== null && gap.toMs <= next.fromMs + 1);
        });
      }),
    );
  });
});
