import { describe, expect, it } from "vitest";
import { healthyStatus, troubledStatus } from "../../report/testing/statuses.ts";
import type { Kept, StoredEvent } from "../../watch/chronicle.ts";
import { failoverIn, mqttEvent, mqttState } from "./state.ts";

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
