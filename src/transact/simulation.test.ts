import { describe, expect, it } from "vitest";
import { chanceOf } from "./testing/chance.ts";
import type { Fault } from "./testing/fault-plan.ts";
import { simulate, simulateSeed } from "./testing/simulate.ts";
import { makeStory } from "./testing/story.ts";

/* A failing seed is told again, act by act, with: npm run simulate-apply -- --seed N */

/** Seeds that found something once. */
const found = [97, 386, 466, 588, 2609, 2812, 5845, 13311, 24226];

describe("apply on a disk that loses, tears and reorders what isn't synced", () => {
  it("keeps every promise in the stories that once broke one", async () => {
    for (const seed of found) expect((await simulateSeed(seed)).offences, `seed ${seed}`).toEqual([]);
  });

  it("keeps every promise in 10,000 stories with kills, power cuts, timers and disks that refuse", async () => {
    const told = new Set<string>();
    for (let seed = 100_001; seed <= 110_000; seed++) {
      const outcome = await simulateSeed(seed);
      told.add(outcome.told);
      expect(outcome.offences, `seed ${seed}`).toEqual([]);
    }
    expect([...told].toSorted()).toEqual(["confirmed", "nothing", "perhaps", "refused", "rolled back"]);
  }, 600_000);

  it.each([
    ["kill", (at: number): Fault => ({ what: "kill", at })],
    ["power cut, nothing unsynced survives", (at: number): Fault => ({ what: "power", at, surviving: "none" })],
    ["power cut, some of it survives", (at: number): Fault => ({ what: "power", at, surviving: "some" })],
    ["timer beside it", (at: number): Fault => ({ what: "timer", at, slow: "no" })],
    ["full disk from there on", (at: number): Fault => ({ what: "disk", at, code: "ENOSPC", lasts: "on" })],
    ["read-only from there on", (at: number): Fault => ({ what: "disk", at, code: "EROFS", lasts: "on" })],
    ["one error", (at: number): Fault => ({ what: "disk", at, code: "EIO", lasts: "once" })],
  ])("%s before each single thing a whole apply and confirm does", async (_name, faultAt) => {
    // One story from beginning to end, to the last act of tidying up.
    const confirmed = { ...makeStory(chanceOf(12)), ending: "confirm", converge: "works", cutsOff: false } as const;
    let at = 0;
    for (; ; at++) {
      const outcome = await simulate(confirmed, [faultAt(at)], chanceOf(at));
      expect(outcome.offences, `before act ${at}`).toEqual([]);
      if (outcome.acts <= at) break;
    }
    expect(at).toBeGreaterThan(200);
  });
});
