import { stripVTControlCharacters } from "node:util";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ansiStyle, plainStyle } from "../diagnostic/text-style.ts";
import { columnsOf } from "../diagnostic/visible.ts";
import { renderStatus } from "./status.ts";
import type { StatusDocument, StatusPath, StatusPort, StatusRadio } from "./status-input.ts";
import { healthyStatus, november, troubledStatus } from "./testing/statuses.ts";

const at80 = (status: StatusDocument) => renderStatus(status, plainStyle(80), november);

describe("a status", () => {
  it("shows at a glance that all is well", () => {
    expect(at80(healthyStatus)).toBe(`bond0  ✓ 2 of 2 ports usable  em1 carries traffic for 3 d
active-backup · miimon 100 · primary em1 · 192.168.1.105/24

   port   state    carrier     speed  failures  note
●  em1    active   up       1 Gbit/s         2
○  wlan0  standby  up              –         0  radio

   path                   state  round trip   loss  last answer
   em1 → 192.168.1.254    alive      2.4 ms    0 %    < 1 s ago
   em1 → 9.9.9.9          alive       14 ms  0.4 %    1.2 s ago
   wlan0 → 192.168.1.254  …               –      –        never

last outage  yesterday 16:16:40, 38 ms: em1 lost its carrier
agent        0.1.0, running for 3 d
`);
  });

  it("shows what a radio has joined, and how well it hears it", () => {
    const radio = {
      joined: true,
      ssid: "Home",
      bssid: "02:00:00:00:01:06",
      channel: 6,
      frequencyMhz: 2437,
      signalDbm: -52,
      sendsMbps: 72.2,
      hearsMbps: 65,
      provenBy: "hearing",
      heardAgoMs: 2_140,
    } as const;
    const shown = (more: Partial<StatusRadio>) => {
      const ports = healthyStatus.ports.map((port) =>
        port.medium === "radio" ? { ...port, radio: { ...radio, ...more } } : port,
      );
      return at80({ ...healthyStatus, ports });
    };
    expect(shown({})).toContain(`
   radio  network  access point       channel   signal       rate  LAN heard
   wlan0  Home     02:00:00:00:01:06        6  -52 dBm  72 Mbit/s  2.1 s ago
`);
    const lost = shown({ joined: false, bssid: "", channel: null, signalDbm: null, sendsMbps: null, heardAgoMs: null });
    expect(lost).toMatch(/wlan0 {2}not joined +– +– +– +– +–\n/);
    const long = shown({ ssid: "A network whose name is as long as can be" });
    for (const line of long.split("\n")) expect(columnsOf(line)).toBeLessThanOrEqual(80);
  });

  it("names what is wrong: the port, the path, the pin, the UPS, the history", () => {
    const text = at80(troubledStatus);
    expect(text).toContain("! 1 of 3 ports usable");
    expect(text).toContain("pinned to wlan0");
    expect(text).toContain("by order     wlan0 is pinned; holdfast auto takes it back");
    expect(text).toMatch(/✗ {2}em1 +unusable +up .*192\.168\.1\.254 doesn't answer/);
    expect(text).toMatch(/✗ {2}usb0 +gone/);
    expect(text).toMatch(/em1 → 192\.168\.1\.254 +dead .*100 % +12 min ago/);
    expect(text).toContain("UPS apc      on battery since 14:18:00, 83 %, about 34 min left");
    expect(text.replaceAll(/\s+/g, " ")).toContain("can't keep events (ENOSPC): 41 wait in memory");
  });

  it.each<readonly [string, Partial<StatusDocument>, string]>([
    [
      "an outage",
      { lastOutage: { at: november.now - 3000, lastedMs: null, cause: "path-dead", port: "em1" } },
      "✗ outage",
    ],
    ["no active port", { bond: { ...must(healthyStatus.bond), active: "" } }, "✗ down  no port carries traffic"],
    ["a single port", { redundancy: { usable: 1, declared: 1, missing: [] } }, "one port only: no redundancy"],
    ["a start", { redundancy: null }, "… looking"],
    [
      "balance-rr",
      { bond: { ...must(healthyStatus.bond), mode: "balance-rr", active: "" } },
      "all ports carry traffic",
    ],
    ["a bond without monitor", { bond: { ...must(healthyStatus.bond), miimon: 0 } }, "no link monitor"],
    [
      "a drill that held",
      { proven: { at: november.now - 12.3 * 86_400_000, verdict: "held", outageMs: 84, cut: "carrier-em1" } },
      "last drill   12 days ago, held: 84 ms",
    ],
    [
      "a drill that missed",
      { proven: { at: november.now - 3_600_000, verdict: "missed", outageMs: null, cut: "silent-em1" } },
      "last drill   1 h ago, missed: never ended while it was watched (silent-em1)",
    ],
    ["the Internet", { internet: { state: "answers", since: 0, targets: ["9.9.9.9"] } }, "Internet     answers\n"],
    [
      "a lost Internet",
      { internet: { state: "lost", since: november.now - 60_000, targets: ["9.9.9.9", "1.1.1.1"] } },
      "Internet     lost since 14:29:00: the router answers, 9.9.9.9 and 1.1.1.1",
    ],
    [
      "an Internet that never answered",
      { internet: { state: "unknown", since: null, targets: ["9.9.9.9"] } },
      "Internet     not known: 9.9.9.9 never answered yet",
    ],
    ["no bond", { bond: null }, "This host has no bond."],
    [
      "a cause of a newer agent",
      { lastOutage: { at: 0, lastedMs: 1, cause: "moonlight", port: "" } },
      "1 ms: moonlight",
    ],
  ])("says so: %s", (_name, change, words) => {
    expect(at80({ ...healthyStatus, ...change })).toContain(words);
  });

  it("by the kernel alone claims no more than carriers tell", () => {
    const { agent: _agent, ...rest } = healthyStatus;
    const text = at80({ ...rest, source: "kernel", paths: [], lastOutage: null, since: null });
    expect(text).toContain("2 of 2 ports usable, by carrier alone");
    expect(text).not.toContain("✓");
    expect(text).toContain("none answers");
  });

  it("has colours only where the style has", () => {
    expect(at80(troubledStatus)).not.toContain("\u001b");
    const coloured = renderStatus(troubledStatus, ansiStyle(80), november);
    expect(stripVTControlCharacters(coloured)).toBe(at80(troubledStatus));
  });

  it("is never wider than it may be, whatever names, notes and addresses are", () => {
    const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 45 });
    const ports = fc.array(
      fc.record({ name, note: name, drained: fc.boolean(), usable: fc.boolean(), speedMbps: fc.nat(400_000) }),
      { maxLength: 5 },
    );
    const paths = fc.array(
      fc.record({ port: name, target: name, rttMs: fc.double({ min: 0, max: 1e5, noNaN: true }) }),
      { maxLength: 5 },
    );
    fc.assert(
      fc.property(ports, paths, name, fc.integer({ min: 80, max: 120 }), (somePorts, somePaths, text, columns) => {
        const status: StatusDocument = {
          ...troubledStatus,
          bond: { ...must(troubledStatus.bond), name: text.slice(0, 15), active: "", addresses: [text, text] },
          ports: somePorts.map(
            (each): StatusPort => ({ ...must(healthyStatus.ports[0]), ...each, name: each.name.slice(0, 15) }),
          ),
          paths: somePaths.map(
            (each): StatusPath => ({ ...must(healthyStatus.paths[0]), ...each, port: each.port.slice(0, 15) }),
          ),
          otherBonds: [text],
        };
        const lines = renderStatus(status, plainStyle(columns), november).split("\n");
        expect(lines.filter((line) => columnsOf(line) > columns)).toEqual([]);
      }),
    );
  });
});

function must<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new Error("missing");
  return value;
}
