import { describe, expect, it } from "vitest";
import { twoPorts, twoUplinks } from "./simulate/houses.ts";
import { tally } from "./simulate/tally.ts";
import type { Change, World } from "./simulate/world.ts";

const died = 20_000;
const killed = died + 80;
const back = killed + 2_000;

function lived(config: World["config"], seed: number, changes: readonly Change[], untilMs = 60_000) {
  return tally({ config, seed, untilMs, changes }, "leaping");
}

const kill: Change = { at: killed, kind: "restart", ms: back - killed };

describe("a brain that begins where another was killed", () => {
  it.each([1, 2, 3, 4, 5])(
    "leaves a port that died silently before the kill within a second of its start (seed %i)",
    (seed) => {
      const dead: Change = { at: died, kind: "wire", port: "eth0", set: { lossOut: 1, lossIn: 1 } };
      const { moves, offences } = lived(twoPorts([]), seed, [dead, kill]);
      expect(moves.map(({ to, cause }) => `${to} ${cause}`)).toEqual(["eth1 path-dead"]);
      expect((moves[0]?.at ?? Number.POSITIVE_INFINITY) - back).toBeLessThan(1_000);
      expect(offences).toEqual([]);
    },
  );

  it.each([1, 2, 3])("moves nothing where all is well, or all is lost (seed %i)", (seed) => {
    expect(lived(twoUplinks(), seed, [kill]).moves).toEqual([]);
    const all = ["eth0", "eth1"].map((port): Change => ({ at: died, kind: "wire", port, set: { lossOut: 1 } }));
    expect(lived(twoUplinks(), seed, [...all, kill]).moves).toEqual([]);
  });

  it("isn't hurried by answers that take their time at first", () => {
    const slow: Change[] = ["eth0", "eth1"].map((port) => ({ at: killed, kind: "wire", port, set: { delayMs: 200 } }));
    expect(lived(twoPorts([]), 1, [...slow, kill]).moves).toEqual([]);
  });
});
