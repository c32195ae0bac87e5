import { describe, expect, test } from "vitest";
import type { AuditAnswer, OutageEntry, StatusDocument } from "./documents.ts";
import { headlineOf, lastNight, otherThere, rightLink, wouldFall } from "./glance-words.ts";
import { aPort, calm, noon } from "./testing/house.ts";

const bond = calm.bond as NonNullable<StatusDocument["bond"]>;
const onWifi: StatusDocument = {
  ...calm,
  bond: { ...bond, active: "wlan0" },
  ports: [aPort("em1", { carrier: false, usable: false, note: "no carrier" }), aPort("wlan0", { active: true })],
};
const trouble: OutageEntry = {
  at: noon - 8 * 3_600_000,
  endedAt: noon - 8 * 3_600_000 + 120_000,
  kind: "port",
  port: "em1",
  cause: "carrier-lost",
  title: "em1 lost its carrier",
  evidence: "",
  outageMs: 84,
  moves: [],
  isCutOff: false,
  isDrill: false,
  firstId: 1,
  lastId: 4,
};

describe("the headline says the one thing to know", () => {
  const table: readonly (readonly [string, StatusDocument, string, string])[] = [
    ["all is well", calm, "good", "em1 carries traffic, wlan0 stands by"],
    ["on the second choice, alone", onWifi, "warn", "wlan0 carries traffic in place of em1, alone"],
    ["no bond", { ...calm, bond: null }, "bad", "This host has no bond"],
    [
      "down",
      { ...calm, bond: { ...bond, carrier: false, active: "" } },
      "bad",
      "bond0 is down: no port carries traffic",
    ],
    [
      "an outage goes on",
      { ...calm, lastOutage: { at: noon - 9_000, lastedMs: null, cause: "path-dead", port: "em1" } },
      "bad",
      "Nothing gets through, for 9 s now",
    ],
    [
      "an outage that a drill makes goes on",
      { ...calm, lastOutage: { at: noon - 2_000, lastedMs: null, cause: "path-dead", port: "em1", isDrill: true } },
      "warn",
      "A drill: nothing gets through, for 2 s now",
    ],
    [
      "nothing beyond the router",
      { ...calm, internet: { state: "lost", since: noon, targets: ["9.9.9.9"] } },
      "bad",
      "The Internet is lost behind the router",
    ],
    [
      "one port",
      { ...calm, ports: [aPort("em1", { active: true })] },
      "warn",
      "em1 carries traffic, and nothing stands by",
    ],
  ];
  test.each(table)("%s", (_, status, tone, text) => {
    expect(headlineOf(status, noon)).toMatchObject({ tone, text });
  });

  test("and beside it since when, the latest outage with its cause, and the UPS", () => {
    const told = {
      ...calm,
      lastOutage: { at: noon - 3_600_000, lastedMs: 84, cause: "path-dead", port: "em1" },
      ups: { name: "ups", state: "battery" as const, chargePercent: 80, runtimeMs: 1_200_000 },
    };
    const { more } = headlineOf(told, noon);
    expect(more).toContain("Steady for 10 h.");
    expect(more).toContain("84 ms: nothing answered through em1, although its carrier was up.");
    expect(more).toContain("On the UPS: no mains, 20 min left.");
  });
});

test("without an agent nothing is claimed of what only it knows: outages, and which link is the right one", () => {
  const kernel: StatusDocument = { ...calm, source: "kernel", since: null, bond: { ...bond, primary: "" } };
  expect(headlineOf(kernel, noon).more).toBe("");
  expect(rightLink(kernel, noon)).toMatchObject({ tone: "none", short: "On em1" });
});

describe("the four questions", () => {
  test("am I on the right link?", () => {
    expect(rightLink(calm, noon)).toMatchObject({ tone: "good", short: "Yes: em1" });
    expect(rightLink(onWifi, noon)).toMatchObject({ tone: "warn", short: "No: on wlan0" });
    expect(rightLink({ ...calm, order: { pinned: "em1" } }, noon).long).toContain("pinned to em1");
  });

  test("is the other one really there? Only a probe or a drill says yes, a carrier alone doesn't", () => {
    expect(otherThere(calm, noon)).toMatchObject({ tone: "good", short: "Yes: wlan0" });
    expect(otherThere({ ...calm, source: "kernel", paths: [] }, noon)).toMatchObject({
      tone: "warn",
      short: "Perhaps: wlan0",
    });
    expect(otherThere(onWifi, noon)).toMatchObject({ tone: "bad", short: "No: em1" });
    const proven = { at: noon - 12 * 86_400_000, verdict: "held" as const, outageMs: 84, cut: "carrier-em1" };
    expect(otherThere({ ...calm, proven }, noon).long).toContain("a drill proved it 12 days ago, in 84 ms");
  });

  test("what happened last night? A drill is no trouble, and what nobody watched isn't quiet", () => {
    expect(lastNight({ outages: [], next: null, knownSince: null }, noon).short).toBe("Not known");
    expect(lastNight({ outages: [], next: null, knownSince: noon - 1e9 }, noon)).toMatchObject({
      tone: "good",
      short: "Nothing",
    });
    expect(lastNight({ outages: [trouble], next: null, knownSince: 0 }, noon).short).toBe("1 trouble, 84 ms lost");
    expect(lastNight({ outages: [{ ...trouble, isDrill: true }], next: null, knownSince: 0 }, noon).short).toBe(
      "Nothing",
    );
    // What is named is the trouble; a drill beside it must not read as what it was.
    const both = { outages: [trouble, { ...trouble, isDrill: true }], next: null, knownSince: 0 };
    expect(lastNight(both, noon).long).toMatch(/ · drills aside$/);
    expect(
      lastNight({ outages: [{ ...trouble, endedAt: null, outageMs: null }], next: null, knownSince: 0 }, noon),
    ).toMatchObject({
      tone: "bad",
      short: "1 trouble, and it lasts",
    });
    expect(lastNight({ outages: [{ ...trouble, outageMs: null }], next: null, knownSince: 0 }, noon).short).toBe(
      "1 trouble, how long isn’t known",
    );
  });

  test("what would take me down? The single points by name, or that it takes two", () => {
    const goal = { name: "internet", label: "the Internet", cutSets: [["off-router"]], lossesPerYear: 8 };
    const downMs = { expected: 50_400_000, low: 1, high: 2 };
    const part = {
      id: "off-router",
      label: "router",
      kind: "router",
      cuts: ["internet"],
      portsLeft: [],
      share: {},
    } as const;
    const rate = { everyMs: 1, forMs: 1, from: "assumed" } as const;
    const audit: AuditAnswer = {
      goals: [{ ...goal, downMs }],
      parts: [{ ...part, rate }],
      advice: [],
      notes: [],
      isPlaced: false,
    };
    expect(wouldFall(audit, true)).toMatchObject({
      short: "Router",
      long: expect.stringContaining("14 h a year without the Internet"),
    });
    const safe = { ...audit, goals: [{ ...goal, downMs, cutSets: [["a", "b"]] }] };
    expect(wouldFall(safe, true)).toMatchObject({ tone: "good", short: "No single thing" });
    expect(wouldFall(undefined, false).short).toBe("Not known");
  });
});
