import { describe, expect, it } from "vitest";
import { twoPorts } from "./campaigns.ts";
import { type Gait, run } from "./run.ts";
import { tally } from "./tally.ts";
import type { Change, Wire, World } from "./world.ts";

const lossy = { lossOut: 0.01, lossIn: 0.01 };
const world: World = {
  config: twoPorts([]),
  seed: 3,
  untilMs: 600_000,
  changes: [
    { at: 10_000, kind: "wire", port: "eth0", set: lossy },
    { at: 10_000, kind: "wire", port: "eth1", set: lossy },
  ],
};

describe("leaping over quiet times", () => {
  it("changes nothing that the brain sees of a lossy line, and takes far fewer steps", () => {
    const went = (gait: Gait) => run(world, () => {}, gait);
    const [leaping, stepwise] = [went("leaping"), went("stepwise")];
    for (const { loss } of [...leaping.last.paths, ...stepwise.last.paths]) {
      expect(loss).toBeGreaterThan(0.001);
      expect(loss).toBeLessThan(0.07);
    }
    expect(leaping.steps).toBeLessThan(stepwise.steps / 3);
  });
});

describe("the short way of a step", () => {
  const [dead, alive]: readonly Partial<Wire>[] = [
    { lossOut: 1, lossIn: 1 },
    { lossOut: 0, lossIn: 0 },
  ];
  const faults: readonly (readonly [string, string, Partial<Wire>])[] = [
    ["the active path dies", "eth0", dead ?? {}],
    ["the standby dies", "eth1", dead ?? {}],
    ["the cable is pulled", "eth0", { carrier: false }],
    ["the uplink dies", "eth0", { lossBeyond: 1 }],
  ];

  it.each(faults)("decides what the long way decides: %s", (_, port, set) => {
    const back = { ...alive, carrier: true, lossBeyond: 0 };
    const changes: readonly Change[] = [
      { at: 20_000, kind: "wire", port, set },
      { at: 50_000, kind: "wire", port, set: back },
    ];
    const house: World = { config: twoPorts(["9.9.9.9"]), seed: 7, untilMs: 250_000, changes };
    const told = (thinking: "always" | "when needed") => tally({ ...house, thinking }, "stepwise").records;
    const [short, long] = [told("when needed"), told("always")];
    const words = (records: typeof short): readonly string[] => records.map(({ event }) => event.what);
    expect(words(short)).toEqual(words(long));
    // Probes leave at other moments, by at most the longest interval of a dead far target.
    for (const [index, { at }] of short.entries()) expect(Math.abs(at - (long[index]?.at ?? 0))).toBeLessThan(3_000);
    expect(short.length).toBeGreaterThan(2);
  });
});
