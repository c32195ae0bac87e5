import { describe, expect, test } from "vitest";
import type { Scenario } from "../topology/lab-plan.ts";
import { judgeScenario } from "./judge.ts";
import type { BondSeen, ScenarioResult } from "./rehearsal.ts";
import { bond, cable, type TraceRecipe, traceOf } from "./testing/traces.ts";

const silent: Scenario = { ...cable, id: "silent", kind: "silent", carrierTells: false };
const switchedAt = (atMs: number): NonNullable<TraceRecipe["activePort"]> => [
  { atMs: 0, port: "em1" },
  { atMs, port: "wlan0" },
];
const beats = (lost: readonly (readonly [number, number])[]): readonly number[] =>
  Array.from({ length: 300 }, (_, index) => index * 10).filter(
    (at) => !lost.some(([from, to]) => at >= from && at < to),
  );

interface Context {
  readonly outageMs: number;
  readonly bonds: readonly BondSeen[];
}

function result(recipes: readonly TraceRecipe[], scenario = cable, context: Partial<Context> = {}): ScenarioResult {
  const { outageMs = 1000, bonds = [bond] } = context;
  const objectives = { outageMs, tcp: "survives" as const };
  return judgeScenario(scenario, recipes.map(traceOf), { clock: "virtual", objectives, up: { bonds } });
}

describe("judgeScenario", () => {
  test("a quick failover is held, with the moment the kernel moved", () => {
    const found = result([{ lost: [[500, 550]], activePort: switchedAt(549.5) }]);
    expect(found).toMatchObject({ verdict: "held", expected: "survives", lost: 100, switchedAfterMs: 49.5 });
    expect(found.outageMs.toHost).toBeCloseTo(50.05);
    expect(found.reason).toBeUndefined();
    expect(found.events.map(({ what }) => what)).toEqual(["fault", "lost", "switch", "back", "mend"]);
  });

  test("a port that was moved while the cable was being pulled, as the agent does it, was moved at once and not never", () => {
    expect(result([{ activePort: switchedAt(499.9) }]).switchedAfterMs).toBe(0);
    expect(result([{ activePort: switchedAt(490) }]).switchedAfterMs).toBeUndefined();
  });

  test("a radio thrown out while it stands in: the time without any port is the reason, not the gateway's", () => {
    const activePort = [...switchedAt(560), { atMs: 700, port: "" }, { atMs: 1650, port: "wlan0" }];
    const scenario: Scenario = { ...cable, id: "deauth-alone-wlan0", kind: "flap", needsRadio: true };
    const found = result([{ lost: [[700, 1680]], activePort }], scenario, { outageMs: 500 });
    expect(found.verdict).toBe("missed");
    expect(found.reason).toContain("bond0 had no port left for 950 ms");
    expect(found.reason).toContain("a radio looks for its network on every channel");
  });

  test("what the kernel said while the cable was being pulled comes after the pulling", () => {
    const kernel = [499.13, 400, 1999.9].map((atMs) => ({ atMs, text: `said at ${atMs}` }));
    const events = result([{ kernel }]).events.map(({ atMs, text }) => [atMs, text]);
    expect(events).toEqual([
      [-100, "said at 400"],
      [0, cable.fault],
      [0, "said at 499.13"],
      [1500, "wire-up em1-switch"],
      [1500, "said at 1999.9"],
    ]);
  });

  test("repeats: the worst decides, median and p95 by rank", () => {
    const found = result([20, 40, 60, 90].map((ms) => ({ lost: [[500, 500 + ms] as const] })));
    expect(found.repeats).toHaveLength(4);
    expect(found.stats.median).toBeCloseTo(40.05);
    expect(found.stats.p95).toBeCloseTo(90.05);
    expect(found.outageMs.fromHost).toBeCloseTo(90.05);
  });

  test("one endless repeat makes the outage endless, and the median honest", () => {
    const found = result([{ lost: [[500, 520]] }, { lost: [[500, 520]] }, { lost: [[500, 2100]] }]);
    expect(found.outageMs.toHost).toBeNull();
    expect(found.stats.median).toBeCloseTo(20.05);
    expect(found.stats.worst).toBeNull();
  });

  test("a silent death names the carrier, and what would see it", () => {
    const found = result([{ lost: [[500, 2000]] }], silent);
    expect(found).toMatchObject({ verdict: "missed", outageMs: { toHost: null, fromHost: null } });
    expect(found.reason).toMatch(/carrier of em1 stayed up.*arp_ip_target/);
  });

  test("a quick switch and a late return name the neighbour entry", () => {
    const found = result([{ lost: [[500, 1900]], activePort: switchedAt(560) }], cable, { outageMs: 300 });
    expect(found.reason).toMatch(/moved bond0 to wlan0 after 60 ms.*only after 1.4 s.*MAC address/);
  });

  test("without a bond there is nothing to take over", () => {
    const found = result([{ lost: [[500, 2000]] }], cable, { bonds: [] });
    expect(found.reason).toMatch(/no bond/);
  });

  test("a bond that was meant and never came up holds nothing, whatever gets through without it", () => {
    const up = { bonds: [], manager: "ifupdown", output: "Waiting…\nifup: missing required variable: address\n" };
    const context = { clock: "virtual", objectives: { outageMs: 1000, tcp: "survives" }, meant: ["bond0"] } as const;
    const healthy: Scenario = { ...cable, id: "healthy", kind: "healthy" };
    for (const scenario of [healthy, cable, { ...cable, expected: { internet: "no-path" } } as const]) {
      const found = judgeScenario(scenario, [traceOf({})], { ...context, up });
      expect(found).toMatchObject({ verdict: "missed", reason: expect.stringContaining("bond0 never came up") });
      expect(found.reason).toContain("“ifup: missing required variable: address”");
    }
    const bare = { ...bond, ports: [] };
    const without = judgeScenario(healthy, [traceOf({})], { ...context, up: { bonds: [bare] } });
    expect(without.reason).toMatch(/^bond0 came up without any port/);
    expect(judgeScenario(healthy, [traceOf({})], { ...context, up: { bonds: [bond] } }).verdict).toBe("held");
  });

  test("a host whose coming up was stopped holds nothing, and what never ended is named", () => {
    const hung = { command: "sleep infinity", interface: "bond0", phase: "post-up", afterMs: 120_000 };
    const objectives = { outageMs: 1000, tcp: "survives" } as const;
    const found = judgeScenario(cable, [traceOf({})], { clock: "virtual", objectives, up: { bonds: [bond], hung } });
    expect(found.verdict).toBe("missed");
    expect(found.reason).toMatch(/stopped after 120.0 s, because "sleep infinity" \(bond0, post-up\) never ended/);
  });

  test("behind one MAC address on both ports, a station of the same access point is told of as that, and only then", () => {
    const objectives = { outageMs: 1000, tcp: "survives" } as const;
    const air = [{ flow: "lan", peer: "phone", port: "wlan0", accessPoint: "router" }];
    const told = (failOverMac: string, activePort = "em1") => {
      const up = { bonds: [{ ...bond, activePort, failOverMac }] };
      return judgeScenario(cable, [traceOf({ lost: [[0, 3000]] })], { clock: "virtual", objectives, up, air }).reason;
    };
    expect(told("none")).toMatch(/both have joined router, and with fail_over_mac none wlan0 did so with bond0's own/);
    expect(told("none")).toContain("Set fail_over_mac: active");
    for (const other of [told("active"), told("none", "wlan0")]) expect(other).toMatch(/see what bringing the host up/);
  });

  test("nothing got through before: no outage is invented", () => {
    const found = result([{ lost: [[0, 3000]] }], cable, { bonds: [] });
    expect(found.outageMs).toEqual({ toHost: null, fromHost: null });
    expect(found.reason).toMatch(/even before the fault.*No bond came up/);
  });

  test("losing half while healthy is missed, whatever the gaps", () => {
    const every = Array.from({ length: 1500 }, (_, index) => [index * 2, index * 2 + 1] as const);
    const robin = { ...bond, mode: "balance-rr", miimon: 0 };
    const found = result([{ lost: every }], cable, { bonds: [robin] });
    expect(found.verdict).toBe("missed");
    expect(found.reason).toMatch(/50 % .*healthy.*balance-rr/);
  });

  test("where no path is left none is promised", () => {
    const found = result([{ lost: [[500, 2050]] }], { ...cable, expected: { lan: "no-path" } });
    expect(found).toMatchObject({ expected: "no-path", verdict: "held" });
    expect(found.reselectMs.toHost).toBeCloseTo(50.05);
  });

  test("the way back counts: a replaced router is there, and known by the wrong MAC address", () => {
    const replaced: Scenario = { ...cable, kind: "replaced", expected: { lan: "no-path" } };
    const found = result([{ lost: [[500, 6000]], endAtMs: 7000 }], replaced);
    expect(found).toMatchObject({ expected: "no-path", verdict: "missed" });
    expect(found.reason).toMatch(/^The new box was there, but packets came back only after 4.0 s.*another MAC/);
  });

  test("the way back counts: spanning tree", () => {
    const activePort = [
      { atMs: 0, port: "em1" },
      { atMs: 550, port: "wlan0" },
      { atMs: 2040, port: "em1" },
    ];
    const recipe = { lost: [[500, 550] as const, [2040, 6000] as const], endAtMs: 7000, activePort };
    const found = result([recipe], { ...cable, settleMs: 4000 });
    expect(found.verdict).toBe("missed");
    expect(found.reselectMs.toHost).toBeCloseTo(3960.05);
    expect(found.reason).toMatch(/spanning tree.*updelay/);
  });

  test("an open session must live, unless it cannot", () => {
    const tcp = [
      {
        flow: "lan",
        toHostAtMs: beats([[500, 3000]]),
        fromHostAtMs: beats([[500, 3000]]),
        brokeAtMs: 900,
        error: "ECONNRESET",
      },
    ];
    const recipe = { lost: [[500, 550] as const], tcp };
    expect(result([recipe]).reason).toMatch(/TCP session.*ECONNRESET/);
    expect(result([recipe], { ...cable, tcpMayBreak: "another public address" }).verdict).toBe("held");
  });

  test("a stall is the longest silence between heartbeats", () => {
    const arrivals = beats([[500, 730]]);
    const found = result([
      { lost: [[500, 550]], tcp: [{ flow: "lan", toHostAtMs: arrivals, fromHostAtMs: arrivals }] },
    ]);
    expect(found.tcp).toEqual({ survived: true, stallMs: 240 });
  });

  test("lost packets are drawn as at most 400 runs, fault = 0", () => {
    const every = Array.from({ length: 1400 }, (_, index) => [index * 2, index * 2 + 1] as const);
    const found = result([{ lost: every }]);
    const runs = found.flows[0]?.lostRuns ?? [];
    expect(runs.length).toBeLessThanOrEqual(400);
    expect(runs[0]?.[0]).toBe(-500);
    expect(runs.at(-1)?.[1]).toBe(2298);
  });
});
