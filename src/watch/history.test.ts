import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Kept, StoredEvent } from "./chronicle.ts";
import { historyOf } from "./history.ts";

/** Events at these ms, of one boot. */
function told(...rows: readonly (readonly [number, Kept])[]): readonly StoredEvent[] {
  return rows.map(([at, event], index) => ({ id: index + 1, at: 1_000_000 + at, bootId: "b", monotonicMs: at, event }));
}

const started: Kept = { what: "started", active: "eth0" };
const one: Kept = { what: "redundancy", usable: 1, declared: 2, missing: ["eth0"] };
const both: Kept = { what: "redundancy", usable: 2, declared: 2, missing: [] };

describe("an incident", () => {
  it("of a pulled cable: from the lost carrier until both ports work again, with its outage and its move", () => {
    const { incidents, spans, active } = historyOf(
      told(
        [0, started],
        [5000, { what: "carrier", port: "eth0", up: false }],
        [5001, one],
        [5001, { what: "outage-begins", cause: "carrier-lost", since: 5000, extent: "port", evidence: "eth0" }],
        [
          5002,
          {
            what: "moved",
            from: "eth0",
            to: "wlan0",
            cause: "carrier-lost",
            noticedAfterMs: 2,
            evidence: "no carrier",
          },
        ],
        [5040, { what: "outage-ends", lastedMs: 38, cause: "carrier-lost" }],
        [65_000, { what: "carrier", port: "eth0", up: true }],
        [68_000, both],
        [188_000, { what: "moved", from: "wlan0", to: "eth0", cause: "reselect", noticedAfterMs: 0, evidence: "calm" }],
      ),
    );
    expect(incidents).toEqual([
      {
        at: 1_005_000,
        endedAt: 1_068_000,
        port: "eth0",
        cause: "carrier-lost",
        evidence: "eth0 has no carrier",
        lost: [],
        moves: [{ at: 1_005_002, from: "eth0", to: "wlan0", cause: "carrier-lost", noticedAfterMs: 2 }],
        outages: [{ at: 1_005_000, lastedMs: 38, cause: "carrier-lost", extent: "port" }],
        missing: ["eth0"],
        isCutOff: false,
        firstId: 2,
        lastId: 8,
      },
    ]);
    expect(spans).toEqual([{ at: 1_005_001, endedAt: 1_068_000, usable: 1, declared: 2, missing: ["eth0"] }]);
    expect(active).toEqual({ port: "eth0", since: 1_188_000 });
  });

  it("that is not the first is one too: what was known of redundancy before doesn't end it", () => {
    const lost: Kept = { what: "carrier", port: "eth0", up: false };
    const back: Kept = { what: "carrier", port: "eth0", up: true };
    const twice = [lost, one, back, both, lost, one, back, both];
    const { incidents } = historyOf(told([0, started], ...twice.map((event, index) => [index + 1, event] as const)));
    expect(incidents).toMatchObject([
      { at: 1_000_001, endedAt: 1_000_004 },
      { at: 1_000_005, endedAt: 1_000_008 },
    ]);
  });

  it("of a silent death begins with the first lost probe, and takes the cause that is known best", () => {
    const { incidents } = historyOf(
      told(
        [0, started],
        [9000, { what: "path-dead", port: "eth0", target: "gw", evidence: "gw lost 5 in a row through eth0" }],
        [9000, one],
        [9000, { what: "outage-begins", cause: "uplink-dead", since: 8830, extent: "port", evidence: "lost" }],
      ),
    );
    expect(incidents).toMatchObject([
      { at: 1_008_830, endedAt: undefined, cause: "uplink-dead", evidence: "gw lost 5 in a row through eth0" },
    ]);
    expect(incidents[0]?.outages).toMatchObject([{ at: 1_008_830, lastedMs: undefined }]);
  });

  it("is a drill's by when it began, also where that is told after something else of it", () => {
    const outage = (since: number): Kept => {
      return { what: "outage-begins", cause: "path-dead", since, extent: "port", evidence: "" };
    };
    const begins: Kept = { what: "drill-begins", cuts: 1 };
    const stops: Kept = { what: "drill-stopped" };
    const after = historyOf(told([0, started], [1000, begins], [2300, stops], [2301, one], [2301, outage(2000)]));
    expect(after.incidents).toMatchObject([{ at: 1_002_000, isDrill: true }]);
    const before = historyOf(told([0, started], [1000, begins], [1050, one], [1050, outage(900)]));
    expect(before.incidents).toMatchObject([{ at: 1_000_900 }]);
    expect(before.incidents[0]).not.toHaveProperty("isDrill");
  });

  it("of a standby that stopped answering costs no outage", () => {
    const { incidents } = historyOf(told([0, started], [500, { ...one, missing: ["wlan0"] }], [900, both]));
    expect(incidents).toMatchObject([{ port: "wlan0", cause: undefined, outages: [], moves: [], endedAt: 1_000_900 }]);
  });

  it("that was under way when the watch began anew is cut off, and its redundancy is unknown", () => {
    const history = historyOf(told([0, started], [500, one], [900, started]));
    expect(history.incidents).toMatchObject([{ isCutOff: true, endedAt: 1_000_900 }]);
    expect(history.spans).toMatchObject([{ endedAt: 1_000_900 }]);
    expect(history.redundancy).toBeUndefined();
  });

  it("is told by the kernel alone, too", () => {
    const { incidents, active } = historyOf(
      told(
        [0, { what: "kernel-moved", from: "", to: "eth0" }],
        [500, { what: "carrier", port: "eth0", up: false }],
        [510, { what: "kernel-moved", from: "eth0", to: "" }],
        [700, { what: "kernel-moved", from: "", to: "wlan0" }],
        [900, { what: "carrier", port: "eth0", up: true }],
      ),
    );
    expect(incidents).toMatchObject([{ port: "eth0", cause: "carrier-lost", at: 1_000_500, endedAt: 1_000_900 }]);
    expect(incidents[0]?.moves.map(({ to }) => to)).toEqual(["", "wlan0"]);
    expect(active).toEqual({ port: "wlan0", since: 1_000_700 });
  });

  it("isn't: a wish of the operator, a return, an empty history", () => {
    const moved = (cause: "operator" | "drained" | "reselect"): Kept => ({
      what: "moved",
      from: "eth0",
      to: "wlan0",
      cause,
      noticedAfterMs: 0,
      evidence: "",
    });
    expect(
      historyOf(told([0, started], [1, moved("operator")], [2, moved("drained")], [3, moved("reselect")])).incidents,
    ).toEqual([]);
    expect(historyOf([])).toMatchObject({ from: undefined, incidents: [], active: undefined });
  });
});

const port = fc.constantFrom("eth0", "wlan0");
const anyEvent = fc.oneof<fc.Arbitrary<Kept>[]>(
  fc.constantFrom<Kept>(
    started,
    one,
    both,
    { what: "outage-ends", lastedMs: 5, cause: "lossy" },
    { what: "configured" },
  ),
  port.map((active): Kept => ({ what: "started", active })),
  fc.record({ what: fc.constant("carrier" as const), port, up: fc.boolean() }),
  fc.record({ what: fc.constant("kernel-moved" as const), from: port, to: fc.constantFrom("", "eth0", "wlan0") }),
  fc.record({ what: fc.constant("flapping" as const), port }),
  fc
    .nat(500)
    .map((since): Kept => ({ what: "outage-begins", cause: "path-dead", since, extent: "group", evidence: "" })),
  // A newer version's event.
  fc.constant({ what: "unheard-of" } as unknown as Kept),
);

it("any list of events folds into incidents in order that don't overlap and hold every outage", () => {
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 60 }), (events) => {
      const { incidents } = historyOf(told(...events.map((event, index) => [500 + index, event] as const)));
      for (const [index, incident] of incidents.entries()) {
        expect(incident.endedAt ?? Number.MAX_SAFE_INTEGER).toBeGreaterThanOrEqual(incident.at);
        expect(incident.firstId).toBeGreaterThan(incidents[index - 1]?.lastId ?? 0);
        if (index < incidents.length - 1) expect(incident.endedAt).toBeDefined();
      }
      const outages = incidents.reduce((sum, { outages: own }) => sum + own.length, 0);
      expect(outages).toBe(events.filter(({ what }) => what === "outage-begins").length);
    }),
  );
});
