import { describe, expect, test } from "vitest";
import { twoPorts } from "./simulate/houses.ts";
import { type Answering, liveAmong } from "./testing/answering.ts";

const router = "192.168.1.254";
const gone = "9.9.9.9";
const diesAt = 100_000;

/** What is told of the outage, the move and redundancy where a port, or what lies beyond it, fails for 30 s. */
function toldOf(answersBefore: Answering, fails: "port" | "uplink") {
  const answers: Answering = (probe) => {
    const isCut = probe.port === "eth0" && probe.at >= diesAt && probe.at < diesAt + 30_000;
    return answersBefore(probe) && !(isCut && (fails === "port" || probe.target !== router));
  };
  const done = liveAmong(twoPorts([gone, "1.1.1.1"]), { seed: 5, untilMs: 400_000, roundTripMs: 1, answers });
  return done.flatMap(({ at, effect }) => (effect.do === "record" && at >= diesAt ? [{ at, ...effect.event }] : []));
}

describe.each([
  ["never answered", 0],
  ["died long before", 60_000],
])("a target beyond the router that %s", (_, goneAt) => {
  const answersBefore: Answering = ({ at, target }) => target !== gone || at < goneAt;

  test.each(["port", "uplink"] as const)("makes no outage of a %s longer", (fails) => {
    const told = toldOf(answersBefore, fails);
    const begins = told.find(({ what }) => what === "outage-begins");
    expect(begins).toMatchObject({ since: expect.closeTo(diesAt + 150, -3), extent: "port" });
    const moved = told.find(({ what }) => what === "moved");
    expect(moved).toMatchObject({ noticedAfterMs: expect.closeTo(300, -3) });
    const ends = told.filter(({ what }) => what === "outage-ends");
    expect(ends).toMatchObject([{ lastedMs: expect.closeTo(300, -3) }]);
    expect(ends[0]?.at).toBeLessThan(diesAt + 1_000);
  });

  test("keeps no port from being counted again, and none from getting its traffic back", () => {
    const told = toldOf(answersBefore, "port");
    expect(told.filter(({ what }) => what === "redundancy").at(-1)).toMatchObject({ usable: 2 });
    expect(told.at(-1)).toMatchObject({ what: "moved", to: "eth0", cause: "reselect" });
  });
});

test("a target that answers through another port speaks against the one through which it doesn't", () => {
  const told = toldOf(({ at, port, target }) => !(port === "eth0" && target === gone && at >= 60_000), "port");
  expect(told.filter(({ what }) => what === "moved")).toMatchObject([{ from: "eth0", to: "eth1" }]);
});
