import { describe, expect, it } from "vitest";
import { campaigns, type Size } from "./campaigns.ts";

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
