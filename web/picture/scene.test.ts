import { describe, expect, test } from "vitest";
import { aPort, calm, noon, plcOff, powerline } from "../testing/house.ts";
import { sceneNow, sceneWith } from "./scene.ts";
import { wayFrom } from "./ways.ts";
import { toneOf, verdictOf } from "./what-if.tsx";

describe("ways", () => {
  test("lead from a port over everything to the Internet", () => {
    expect(wayFrom(powerline, "em1").nodes.map(({ name }) => name)).toEqual(["plc-a", "router", "internet"]);
    expect(wayFrom(powerline, "wlan0").edges.map(({ id }) => id)).toEqual(["wlan0", "router-internet"]);
  });

  test("pass nothing that is broken, and there may be none", () => {
    expect(wayFrom(powerline, "em1", new Set(["plc-a"])).nodes).toEqual([]);
    expect(wayFrom(powerline, "wlan0", new Set(["router-internet"])).nodes).toEqual([]);
    expect(wayFrom(powerline, "eth9").nodes).toEqual([]);
  });
});

describe("the picture as it is", () => {
  test("says of the standby when it last answered, and of a port without carrier that", () => {
    const scene = sceneNow(powerline, calm, noon);
    expect(scene.ports.get("em1")).toMatchObject({ look: "carries", isActive: true, note: "active" });
    expect(scene.ports.get("wlan0")?.note).toBe("standby, answers");
    expect(sceneNow(powerline, calm, noon + 60_000).ports.get("wlan0")?.note).toBe("standby, 1 min ago");
    const pulled = { ...calm, ports: [aPort("em1", { usable: false, carrier: false }), aPort("wlan0")] };
    expect(sceneNow(powerline, pulled, noon).ports.get("em1")?.note).toBe("no carrier");
  });
});

describe("the picture as it would be", () => {
  test("strikes the device, and the other port takes over", () => {
    const scene = sceneWith(powerline, plcOff, "em1");
    expect(scene.lookOf("plc-a")).toBe("struck");
    expect(scene.lookOf("em1")).toBe("left");
    expect(scene.lookOf("wlan0")).toBe("carries");
    expect(scene.ports.get("wlan0")).toMatchObject({ isActive: true, note: "takes over" });
    expect(scene.ports.get("em1")?.note).toBe("no way");
  });

  test("a fault that lets packets through leaves the traffic where it is", () => {
    const scene = sceneWith(powerline, { ...plcOff, kind: "loss" }, "em1");
    expect(scene.ports.get("em1")).toMatchObject({ isActive: true, note: "active" });
    expect(scene.lookOf("plc-a")).toBe("struck");
  });
});

describe("what would happen if", () => {
  const shown = {
    scenario: "off-plc-a",
    at: noon,
    outageMs: 340,
    backMs: 0,
    uncertaintyMs: 5,
    verdict: "held",
  } as const;

  test("says what the rehearsal has shown", () => {
    expect(verdictOf({ ...plcOff, withAgent: shown })).toBe("plc-a goes off. The host stays reachable, after 340 ms.");
    expect(verdictOf({ ...plcOff, kernel: { ...shown, outageMs: null } })).toContain("wasn’t taken");
    expect(verdictOf({ ...plcOff, survives: "none" })).toContain("cut off");
  });

  test("is green for what was shown to hold, and for nothing else", () => {
    expect(toneOf({ ...plcOff, withAgent: shown })).toBe("good");
    expect(toneOf(plcOff)).toBe("warn");
    expect(toneOf({ ...plcOff, withAgent: { ...shown, verdict: "missed" } })).toBe("bad");
    expect(toneOf({ ...plcOff, survives: "none", withAgent: shown })).toBe("bad");
  });
});
