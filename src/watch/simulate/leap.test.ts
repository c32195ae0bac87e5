import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chaos, life } from "./chaos.ts";
import { threeUplinks, twoPorts, twoUplinks } from "./houses.ts";
import { run } from "./run.ts";
import { tally } from "./tally.ts";
import type { Change, Wire, World } from "./world.ts";

const days = { days: 0.2, everyMs: 1_200_000 };
const houses = [
  ["two ports", twoPorts([])],
  ["two uplinks", twoUplinks()],
  ["three uplinks", threeUplinks()],
] as const;

describe("leaping over quiet times", () => {
  it.each(houses)("changes nothing at all: %s", (_, config) => {
    // Another seed each time; fast-check names the one that fails.
    const seeds = fc.integer({ min: 0, max: 2 ** 31 - 1 });
    const same = (world: World): void => {
      const [leaping, stepwise] = [tally(world, "leaping"), tally(world, "stepwise")];
      expect(leaping.records).toEqual(stepwise.records);
      expect(leaping.moves).toEqual(stepwise.moves);
      expect(leaping.offences).toEqual(stepwise.offences);
      expect(leaping.ran.last).toEqual(stepwise.ran.last);
    };
    fc.assert(
      fc.property(seeds, (seed) => {
        same({ ...chaos(config, seed).world, untilMs: 2 * 60_000 });
        same({ ...life(config, seed, days).world, untilMs: 10 * 60_000 });
      }),
      { numRuns: 1 },
    );
  });

  it("takes a hundredth of the steps where nothing happens", () => {
    const calm: World = { config: twoUplinks(), seed: 1, untilMs: 3_600_000, changes: [] };
    const { steps, leapt } = run(calm, () => {}, "leaping");
    expect(leapt).toBeGreaterThan(80_000);
    expect(steps).toBeLessThan(leapt / 100);
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
    const most = house.config.tuning.farDeadEveryMs;
    for (const [index, { at }] of short.entries()) expect(Math.abs(at - (long[index]?.at ?? 0))).toBeLessThan(most);
    expect(short.length).toBeGreaterThan(2);
  });
});
