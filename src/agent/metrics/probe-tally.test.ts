import { getHeapSpaceStatistics } from "node:v8";
import { expect, test } from "vitest";
import { probeTally } from "./probe-tally.ts";

const PACE_MS = 60;

test("an answer counts once, silence is a loss after two seconds, and a late answer changes nothing", () => {
  const tally = probeTally();
  tally.sent("em1", "gateway", 1, 0);
  tally.sent("em2", "gateway", 2, 500);
  tally.sent("em1", "gateway", 3, 1_000);
  for (const id of [3, 3, 99]) tally.answered(id);
  expect(tally.counts(1_999)).toEqual([
    { port: "em1", target: "gateway", answered: 1, lost: 0 },
    { port: "em2", target: "gateway", answered: 0, lost: 0 },
  ]);
  expect(tally.counts(2_000).map(({ lost }) => lost)).toEqual([1, 0]);
  tally.answered(1);
  expect(tally.counts(10_000)).toEqual([
    { port: "em1", target: "gateway", answered: 1, lost: 1 },
    { port: "em2", target: "gateway", answered: 0, lost: 1 },
  ]);
});

function oldBytes(): number {
  return getHeapSpaceStatistics().find(({ space_name }) => space_name === "old_space")?.space_used_size ?? 0;
}

/** What nobody holds: has V8 collect the young, so that what has lived through it twice becomes old. */
function litter(bytes: number): void {
  for (let done = 0; done < bytes; done += 8_000) new Array(1_000).fill(done);
}

test("hours of answered probes leave nothing among the old objects, which are collected so seldom", () => {
  const tally = probeTally();
  // One that is waited for while all around it is collected: whatever holds it becomes old.
  tally.sent("em1", "gateway", 0, 0);
  litter(200e6);
  tally.answered(0);
  const before = oldBytes();
  for (let id = 1; id <= 50_000; id++) {
    tally.sent("em1", "gateway", id, id * PACE_MS);
    tally.answered(id);
  }
  litter(200e6);
  expect(oldBytes() - before).toBeLessThan(1 << 20);
});
