import { expect, test } from "vitest";
import { logShare, niceAbove, ticks } from "./scale.ts";
import { scenarioCase } from "./testing/rehearsals.ts";
import { renderTimeline } from "./timeline.ts";
import { lossPath } from "./timeline-track.ts";
import { timelineParts } from "./timeline-window.ts";
import { sayGapWatched, sayMs } from "./words.ts";

const place = { left: 100, width: 200, base: 50, height: 10 };
const cable = { id: "cable", fault: "the cable is pulled", kind: "carrier" };

test.each([
  [0, "0 ms"],
  [0.4, "0.4 ms"],
  [48.6, "49 ms"],
  [999.6, "1 s"],
  [4079, "4.08 s"],
  [43_900, "43.9 s"],
  [60_000, "60 s"],
  [125_000, "2.1 min"],
  [180_000, "3 min"],
  [36_000_000, "10 h"],
])("%d ms is said as %s", (ms, words) => expect(sayMs(ms)).toBe(words));

test("never comes with how long it was watched", () => {
  expect(sayGapWatched(null, 60_000)).toBe("never (watched 60 s)");
});

test("a long loss has its exact edges", () => {
  expect(lossPath([[0, 50]], { from: -10, to: 90 }, place, 1)).toBe("M120 50v-10h100v10z");
});

test("half of all packets lost is drawn half as high", () => {
  const everyOther = Array.from({ length: 50 }, (_, index) => [index * 2, index * 2] as const);
  expect(lossPath(everyOther, { from: 0, to: 100 }, { ...place, width: 20 }, 1)).toBe("M100 50v-5h20v5z");
});

test("one packet lost in a minute can still be seen", () => {
  expect(lossPath([[30_000, 30_000]], { from: 0, to: 60_000 }, place, 1)).toBe("M200 50v-2.5h2v2.5z");
});

test("the fault is shown in the scale of its outage, the mending in its own", () => {
  const [cut, mend] = timelineParts(scenarioCase(cable));
  expect(cut?.window).toEqual({ from: -7.5, to: 75 });
  expect(mend?.window.to).toBeLessThan(10_200);
  expect(mend?.zero).toBe(10_000);
});

test("an outage that never ended fills its picture up to the mending", () => {
  const [cut] = timelineParts(
    scenarioCase({ ...cable, outageMs: { toHost: null, fromHost: null }, watchedMs: 60_000 }),
  );
  expect(cut?.window.to).toBeGreaterThanOrEqual(60_000);
});

test("a peer that never heard the host is not drawn as one whose packets arrive", () => {
  const dead = scenarioCase({ ...cable, outageMs: { toHost: null, fromHost: null }, verdict: "missed" });
  const flows = dead.flows.map((flow) => (flow.direction === "toHost" ? { ...flow, sent: 0, lostRuns: [] } : flow));
  const [cut] = renderTimeline({ ...dead, flows }, "t");
  expect(cut?.markup).toContain("internet → host: nothing sent");
  expect(cut?.markup.match(/class="sent"/g)).toHaveLength(2);
  expect(cut?.markup.match(/never heard the host/g)).toHaveLength(2);
});

test("a scenario without a fault has one picture", () => {
  expect(timelineParts(scenarioCase({ ...cable, kind: "healthy" }))).toHaveLength(1);
});

test("axes count from the fault in round steps", () => {
  expect(ticks({ from: -6, to: 60 }, 0, 6)).toEqual([0, 20, 40, 60]);
  expect(niceAbove(64)).toBe(75);
  expect([1, 1000, 100_000, 1e9].map(logShare).map((each) => Math.round(each * 100))).toEqual([0, 60, 100, 100]);
});
