import fc from "fast-check";
import { expect, test } from "vitest";
import { traceOf } from "../../measure/testing/traces.ts";
import { packTrace, unpackTrace } from "./packed-trace.ts";

test("a minute of flow packs into little, and comes out as it was", () => {
  const trace = traceOf({ endAtMs: 60_000, lost: [[500, 700]], held: [[900, 950]] });
  const packed = packTrace(trace);
  expect(JSON.stringify(packed).length).toBeLessThan(4000);
  const back = unpackTrace(packed);
  expect(back.flows[0]?.sentAtMs).toEqual(trace.flows[0]?.sentAtMs);
  expect(back.flows[0]?.receivedAtMs[1000]).toBeCloseTo(1000.05, 3);
  expect(back.flows[1]?.receivedAtMs.filter((at) => at === null)).toHaveLength(200);
});

test("any times survive, to the microsecond", () => {
  const packet = fc.record({
    gap: fc.double({ min: 0, max: 100, noNaN: true }),
    transit: fc.option(fc.double({ min: 0, max: 5000, noNaN: true })),
  });
  fc.assert(
    fc.property(fc.array(packet, { maxLength: 60 }), (packets) => {
      let at = 0;
      const sentAtMs = packets.map(({ gap }) => (at += gap));
      const receivedAtMs = packets.map(({ transit }, index) =>
        transit === null ? null : (sentAtMs[index] ?? 0) + transit,
      );
      const trace = { ...traceOf({}), flows: [{ flow: "lan", direction: "toHost" as const, sentAtMs, receivedAtMs }] };
      const flow = unpackTrace(packTrace(trace)).flows[0];
      return packets.every((_, index) => {
        const received = receivedAtMs[index] ?? null;
        const back = flow?.receivedAtMs[index] ?? null;
        const same = received === null ? back === null : back !== null && Math.abs(back - received) < 0.0021;
        return same && Math.abs((flow?.sentAtMs[index] ?? 0) - (sentAtMs[index] ?? 0)) < 0.001;
      });
    }),
  );
});
