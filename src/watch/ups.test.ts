import { describe, expect, it } from "vitest";
import type { UpsSaid } from "./chronicle.ts";
import { newUps, stepUps, type UpsEvent, type UpsReading } from "./ups.ts";

/** What is told, second by second. */
function told(...rows: readonly (readonly [number, UpsReading | string])[]): readonly (readonly [number, UpsSaid])[] {
  let ups = newUps("apc", ["eth0"], 0);
  return rows.flatMap(([at, what]) => {
    const event: UpsEvent =
      typeof what === "string"
        ? { type: "silent", at: at * 1_000, reason: what }
        : { type: "reading", at: at * 1_000, reading: what };
    const [next, news] = stepUps(ups, event);
    ups = next;
    return news.map((one) => [at, one] as const);
  });
}

const mains: UpsReading = { source: "mains", isLow: false, chargePercent: 100, runtimeMs: 2_400_000 };
const battery: UpsReading = { ...mains, source: "battery", chargePercent: 96 };
const low: UpsReading = { ...battery, isLow: true, chargePercent: 9, runtimeMs: 120_000 };

describe("a UPS", () => {
  it("tells of the mains at once, of a battery nearly empty once, and of the mains' return with its length", () => {
    const all = told(
      [1, mains],
      [5, battery],
      [10, battery],
      [15, low],
      [20, low],
      [25, battery],
      [30, mains],
      [35, mains],
    );
    expect(all.map(([at, { change }]) => [at, change])).toEqual([
      [5, "on-battery"],
      [15, "low-battery"],
      [35, "back"],
    ]);
    expect(all[0]?.[1]).toMatchObject({ ups: "apc", ports: ["eth0"], chargePercent: 96, runtimeMs: 2_400_000 });
    expect(all[2]?.[1]).toMatchObject({ lastedMs: 30_000, ports: [] });
  });

  it("that runs on battery when it is first asked is news", () => {
    expect(told([1, battery]).map(([, { change }]) => change)).toEqual(["on-battery"]);
  });

  it("doesn't tell each time a mains that comes and goes comes", () => {
    const flicker = [5, 10, 15, 20, 25, 30].map((at) => [at, at % 10 === 5 ? battery : mains] as const);
    expect(told([1, mains], ...flicker).map(([, { change }]) => change)).toEqual(["on-battery"]);
  });

  it("in its self-test says nothing of the mains", () => {
    expect(told([1, mains], [5, { source: "unknown", isLow: false }], [10, mains])).toEqual([]);
  });

  it("that no longer answers is told of after a minute, once, with the reason; and when it does again", () => {
    const quiet = [10, 20, 40, 70, 90].map((at) => [at, "DATA-STALE"] as const);
    expect(told([5, mains], ...quiet, [100, mains]).map(([at, { change, reason }]) => [at, change, reason])).toEqual([
      [70, "silent", "DATA-STALE"],
      [100, "answers", ""],
    ]);
  });
});
