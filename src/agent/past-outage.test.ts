import { expect, test } from "vitest";
import type { Kept } from "../watch/chronicle.ts";
import { noOutages, openOutage, withEvent } from "./past-outage.ts";

const began = { what: "outage-begins", cause: "path-dead", since: 0, extent: "port", evidence: "" } as const;
const ended = (lastedMs: number) => ({ what: "outage-ends", lastedMs, cause: "path-dead" }) as const;

const begins = { what: "drill-begins", cuts: 2 } as const;
const missed = { what: "drilled", verdict: "missed", outageMs: null, cut: "carrier-em1" } as const;

/** An event a second, after what was seen before. */
function seen(...events: readonly Kept[]) {
  return events.reduce(
    (before, event, id) => withEvent(before, { id, at: (id + 1) * 1_000, bootId: "", monotonicMs: 0, event }),
    noOutages,
  );
}

test("an outage that a drill makes is told while it lasts, as the drill's, and leaves the latest one what it was", () => {
  const real = [began, ended(84)] as const;
  const drilling = [{ what: "drill-begins", cuts: 2 }, began] as const;
  expect(seen(...real, ...drilling)).toMatchObject({ past: { lastedMs: 84 }, open: { lastedMs: null, isDrill: true } });
  expect(seen(...real, ...drilling, ended(500))).toMatchObject({ past: { at: 1_000, lastedMs: 84 }, open: undefined });
  expect(seen(...drilling, ended(500)).past).toBeNull();
});

test("after the drill, and where one never told its end, outages are the host's own again", () => {
  const drilled = { what: "drilled", verdict: "held", outageMs: 1, cut: "" } as const;
  const drill = [{ what: "drill-begins", cuts: 2 }, began, ended(500), drilled] as const;
  expect(seen(...drill, began).open).not.toHaveProperty("isDrill");
  expect(seen(...drill, began, ended(90)).past).toMatchObject({ at: 5_000, lastedMs: 90 });
  const killed = seen({ what: "drill-begins", cuts: 2 });
  const hourLater = { id: 9, at: 3_600_000, bootId: "", monotonicMs: 0, event: began };
  expect(withEvent(killed, hourLater).open).not.toHaveProperty("isDrill");
});

test("what a drill has left behind when it ends is no drill any more, and stays the latest outage", () => {
  const left = [begins, began, missed] as const;
  const own = { at: 2_000, lastedMs: null, cause: "path-dead", port: "", extent: "port" };
  expect(openOutage(seen(...left), 14_000)).toEqual(own);
  expect(seen(...left, ended(60_000)).past).toMatchObject({ at: 2_000, lastedMs: 60_000 });
});

test("an outage that ends with the drill is the drill's, although its end is told only when the port has held", () => {
  const mended = [begins, began, missed] as const;
  expect(openOutage(seen(...mended), 7_000)).toMatchObject({ isDrill: true });
  expect(seen(...mended, ended(900))).toMatchObject({ past: null, open: undefined });
});

test("what is told until the end of an outage is known changes nothing: it goes by when the outage was over", () => {
  const later = (at: number, event: Kept) => ({ id: 9, at, bootId: "", monotonicMs: 0, event });
  const held = [later(15_000, { what: "carrier", port: "em2", up: true }), later(17_000, ended(900))];
  expect(held.reduce(withEvent, seen(begins, began, missed))).toMatchObject({ past: null, open: undefined });
});

test("another drill doesn't excuse what the one before it has left behind", () => {
  const later = (at: number, event: Kept) => ({ id: 9, at, bootId: "", monotonicMs: 0, event });
  const again = withEvent(seen(begins, began, missed), later(15_000, begins));
  expect(openOutage(again, 16_000)).toEqual({
    at: 2_000,
    lastedMs: null,
    cause: "path-dead",
    port: "",
    extent: "port",
  });
  expect(withEvent(again, later(17_000, ended(15_000))).past).toMatchObject({ lastedMs: 15_000 });
});

test("a drill that was stopped excuses no outage after it", () => {
  const after = [begins, { what: "drill-stopped" }, began] as const;
  expect(seen(...after).open).not.toHaveProperty("isDrill");
  expect(seen(...after, ended(300)).past).toMatchObject({ lastedMs: 300 });
});

test("an outage that began before the drill was stopped is the drill's, though it was noticed after", () => {
  const stopped = seen(begins, { what: "drill-stopped" });
  const noticed = { id: 3, at: 2_300, bootId: "", monotonicMs: 400, event: began };
  expect(withEvent(stopped, noticed).open).toMatchObject({ at: 1_900, isDrill: true });
});

test("a drill that a restart cut off excuses no outage after it", () => {
  const started = { what: "started", active: "em1" } as const;
  const after = [begins, started, began] as const;
  expect(seen(...after).open).toMatchObject({ at: 3_000, port: "em1" });
  expect(seen(...after).open).not.toHaveProperty("isDrill");
  expect(seen(...after, ended(300)).past).toMatchObject({ lastedMs: 300 });
});

test("a drill that never told its end excuses an outage no longer than drills last", () => {
  const open = (at: number) => openOutage(seen(begins, began), at);
  expect(open(1_800_000)).toMatchObject({ isDrill: true });
  expect(open(1_900_000)).toMatchObject({ at: 2_000 });
  expect(open(1_900_000)).not.toHaveProperty("isDrill");
});
