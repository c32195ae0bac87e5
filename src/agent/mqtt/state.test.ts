import { describe, expect, it } from "vitest";
import { healthyStatus, troubledStatus } from "../../report/testing/statuses.ts";
import type { Kept, StoredEvent } from "../../watch/chronicle.ts";
import { type FailoversSeen, failoverIn, failoverKinds, mqttEvent, mqttState, withFailover } from "./state.ts";

const stored = (event: Kept): StoredEvent => ({ id: 7, at: Date.UTC(2025, 10, 3), bootId: "", monotonicMs: 0, event });

describe("what is published", () => {
  it("doesn't move moments that were only reckoned anew", () => {
    const first = mqttState("nas", troubledStatus, undefined);
    const again = { ...troubledStatus, since: (troubledStatus.since ?? 0) + 2 };
    expect(mqttState("nas", again, undefined, first)).toEqual(first);
    const moved = { ...troubledStatus, since: (troubledStatus.since ?? 0) + 2_000 };
    expect(mqttState("nas", moved, undefined, first).active_since).not.toBe(first.active_since);
  });

  it("calls no path dead that isn't known to be, and shows no round trip of a dead one", () => {
    const { paths } = mqttState("nas", troubledStatus, undefined);
    expect(paths["em1 192.168.1.254"]).toEqual({ alive: false, rtt_ms: null, loss_percent: 100 });
    expect(paths["wlan0 2606:4700:4700:0000:0000:0000:0000:1111"]).toMatchObject({ alive: null, rtt_ms: null });
    expect(mqttState("nas", healthyStatus, undefined).paths["em1 9.9.9.9"]).toEqual({
      alive: true,
      rtt_ms: 14.2,
      loss_percent: 0.41,
    });
  });

  it("survives a clock that is set to nonsense", () => {
    expect(mqttState("nas", { ...healthyStatus, since: 1e300 }, undefined).active_since).toBe(
      "1970-01-01T00:00:00.000Z",
    );
  });

  it("tells a failover from a move that was wanted", () => {
    const move = { what: "moved", from: "em1", to: "wlan0", noticedAfterMs: 90, evidence: "" } as const;
    expect(failoverIn(stored({ ...move, cause: "path-dead" }))).toMatchObject({ from: "em1", to: "wlan0" });
    for (const cause of ["reselect", "operator", "drained"] as const)
      expect(failoverIn(stored({ ...move, cause }))).toBeUndefined();
    expect(failoverIn(stored({ what: "kernel-moved", from: "em1", to: "wlan0" }))).toMatchObject({ to: "wlan0" });
    expect(failoverIn(stored({ what: "kernel-moved", from: "em1", to: "" }))).toBeUndefined();
  });

  it("takes no drill's failover or outage for the latest", () => {
    const move = { what: "moved", noticedAfterMs: 0, evidence: "", cause: "carrier-lost" } as const;
    const drill: readonly Kept[] = [
      { what: "drill-begins", cuts: 1 },
      { ...move, from: "wlan0", to: "em1" },
      { what: "drilled", verdict: "held", outageMs: 1, cut: "carrier-wlan0" },
    ];
    const fold = (seen: FailoversSeen, ...events: readonly Kept[]) =>
      events.reduce((before, event) => withFailover(before, stored(event)), seen);
    const before = fold({ latest: undefined, drill: undefined }, { ...move, from: "em1", to: "wlan0" });
    expect(fold(before, ...drill).latest).toMatchObject({ from: "em1" });
    expect(fold(before, ...drill, { ...move, from: "wlan0", to: "em1" }).latest).toMatchObject({ from: "wlan0" });
    const told = mqttState("nas", troubledStatus, undefined);
    const lastOutage = { at: 1, lastedMs: null, cause: "carrier-lost", port: "em1", isDrill: true };
    expect(mqttState("nas", { ...troubledStatus, lastOutage }, undefined, told).outage).toEqual(told.outage);
    expect(mqttState("nas", { ...troubledStatus, lastOutage }, undefined).outage).toBeNull();
  });

  it("takes no failover for the latest that a drill began, though it was noticed after the drill's end", () => {
    const move = { what: "moved", from: "em1", to: "wlan0", cause: "path-dead", evidence: "" } as const;
    const at = (ms: number, event: Kept): StoredEvent => ({ ...stored(event), at: ms });
    const seen = [at(1_000, { what: "drill-begins", cuts: 1 }), at(2_300, { what: "drill-stopped" })].reduce(
      withFailover,
      { latest: undefined, drill: undefined },
    );
    expect(withFailover(seen, at(2_302, { ...move, noticedAfterMs: 300 })).latest).toBeUndefined();
    expect(withFailover(seen, at(2_702, { ...move, noticedAfterMs: 300 })).latest).toMatchObject({ to: "wlan0" });
  });

  it("takes a failover for the host's own after a restart that cut a drill off", () => {
    const events: readonly Kept[] = [
      { what: "drill-begins", cuts: 1 },
      { what: "started", active: "em1" },
      { what: "moved", noticedAfterMs: 1, evidence: "", cause: "carrier-lost", from: "em1", to: "wlan0" },
    ];
    // As a start reads them: of the kinds it asks for alone.
    const read = events.filter(({ what }) => failoverKinds.includes(what)).map(stored);
    expect(read.reduce(withFailover, { latest: undefined, drill: undefined }).latest).toMatchObject({ from: "em1" });
  });

  it("says an event's own fields and what they mean", () => {
    const event = mqttEvent(stored({ what: "carrier", port: "em1", up: false }), "nas");
    expect(JSON.parse(JSON.stringify(event))).toEqual({
      port: "em1",
      up: false,
      event_type: "carrier",
      id: 7,
      at: "2025-11-03T00:00:00.000Z",
      host: "nas",
      severity: expect.any(String),
      title: expect.stringContaining("em1"),
      text: expect.stringContaining("em1"),
    });
  });
});
