import { describe, expect, it } from "vitest";
import { campaigns, type Size } from "./campaigns.ts";
import { chaos } from "./chaos.ts";
import { threeUplinks, twoPorts } from "./houses.ts";
import { tally } from "./tally.ts";
import type { Change } from "./world.ts";

// A short run of what `npm run simulate -- --long` does at length; the seed is in the name of each failure.
const few = { deaths: 40, lossHours: 0.05, lossSeeds: 1, lossTries: 1, lossMinutes: 2, flapTries: 1, chaosTries: 1 };
const size: Size = { seed: 1, ...few, lives: 1, lifeDays: 1 };

describe("in a seeded network", () => {
  it.each(campaigns.map((campaign, index) => [index, campaign] as const))("promise %i is held", (_, campaign) => {
    const { what, found, promised, held, offences } = campaign(size);
    expect(offences).toEqual([]);
    expect(held, `seed ${size.seed}: ${what}: ${found}; promised: ${promised}`).toBe(true);
  });
});

describe("when the only port left comes and goes", () => {
  // Six moves within half a minute, and seven, each time its carrier came for a moment.
  it.each([
    ["--seed 5", twoPorts(["9.9.9.9", "1.1.1.1"]), 5_000, 190_000],
    ["--seed 9", threeUplinks(), 9_001, 890_000],
  ] as const)("traffic doesn't run after it: %s", (_, config, seed, untilMs) => {
    expect(tally({ ...chaos(config, seed).world, untilMs }, "leaping").offences).toEqual([]);
  });

  it.each([0.2, 0.5, 1, 2.9, 3.1, 4, 5.8])(
    "it is used, and never vainly more than five times in half a minute: %s s",
    (lives) => {
      const changes: Change[] = [
        { at: 10_000, kind: "wire", port: "eth1", set: { carrier: false } },
        { at: 12_000, kind: "wire", port: "eth0", set: { lossOut: 1, lossIn: 1 } },
      ];
      for (let at = 20_000; at < 120_000; at += lives * 1_000 + 20) {
        changes.push({ at, kind: "wire", port: "eth1", set: { carrier: true } });
        changes.push({ at: at + lives * 1_000, kind: "wire", port: "eth1", set: { carrier: false } });
      }
      const { moves, offences } = tally({ config: twoPorts([]), seed: 1, untilMs: 120_000, changes }, "leaping");
      expect(offences).toEqual([]);
      expect(moves.filter(({ to }) => to === "eth1").length).toBeGreaterThan(10);
    },
  );
});
