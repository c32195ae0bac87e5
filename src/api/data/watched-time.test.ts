import { describe, expect, test } from "vitest";
import type { Kept, StoredEvent } from "../../watch/chronicle.ts";
import { historyReader } from "../../watch/history.ts";
import { availabilityIn, stretchesOf } from "./availability.ts";
import { periodsIn, startBefore } from "./periods.ts";
import { watchedTime, within } from "./watched-time.ts";

const minute = 60_000;
const hour = 60 * minute;
const begin = 1_790_000_000_000;

/** A history of a host that booted at `begin`, times in minutes since. */
function happened(...rows: readonly (readonly [at: number, event: Kept, boot?: readonly [string, number]])[]) {
  const [time, reader] = [watchedTime(), historyReader()];
  for (const [index, [at, event, boot]] of rows.entries()) {
    const [bootId, bootedAt] = boot ?? ["first", 0];
    const monotonicMs = (at - bootedAt) * minute;
    const stored: StoredEvent = { id: index + 1, at: begin + at * minute, bootId, monotonicMs, event };
    time.take(stored);
    reader.take(stored);
  }
  return {
    in: (from: number, to: number, now = to) =>
      availabilityIn(
        stretchesOf({
          history: reader.history(),
          watched: time.watched(begin + now * minute),
          drills: time.drills(begin + now * minute),
          now: begin + now * minute,
        }),
        { from: begin + from * minute, to: begin + to * minute },
      ),
  };
}

const started: Kept = { what: "started", active: "eth0" };
const stopped: Kept = { what: "stopped", primary: "restored" };
const calm: Kept = { what: "configured" };
const began = (sinceMinute: number): Kept => ({
  what: "outage-begins",
  cause: "carrier-lost",
  since: sinceMinute * minute,
  extent: "port",
  evidence: "",
});
const ended = (minutes: number): Kept => ({ what: "outage-ends", lastedMs: minutes * minute, cause: "carrier-lost" });

describe("how much of the time traffic had a way", () => {
  test("an outage of six minutes in an hour", () => {
    const seen = happened([0, started], [30, began(30)], [36, ended(6)], [50, calm]).in(0, 60);
    expect(seen).toMatchObject({ watchedMs: hour, outages: 1, outageMs: 6 * minute, uncertainMs: 0 });
    expect(seen.availability).toBeCloseTo(0.9, 10);
  });

  test("what lies outside the span doesn't count, what reaches into it does in part", () => {
    const house = happened([0, started], [30, began(30)], [36, ended(6)]);
    expect(house.in(0, 30)).toMatchObject({ outages: 0, outageMs: 0, availability: 1 });
    expect(house.in(33, 60)).toMatchObject({ outages: 0, outageMs: 3 * minute });
  });

  test("an outage under way lasts until now", () => {
    expect(happened([0, started], [50, began(50)]).in(0, 60)).toMatchObject({ outages: 1, outageMs: 10 * minute });
  });

  test("time without an agent is no time: neither good nor bad", () => {
    const house = happened([0, started], [10, stopped], [50, started]);
    expect(house.in(0, 60).watchedMs).toBe(20 * minute);
    expect(house.in(15, 45)).toMatchObject({ watchedMs: 0, availability: null });
  });

  test("after a power cut it is said for how long nobody knows", () => {
    // The last word came at minute 5; the next boot was at minute 40, and its agent a minute later.
    const house = happened([0, started], [5, calm], [41, started, ["second", 40]]);
    expect(house.in(0, 60)).toMatchObject({ watchedMs: 59 * minute, uncertainMs: 35 * minute });
  });

  test("a killed agent's successor in the same boot leaves no gap, and an outage that was cut off ends with the watch", () => {
    const house = happened([0, started], [10, began(10)], [20, started]);
    expect(house.in(0, 60)).toMatchObject({ watchedMs: hour, uncertainMs: 10 * minute, outageMs: 10 * minute });
  });

  test("outages that a drill made stand by themselves", () => {
    const drill: Kept = { what: "drill-begins", cuts: 2 };
    const drilled: Kept = { what: "drilled", verdict: "held", outageMs: minute, cut: "carrier-eth0" };
    const seen = happened([0, started], [10, drill], [11, began(11)], [12, ended(1)], [15, drilled]).in(0, 60);
    expect(seen).toMatchObject({ outages: 0, outageMs: 0, drillMs: minute, availability: 1 });
  });

  test("what comes after a drill that was stopped is no drill's", () => {
    const drill: Kept = { what: "drill-begins", cuts: 2 };
    const seen = happened([0, started], [10, drill], [11, { what: "drill-stopped" }], [15, began(15)], [17, ended(2)]);
    expect(seen.in(0, 60)).toMatchObject({ outages: 1, outageMs: 2 * minute, drillMs: 0 });
  });

  test("an outage that outlasts the drill that made it counts from the drill's end", () => {
    const drill: Kept = { what: "drill-begins", cuts: 2 };
    const missed: Kept = { what: "drilled", verdict: "missed", outageMs: null, cut: "carrier-eth0" };
    const seen = happened([0, started], [10, drill], [11, began(11)], [15, missed], [31, ended(20)]).in(0, 60);
    expect(seen).toMatchObject({ outages: 1, outageMs: 16 * minute, drillMs: 4 * minute });
    const mended = happened([0, started], [10, drill], [11, began(11)], [15, missed], [15.25, ended(4.125)]).in(0, 60);
    expect(mended).toMatchObject({ outages: 0, outageMs: 0, drillMs: 4.125 * minute });
  });

  test("the Internet's loss and time without redundancy are told beside it", () => {
    const reduced: Kept = { what: "redundancy", usable: 1, declared: 2, missing: ["wlan0"] };
    const whole: Kept = { what: "redundancy", usable: 2, declared: 2, missing: [] };
    const far = { port: "eth0", router: "r", targets: ["9.9.9.9"], evidence: "" };
    const seen = happened(
      [0, started],
      [10, reduced],
      [20, whole],
      [30, { what: "beyond-lost", since: 30 * minute, ...far }],
      [35, { what: "beyond-back", lastedMs: 5 * minute, ...far }],
    ).in(0, 60);
    expect(seen).toMatchObject({ reducedMs: 10 * minute, internetLostMs: 5 * minute, outageMs: 0, availability: 1 });
  });
});

describe("periods of the host's calendar", () => {
  test("cover the span without gap or overlap, cut to it", () => {
    const span = { from: begin, to: begin + 40 * 24 * hour };
    for (const by of ["day", "month", "year"] as const) {
      const periods = periodsIn(span, by) ?? [];
      expect(periods[0]?.from).toBe(span.from);
      expect(periods.at(-1)?.to).toBe(span.to);
      expect(within(periods, span)).toBe(span.to - span.from);
      for (const [index, { from }] of periods.slice(1).entries()) expect(from).toBe(periods[index]?.to);
    }
  });

  test("days begin at midnight, also where a day has 23 hours", () => {
    const days = periodsIn({ from: startBefore(begin, "day", 300), to: begin }, "day") ?? [];
    for (const { from } of days) expect(new Date(from).getHours()).toBe(0);
    expect(periodsIn({ from: 0, to: begin }, "day")).toBeUndefined();
  });
});
