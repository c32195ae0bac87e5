import fc from "fast-check";
import { expect, describe as group, it, test } from "vitest";
import type { Kept, StoredEvent } from "../watch/chronicle.ts";
import { describe } from "./describe.ts";
import { type Audience, emptySummary, messageOf, type Summary, summarised } from "./summary.ts";
import { span } from "./words.ts";

const person: Audience = { least: "notice", reader: "person" };

function told(events: readonly Kept[], audience: Audience = person, missed = 0) {
  const stored = events.map(
    (event, index): StoredEvent => ({
      id: index + 1,
      at: index * 1_000,
      bootId: "",
      monotonicMs: index * 1_000,
      event,
    }),
  );
  const summary = stored.reduce<Summary>((sum, one) => summarised(sum, one, audience), emptySummary(missed));
  return messageOf(summary, { host: "nas", id: "x", clock: (at) => `${at / 1_000}s` });
}

const moved: Kept = {
  what: "moved",
  from: "eth0",
  to: "wlan0",
  cause: "path-dead",
  noticedAfterMs: 171,
  evidence: "gateway lost 5 in a row through eth0; answers through wlan0",
};
const begins: Kept = { what: "outage-begins", cause: "path-dead", since: 0, extent: "group", evidence: "all silent" };

group("a message of one event", () => {
  test.each<[Kept, string, string, string | undefined]>([
    [
      moved,
      "nas: traffic moved from eth0 to wlan0: nothing answers through eth0 although its carrier is up",
      "Traffic moved from eth0 to wlan0 because nothing answers through eth0 although its carrier is up, noticed after 171 ms (gateway lost 5 in a row through eth0; answers through wlan0).",
      "Check what stands between eth0 and its router: powerline adapters, switches, the router itself.",
    ],
    [
      { what: "redundancy", usable: 1, declared: 2, missing: ["wlan0"] },
      "nas: redundancy is lost",
      "1 of 2 ports can carry traffic: wlan0 can't be relied on. The next fault is an outage.",
      "Repair wlan0 before the next fault comes.",
    ],
    [
      { what: "redundancy", usable: 2, declared: 2, missing: [] },
      "nas: redundancy is complete",
      "All 2 ports can carry traffic again.",
      undefined,
    ],
    [
      { what: "outage-ends", lastedMs: 754_000, cause: "path-dead" },
      "nas: the outage is over after 13 min",
      "Traffic flows again; the outage (path-dead) lasted 13 min.",
      undefined,
    ],
    [
      { what: "drift", option: "miimon", value: "0" },
      "nas: somebody set the bond's miimon to 0",
      "Somebody set the bond's miimon to 0.",
      "Set it back, or declare it in holdfast.yaml.",
    ],
    [
      {
        what: "beyond-lost",
        port: "eth0",
        router: "192.168.1.1",
        targets: ["9.9.9.9", "1.1.1.1"],
        since: 0,
        evidence: "192.168.1.1 answers; 6 probes beyond it unanswered in 6.2 s",
      },
      "nas: the Internet behind 192.168.1.1 doesn't answer",
      "192.168.1.1 answers, but 9.9.9.9 and 1.1.1.1 behind it don't; no other port is known to lead elsewhere, so nothing was moved.",
      "Look at 192.168.1.1 and its line: modem, provider, its own dial-in.",
    ],
    [
      {
        what: "beyond-back",
        port: "eth0",
        router: "192.168.1.1",
        targets: ["9.9.9.9"],
        lastedMs: 754_000,
        evidence: "9.9.9.9 answered 2 probes in a row",
      },
      "nas: the Internet behind 192.168.1.1 is back after 13 min",
      "9.9.9.9 behind 192.168.1.1 answers again; the Internet was lost for 13 min.",
      undefined,
    ],
  ])("%j", (event, title, text, todo) => {
    expect(told([event])).toMatchObject({ title, text, todo, lines: [], count: 1 });
  });
});

group("a digest", () => {
  it("is headed by the move, with how things stand, and a line for each event", () => {
    const message = told([
      moved,
      { what: "outage-ends", lastedMs: 180, cause: "path-dead" },
      { what: "redundancy", usable: 1, declared: 2, missing: ["eth0"] },
    ]);
    expect(message).toMatchObject({
      title:
        "nas: traffic moved from eth0 to wlan0: nothing answers through eth0 although its carrier is up (and 2 more events)",
      severity: "warning",
      count: 3,
    });
    expect(message?.text).toMatch(/Now traffic goes through wlan0; 1 of 2 ports can carry it\.$/);
    expect(message?.lines[1]).toBe("1s  the outage is over after 180 ms");
  });

  it("doesn't cry about an outage that is over", () => {
    const message = told([
      begins,
      { what: "redundancy", usable: 0, declared: 2, missing: ["eth0", "wlan0"] },
      { what: "outage-ends", lastedMs: 600_000, cause: "path-dead" },
      { what: "redundancy", usable: 2, declared: 2, missing: [] },
    ]);
    expect(message).toMatchObject({
      title: "nas: the outage is over after 10 min (and 3 more events)",
      severity: "notice",
    });
  });

  it("cries while it lasts", () => {
    expect(told([moved, begins])).toMatchObject({
      title: "nas: cut off: every path is dead (and 1 more event)",
      severity: "critical",
    });
  });

  it("says what was never told", () => {
    expect(told([moved], person, 3)?.text).toMatch(/3 earlier events could not be told\.$/);
  });
});

group("who hears what", () => {
  it("an audience of warnings hears of the end of a trouble as well", () => {
    const audience: Audience = { least: "warning", reader: "person" };
    expect(told([{ what: "redundancy", usable: 2, declared: 2, missing: [] }], audience)?.count).toBe(1);
    expect(told([{ what: "started", active: "eth0" }], audience)).toBeUndefined();
  });

  it("nobody hears of single changes of carrier but who asked for everything", () => {
    const event: Kept = { what: "carrier", port: "eth0", up: false };
    expect(told([event])).toBeUndefined();
    expect(told([event], { least: "all", reader: "program" })?.events.length).toBe(1);
  });
});

it("whatever an event holds, its words stand on one line, are bounded, and can't steer a terminal", () => {
  const text = fc.string({ unit: "binary", maxLength: 300 });
  const events = fc.oneof(
    fc.record({ what: fc.constant("warning" as const), port: text, evidence: text }),
    fc.record({ what: fc.constant("path-dead" as const), port: text, target: text, evidence: text }),
    fc.record({ what: fc.constant("drift" as const), option: text, value: text }),
    fc.record({ what: fc.constant("kernel-bond" as const), bond: text, text }),
  );
  fc.assert(
    fc.property(events, (event) => {
      const said = describe(event);
      for (const words of [said.title, said.text, said.todo ?? ""]) {
        expect(words).not.toMatch(/\p{Cc}|\p{Zl}|\p{Zp}/u);
        expect(words.length).toBeLessThanOrEqual(400);
      }
    }),
  );
});

it("a UPS is told of with what is left of it", () => {
  const ups = {
    what: "ups",
    ups: "apc",
    chargePercent: 83,
    runtimeMs: 2_460_000,
    ports: ["eth0"],
    reason: "",
  } as const;
  expect(describe({ ...ups, change: "on-battery", lastedMs: null })).toMatchObject({
    severity: "warning",
    text: "The mains failed: UPS apc is on battery, 83 % charged, about 41 min left. eth0 hangs on the mains.",
  });
  expect(describe({ ...ups, change: "low-battery", lastedMs: null }).severity).toBe("critical");
  expect(describe({ ...ups, change: "back", lastedMs: 10_800_000 }).title).toBe("the mains are back after 3 h");
});

it("an event of a newer version has words too", () => {
  expect(describe({ what: "comet" } as unknown as Kept)).toMatchObject({ weight: "all", title: "comet" });
});

test.each([
  [34, "34 ms"],
  [2_500, "2.5 s"],
  [59_000, "59 s"],
  [61_000, "1 min"],
  [12_000_000, "3 h 20 min"],
  [187_200_000, "2 d 4 h"],
])("%i ms is %s", (ms, words) => {
  expect(span(ms)).toBe(words);
});
