import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { plainStyle } from "../../diagnostic/text-style.ts";
import { columnsOf } from "../../diagnostic/visible.ts";
import type { StoredEvent } from "../../watch/chronicle.ts";
import { healthyStatus, november, troubledStatus } from "../testing/statuses.ts";
import { setLine } from "./line.ts";
import { sparkline, type Trace } from "./sparkline.ts";
import { type LiveView, renderLive } from "./view.ts";

const { now } = november;
const steady = Array.from({ length: 120 }, () => 2.4);
const trace = (port: string, target: string, more: Partial<Trace> = {}): Trace => ({
  port,
  target,
  stepMs: 1000,
  from: now - 119_000,
  worstMs: steady,
  sent: steady.map(() => 2),
  lost: steady.map(() => 0),
  ...more,
});
const event = (id: number, event: StoredEvent["event"]): StoredEvent => ({
  id,
  at: now - 60_000 + id * 1000,
  bootId: "",
  monotonicMs: 0,
  event,
});
const events = [
  event(1, { what: "carrier", port: "em1", up: false }),
  event(2, {
    what: "moved",
    from: "em1",
    to: "wlan0",
    cause: "carrier-lost",
    noticedAfterMs: 3,
    evidence: "em1 has no carrier",
  }),
];
const calm: LiveView = {
  status: healthyStatus,
  traces: [trace("em1", "192.168.1.254"), trace("em1", "9.9.9.9")],
  events,
  last: { text: "p pin  ? help  q quit", role: "faint" },
};
const drawn = (view: LiveView, columns: number, rows: number): readonly string[] =>
  renderLive(view, { columns, rows }, plainStyle(columns), november);

describe("the live view", () => {
  it("no line is longer than the terminal, with names of wide letters too", () => {
    const [path] = healthyStatus.paths;
    const paths = [{ ...path!, target: "路由器.例え" }];
    const traces = [trace(path!.port, "路由器.例え")];
    const lines = drawn({ ...calm, status: { ...healthyStatus, paths }, traces }, 80, 24);
    expect(Math.max(...lines.map(columnsOf))).toBeLessThan(80);
    expect(lines.find((line) => line.includes("路由器"))).toMatch(/▄$/);
  });

  it("shows ports, paths with their round trips, what matters and what happened, and the keys in the last line", () => {
    expect(drawn(calm, 80, 24).join("\n")).toBe(`bond0  ✓ 2 of 2 ports usable  em1 carries traffic for 3 d
active-backup · miimon 100 · primary em1 · 192.168.1.105/24

   port   state    carrier     speed  note
●  em1    active   up       1 Gbit/s
○  wlan0  standby  up              –  radio

path                   round trip   loss  the last 148 s
em1 → 192.168.1.254        2.4 ms    0 %        ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄
em1 → 9.9.9.9               14 ms  0.4 %        ▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄▄
wlan0 → 192.168.1.254           …      –

last outage  yesterday 16:16:40, 38 ms: em1 lost its carrier
agent        0.1.0, running for 3 d

what happened
14:29:01  em1 lost its carrier
14:29:02  traffic moved from em1 to wlan0: em1 lost its carrier





p pin ? help q quit                                                    14:30:00`);
  });

  it("at 40 columns nothing is wider, and what must be known is there", () => {
    const lines = drawn({ ...calm, status: troubledStatus }, 40, 24);
    expect(lines.filter((line) => columnsOf(line) >= 40)).toEqual([]);
    expect(lines).toHaveLength(24);
    const text = lines.join("\n");
    expect(text).toContain("! 1 of 3 ports usable");
    expect(text).toContain("✗  em1    unusable");
    expect(text).toContain("em1→192.168.1.254");
  });

  it("of a low terminal the past goes first, and the keys stay", () => {
    const many = Array.from({ length: 60 }, (_, at) => event(at, { what: "carrier", port: `eth${at}`, up: true }));
    const full = drawn({ ...calm, events: many }, 80, 24);
    expect(full).toHaveLength(24);
    expect(full.join("\n")).toContain("eth59");
    expect(full.join("\n")).not.toContain("eth40 ");
    const low = drawn({ ...calm, events: many }, 80, 12);
    expect(low).toHaveLength(12);
    expect(low[0]).toContain("2 of 2 ports usable");
    expect(low.at(-1)).toContain("? help");
    expect(low.join("\n")).toContain("em1 → 192.168.1.254");
  });

  it("a page takes the place of paths and events; the ports stay in sight", () => {
    const text = drawn({ ...calm, page: { title: "Why", paragraphs: ["Because."] } }, 80, 24).join("\n");
    expect(text).toContain("●  em1");
    expect(text).toContain("Why\nBecause.");
    expect(text).not.toContain("what happened");
  });

  it("a host without a bond is told so", () => {
    const status = { ...healthyStatus, bond: null, ports: [], paths: [] };
    expect(drawn({ ...calm, status, traces: [] }, 80, 24)[0]).toBe("This host has no bond.");
  });

  it("no line is wider than the terminal, and no more are drawn than it has, whatever names are", () => {
    const name = fc.string({ unit: "grapheme", minLength: 1, maxLength: 45 });
    const size = fc.record({ columns: fc.integer({ min: 21, max: 130 }), rows: fc.integer({ min: 1, max: 60 }) });
    fc.assert(
      fc.property(name, name, size, (port, note, { columns, rows }) => {
        const ports = troubledStatus.ports.map((each) => ({ ...each, name: port, note }));
        const paths = troubledStatus.paths.map((each) => ({ ...each, port, target: note }));
        const status = { ...troubledStatus, ports, paths };
        const lines = drawn({ ...calm, status, traces: [trace(port, note)] }, columns, rows);
        expect(lines.length).toBeLessThanOrEqual(rows);
        for (const line of lines) expect(columnsOf(line)).toBeLessThan(columns);
      }),
    );
  });
});

describe("a sparkline", () => {
  const text = (more: Partial<Trace>, cells = 6) =>
    sparkline(trace("em1", "x", { from: 1_000_000, ...more }), {
      cells,
      cellMs: 1000,
      now: 1_000_000 + (cells - 1) * 1000,
    });
  const plain = (more: Partial<Trace>) =>
    text(more)
      .map(([part]) => part)
      .join("");

  it("has bars as high as the longest, the usual at half the height where nothing is out of the ordinary", () => {
    expect(plain({ worstMs: [2, 2, 2, 2, 2, 2], sent: [1, 1, 1, 1, 1, 1], lost: [0, 0, 0, 0, 0, 0] })).toBe("▄▄▄▄▄▄");
    expect(plain({ worstMs: [2, 2, 16, 2, 2, 2], sent: [1, 1, 1, 1, 1, 1], lost: [0, 0, 0, 0, 0, 0] })).toBe("▁▁█▁▁▁");
  });

  it("shows what wasn't answered by a sign, what was lost in part by a colour, and nothing where nothing was sent", () => {
    const pieces = text({ worstMs: [2, null, null, 2, 2, 2], sent: [1, 2, 0, 4, 1, 1], lost: [0, 2, 0, 1, 0, 0] });
    expect(pieces).toEqual([
      ["▄", "hint"],
      ["× ", "error"],
      ["▄", "warning"],
      ["▄▄", "hint"],
    ]);
  });

  it("gathers steps into cells that don't change behind: the same clock, the same bars, one further left", () => {
    const worstMs = Array.from({ length: 40 }, (_, at) => (at % 7) + 1);
    const row = (now: number) =>
      sparkline(trace("em1", "x", { from: 1_000_000, worstMs, sent: worstMs, lost: worstMs.map(() => 0) }), {
        cells: 10,
        cellMs: 4000,
        now,
      })
        .map(([part]) => part)
        .join("");
    expect(row(1_040_000).slice(1, 9)).toBe(row(1_036_000).slice(2));
    expect(row(1_037_500)).toBe(row(1_036_000));
  });
});

describe("a line", () => {
  it("is cut with an ellipsis, by columns and not by letters, and can't be made to move the cursor", () => {
    expect(setLine([["abcdef"], ["ghi"]], 6, plainStyle(80))).toBe("abcde…");
    expect(setLine([["漢字漢字"]], 6, plainStyle(80))).toBe("漢字…");
    expect(setLine([["a\u001b[2Jb"]], 40, plainStyle(80))).toBe("a\\u{1b}[2Jb");
  });
});
