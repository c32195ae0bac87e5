import { describe, expect, test } from "vitest";
import { advance, draw } from "./seed.ts";
import { twoUplinks } from "./simulate/houses.ts";
import type { WatchConfig } from "./state.ts";
import { type Answering, type Done, liveAmong } from "./testing/answering.ts";

const world = ["9.9.9.9", "1.1.1.1", "8.8.8.8", "4.4.4.4"];

/** Two ports, each with a router of its own, and so many targets beyond them. */
function houseWith(targets: number): WatchConfig {
  const config = twoUplinks();
  return { ...config, ports: config.ports.map((port) => ({ ...port, far: world.slice(0, targets) })) };
}

const movesOf = (done: readonly Done[]): readonly Done[] => done.filter(({ effect }) => effect.do === "set-active");
const isFar = (target: string): boolean => world.includes(target);

/** How long until the port of a dead uplink is left, at moments that are evenly spread over more than what two probes of one
 *  target lie apart. */
function leavingTimes(config: WatchConfig, wish: { readonly aliveMs: number; readonly roundTripMs: number }): number[] {
  const phases = 40;
  return Array.from({ length: phases }, (_, phase) => {
    const diesAt = wish.aliveMs + (phase * 1_300) / phases;
    const answers: Answering = ({ at, port, target }) => !(port === "eth0" && isFar(target) && at >= diesAt);
    const { roundTripMs } = wish;
    const done = liveAmong(config, { seed: phase * 7_919, untilMs: diesAt + 3_000, roundTripMs, answers });
    const moves = movesOf(done);
    expect(moves.length).toBe(1);
    return (moves[0]?.at ?? Number.POSITIVE_INFINITY) - diesAt;
  }).toSorted((a, b) => a - b);
}

const median = (sorted: readonly number[]): number => sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;

describe("a dead uplink is left, whenever it dies between two probes", () => {
  test.each([1, 2, 3, 4])("within 0.9 s, and 0.6 s as a rule, with %i targets beyond it", (targets) => {
    const took = leavingTimes(houseWith(targets), { aliveMs: 12_000, roundTripMs: 1 });
    expect(took.at(-1)).toBeLessThanOrEqual(900);
    expect(median(took)).toBeLessThanOrEqual(600);
  });

  test("also where the world is 30 ms away", () => {
    const took = leavingTimes(houseWith(2), { aliveMs: 12_000, roundTripMs: 30 });
    expect(took.at(-1)).toBeLessThanOrEqual(900);
  });

  test("also two seconds after the agent began", () => {
    const took = leavingTimes(houseWith(2), { aliveMs: 2_000, roundTripMs: 1 });
    expect(took.at(-1)).toBeLessThanOrEqual(900);
  });
});

describe("nothing is moved", () => {
  /** Chance that is its own for every seed. */
  function dice(seed: number): () => number {
    let state = seed;
    return () => {
      state = advance(state);
      return draw(state);
    };
  }

  test.each([2, 3, 4])("for one dead target of %i", (targets) => {
    const answers: Answering = ({ at, target }) => target !== world[0] || at < 20_000;
    for (const seed of [1, 2, 3]) {
      const done = liveAmong(houseWith(targets), { seed, untilMs: 60_000, roundTripMs: 1, answers });
      expect(movesOf(done)).toEqual([]);
    }
  });

  // One packet in a hundred is lost by chance: each such loss makes the brain ask more, and be answered less. How many there are,
  // how many answers a second each gives, how many at once.
  const limits = [
    [1, 2, 1],
    [1, 3, 3],
    [1, 4, 1],
    [2, 1, 3],
    [2, 1.7, 3],
    [2, 2, 1],
    [2, 2.5, 10],
    [3, 1.2, 1],
    [3, 2, 3],
  ] as const;
  test.each(limits)("where %i far targets give %d answers a second, %i at once", (targets, perSecond, depth) => {
    const buckets = new Map<string, { tokens: number; at: number }>();
    const roll = dice(perSecond * 100 + depth * 10 + targets);
    const answers: Answering = ({ at, port, target }) => {
      if (roll() < 0.01) return false;
      if (!isFar(target)) return true;
      const key = `${port} ${target}`;
      const last = buckets.get(key) ?? { tokens: depth, at };
      const tokens = Math.min(depth, last.tokens + ((at - last.at) / 1_000) * perSecond);
      buckets.set(key, { tokens: tokens >= 1 ? tokens - 1 : tokens, at });
      return tokens >= 1;
    };
    const done = liveAmong(houseWith(targets), { seed: targets, untilMs: 60_000, roundTripMs: 1, answers });
    expect(movesOf(done)).toEqual([]);
  });
});

test("beyond the router no more is asked than promised, however many targets there are", () => {
  for (const targets of [1, 2, 3, 4]) {
    const done = liveAmong(houseWith(targets), { seed: 1, untilMs: 80_000, roundTripMs: 1, answers: () => true });
    const far = done.filter(
      ({ at, effect }) => at > 20_000 && effect.do === "probe" && effect.port === "eth0" && isFar(effect.target),
    );
    expect(far.length / 60).toBeGreaterThan(3.1);
    expect(far.length / 60).toBeLessThan(3.6);
  }
});
