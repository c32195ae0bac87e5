import { describe, expect, it } from "vitest";
import type { Kept, StoredEvent } from "../watch/chronicle.ts";
import { historyOf } from "../watch/history.ts";
import { november } from "./testing/statuses.ts";
import { whyOf } from "./why.ts";

const minute = 60_000;
/** 14:00 today. */
const two = november.now - 30 * minute;

function explain(...rows: readonly (readonly [number, Kept])[]) {
  const events = rows.map(
    ([ms, event], index): StoredEvent => ({ id: index + 1, at: two + ms, bootId: "b", monotonicMs: ms, event }),
  );
  const { incident: _incident, beyond: _beyond, ...said } = whyOf(historyOf(events), november);
  return said;
}

const started: Kept = { what: "started", active: "eth0" };
const lost: Kept = { what: "redundancy", usable: 1, declared: 2, missing: ["eth0"] };
const whole: Kept = { what: "redundancy", usable: 2, declared: 2, missing: [] };
const toWlan = (cause: "carrier-lost" | "path-dead", noticedAfterMs: number): Kept => ({
  what: "moved",
  from: "eth0",
  to: "wlan0",
  cause,
  noticedAfterMs,
  evidence: "seen",
});

describe("why", () => {
  it("a pulled cable that is back", () => {
    expect(
      explain(
        [-minute, started],
        [0, { what: "carrier", port: "eth0", up: false }],
        [1, lost],
        [1, { what: "outage-begins", cause: "carrier-lost", since: 0, extent: "port", evidence: "" }],
        [4, toWlan("carrier-lost", 4)],
        [40, { what: "outage-ends", lastedMs: 38, cause: "carrier-lost" }],
        [12 * minute, whole],
        [14 * minute, { what: "moved", from: "wlan0", to: "eth0", cause: "reselect", noticedAfterMs: 0, evidence: "" }],
      ),
    ).toEqual({
      happened: "At 14:00:00 eth0 lost its carrier, and traffic moved to wlan0 4 ms later.",
      cost: "Nothing got through for 38 ms. eth0 could not be relied on for 12 min.",
      todo:
        "It has been over for 18 min; eth0 carries traffic. If it comes again: check the cable of eth0, and power and port " +
        "of the device at its other end.",
    });
  });

  it("a drill is none of the troubles, and where nothing else happened it is said as a drill", () => {
    const cut: readonly (readonly [number, Kept])[] = [
      [0, { what: "drill-begins", cuts: 1 }],
      [100, { what: "carrier", port: "eth0", up: false }],
      [101, lost],
      [104, toWlan("carrier-lost", 4)],
      [5_000, whole],
    ];
    const held: Kept = { what: "drilled", verdict: "held", outageMs: 38, cut: "carrier-eth0" };
    const alone = explain([-minute, started], ...cut, [6_000, held]);
    expect(alone.happened).toBe(
      "Nothing has failed since the history began at 13:59:00, 31 min ago. The drill at 14:00:00 held.",
    );
    const before: readonly (readonly [number, Kept])[] = [
      [-20 * minute, started],
      [-10 * minute, { what: "carrier", port: "eth0", up: false }],
      [-10 * minute + 1, lost],
      [-9 * minute, whole],
    ];
    const { happened, cost } = explain(...before, ...cut, [6_000, held]);
    expect(happened).toContain("13:50:00 eth0 lost its carrier");
    expect(cost).not.toContain("trouble number");
  });

  it("an outage that outlasts the drill that made it is a trouble, also when it is over", () => {
    const said = (lastedMs: number) =>
      explain(
        [-minute, started],
        [0, { what: "drill-begins", cuts: 1 }],
        [1_000, { what: "outage-begins", cause: "path-dead", since: 1_000, extent: "port", evidence: "" }],
        [9_000, { what: "drilled", verdict: "missed", outageMs: null, cut: "silent-eth0" }],
        [10 * minute, { what: "outage-ends", lastedMs, cause: "path-dead" }],
      );
    expect(said(8_500).happened).toMatch(/^Nothing has failed since .* The drill at 14:00:00 missed\.$/);
    expect(said(9 * minute)).toMatchObject({ cost: expect.stringContaining("Nothing got through for 9 min") });
  });

  it("what began in a drill and was noticed after it was stopped is no trouble", () => {
    const { happened } = explain(
      [-minute, started],
      [0, { what: "drill-begins", cuts: 1 }],
      [900, { what: "drill-stopped" }],
      [1_000, { what: "outage-begins", cause: "path-dead", since: 800, extent: "port", evidence: "" }],
      [1_100, { what: "outage-ends", lastedMs: 200, cause: "path-dead" }],
    );
    expect(happened).toMatch(/^Nothing has failed since .* A drill began at 14:00:00\.$/);
  });

  it("a powerline path that is dead still", () => {
    const { happened, cost, todo } = explain(
      [-minute, started],
      [170, lost],
      [170, { what: "outage-begins", cause: "path-dead", since: 0, extent: "port", evidence: "" }],
      [172, toWlan("path-dead", 172)],
      [190, { what: "outage-ends", lastedMs: 190, cause: "path-dead" }],
    );
    expect(happened).toBe(
      "Since 14:00:00 nothing answers through eth0 although its carrier is up, and traffic moved to wlan0 172 ms later.",
    );
    expect(cost).toBe("Nothing got through for 190 ms. eth0 can't be relied on, for 30 min now.");
    expect(todo).toContain("powerline adapters");
  });

  it("everything lost, and it lasts", () => {
    const said = explain(
      [-minute, started],
      [0, { what: "outage-begins", cause: "path-dead", since: -200, extent: "group", evidence: "" }],
    );
    expect(said).toEqual({
      happened: "Since 13:59:59 nothing answers through any port.",
      cost: "Nothing has got through since, for 30 min now.",
      todo: "Look at what all ports share: router, switch, power, the provider's line.",
    });
  });

  it("everything lost, and it is over", () => {
    const said = explain(
      [-minute, started],
      [0, { what: "outage-begins", cause: "path-dead", since: 0, extent: "group", evidence: "" }],
      [1, { ...lost, usable: 0, missing: ["eth0", "wlan0"] }],
      [minute, { what: "outage-ends", lastedMs: minute, cause: "path-dead" }],
      [minute + 1, whole],
    );
    expect(said.happened).toBe("At 14:00:00 nothing answered any more through any port.");
    expect(said.todo).toContain("look at what all ports share");
  });

  it("a watch that ended in the middle claims nothing of the end", () => {
    const said = explain(
      [-minute, started],
      [0, { what: "outage-begins", cause: "path-dead", since: 0, extent: "group", evidence: "" }],
      [minute, started],
    );
    expect(said.cost).toContain("not known");
    expect(said.todo).toBe("See holdfast status for how it is now.");
  });

  it("a standby that died interrupted nobody", () => {
    const said = explain([-minute, started], [0, { ...lost, missing: ["wlan0"] }]);
    expect(said.happened).toBe("Since 14:00:00 nothing answers through wlan0 although its carrier is up.");
    expect(said.cost).toBe("Traffic was not interrupted. wlan0 can't be relied on, for 30 min now.");
  });

  it("a standby whose uplink died is not said to be cut off from its router", () => {
    const dead: Kept = { what: "path-dead", port: "eth1", target: "9.9.9.9", evidence: "" };
    const said = explain([-minute, started], [0, dead], [1, { ...lost, missing: ["eth1"] }]);
    expect(said.happened).toBe("Since 14:00:00 9.9.9.9 no longer answers through eth1.");
    expect(said.todo).toBe("Check what stands between eth1 and 9.9.9.9: adapters, switches, the router and its line.");
  });

  it("a radio has no cable to check", () => {
    const radio: Kept = { what: "carrier", port: "wlan0", up: false };
    const said = explain([-minute, { ...started, active: "wlan0" }], [0, radio], [1, { ...lost, missing: ["wlan0"] }]);
    expect(said.todo).toBe("Check the radio of wlan0: is its access point on, and the signal good enough?");
  });

  it("counts the incidents of a bad day", () => {
    const day = [0, 1, 2].flatMap((index): (readonly [number, Kept])[] => [
      [index * minute, lost],
      [index * minute + 500, whole],
    ]);
    expect(explain([-minute, started], ...day).cost).toContain("It was trouble number 3 within 24 hours.");
  });

  it("uplinks that failed together: the host's own network was never gone", () => {
    const said = explain(
      [-minute, started],
      [0, { what: "outage-begins", cause: "uplink-dead", since: 0, extent: "group", evidence: "" }],
      [5_000, { what: "outage-ends", lastedMs: 5_000, cause: "uplink-dead" }],
      [5_001, whole],
    );
    expect(said.happened).toBe("At 14:00:00 no port reached anything beyond its router.");
    expect(said.cost).toMatch(/^Nothing from beyond the router got through for 5 s/);
    expect(said.todo).toContain("the providers");
  });

  it("a port that loses much cost packets, though nothing was cut", () => {
    const left: Kept = { what: "moved", from: "eth0", to: "wlan0", cause: "lossy", noticedAfterMs: 350, evidence: "" };
    const said = explain([-minute, started], [350, lost], [350, left]);
    expect(said.cost).toContain("Many packets were lost for 350 ms, until traffic moved.");
  });

  const ups = (change: "on-battery" | "back", ...ports: string[]): Kept => ({
    what: "ups",
    ups: "apc",
    change,
    chargePercent: 100,
    runtimeMs: 40 * minute,
    ports,
    lastedMs: null,
    reason: "",
  });
  const dark = [
    [-minute, started],
    [170, lost],
    [172, toWlan("path-dead", 172)],
  ] as const;

  it("the mains that failed, told by the UPS seconds after the powerline adapters had died of it", () => {
    const said = explain(...dark, [4_000, ups("on-battery", "eth0")]);
    expect(said.happened).toBe(
      "On wlan0 since 14:00:00 because the mains failed: nothing answers through eth0 although its carrier is up, " +
        "and traffic moved to wlan0 172 ms later.",
    );
    expect(said.todo).toBe("Wait for the mains; holdfast audit says what of the way of eth0 a UPS could carry.");
    const over = explain(...dark, [4_000, ups("on-battery", "eth0")], [9 * minute, ups("back")], [10 * minute, whole]);
    expect(over.happened).toMatch(/^At 14:00:00 the mains failed: nothing answered .*, and traffic moved to wlan0/);
    expect(over.todo).toContain("If it comes again: wait for the mains");
  });

  it("the mains are blamed for nothing that they don't feed, nor for what came long before or after", () => {
    const blamed = (...rows: readonly (readonly [number, Kept])[]) => explain(...rows).happened.includes("mains");
    expect(blamed([-minute, started], [-5_000, ups("on-battery", "eth0")], [170, lost])).toBe(true);
    expect(blamed(...dark, [4_000, ups("on-battery", "eth1")])).toBe(false);
    expect(blamed(...dark, [4_000, ups("on-battery")])).toBe(false);
    expect(blamed(...dark, [5 * minute, ups("on-battery", "eth0")])).toBe(false);
    expect(blamed([-9 * minute, started], [-5 * minute, ups("on-battery", "eth0")], [170, lost])).toBe(false);
    expect(blamed([-minute, started], [-9_000, ups("on-battery", "eth0")], [-5_000, ups("back")], [170, lost])).toBe(
      false,
    );
  });

  const away: Kept = {
    what: "beyond-lost",
    port: "eth0",
    router: "192.168.1.1",
    targets: ["9.9.9.9", "1.1.1.1"],
    since: 0,
    evidence: "",
  };
  const back: Kept = { ...away, what: "beyond-back", lastedMs: 2 * minute };

  it("the Internet lost behind the only router, and it lasts", () => {
    expect(explain([-minute, started], [8_000, away])).toEqual({
      happened:
        "Since 14:00:00 the Internet behind 192.168.1.1 doesn't answer (192.168.1.1 does, 9.9.9.9 and 1.1.1.1 behind it do not).",
      cost:
        "Nothing from beyond the router has got through since, for 30 min now. " +
        "No other port is known to lead elsewhere: nothing was moved.",
      todo: "Look at 192.168.1.1 and its line: modem, provider, its own dial-in.",
    });
  });

  it("the Internet that is back, and what came after it", () => {
    const said = explain([-minute, started], [8_000, away], [2 * minute + 1_000, back]);
    expect(said.happened).toBe(
      "At 14:00:00 the Internet behind 192.168.1.1 did not answer (192.168.1.1 did, 9.9.9.9 and 1.1.1.1 behind it did not).",
    );
    expect(said.cost).toMatch(/^Nothing from beyond the router got through for 2 min\./);
    expect(said.todo).toMatch(/^It has been over for 28 min\. If it comes again: look at 192\.168\.1\.1 /);
    const later: Kept = { what: "carrier", port: "eth0", up: false };
    expect(explain([-minute, started], [8_000, away], [130_000, back], [200_000, later]).happened).toContain("carrier");
    const again = explain([-minute, started], [8_000, away], [20_000, started]);
    expect(again.cost).toContain("the watch ended before it did");
  });

  it("nothing failed, and nothing is known", () => {
    expect(explain([-60 * minute, started])).toEqual({
      happened: "Nothing has failed since the history began at 13:00:00, 1 h 30 min ago.",
      cost: "eth0 carries traffic.",
      todo: "There is nothing to do.",
    });
    expect(explain().happened).toBe("The history is empty: no agent has watched this host yet.");
  });
});
