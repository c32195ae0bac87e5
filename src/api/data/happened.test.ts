import { expect, test } from "vitest";
import type { Kept, StoredEvent } from "../../watch/chronicle.ts";
import { historyOf } from "../../watch/history.ts";
import type { Chronicle } from "./chronicle.ts";
import { movesIn, outagesDocument } from "./happened.ts";
import { watchedTime } from "./watched-time.ts";

const minute = 60_000;

/** A chronicle of these events, one a minute. */
function chronicleOf(...events: readonly Kept[]): Chronicle {
  const stored = events.map((event, index): StoredEvent => {
    const at = (index + 1) * minute;
    return { id: index + 1, at, monotonicMs: at, bootId: "", event };
  });
  const history = historyOf(stored);
  const time = watchedTime();
  for (const event of stored) time.take(event);
  return {
    history: () => history,
    version: () => stored.length,
    watched: () => [],
    drills: time.drills,
    follow: () => () => {},
    alive: () => {},
  };
}

const started: Kept = { what: "started", active: "em1" };
const dies: Kept = { what: "redundancy", usable: 1, declared: 2, missing: ["em1"] };
const whole: Kept = { what: "redundancy", usable: 2, declared: 2, missing: [] };

test("pages of troubles are all of them, each once, the newest first", () => {
  const chronicle = chronicleOf(started, ...Array.from({ length: 25 }, () => [dies, whole]).flat());
  const now = 60 * minute;
  const ids: number[] = [];
  const pages: number[] = [];
  for (let before: number | null = now; before !== null; ) {
    const { outages, next } = outagesDocument(chronicle, { before, limit: 10 }, now);
    ids.push(...outages.map(({ firstId }) => firstId));
    pages.push(outages.length);
    before = next;
  }
  expect(pages).toEqual([10, 10, 5]);
  expect(ids).toEqual(Array.from({ length: 25 }, (_, n) => 50 - 2 * n));
  expect(outagesDocument(chronicle, {}, now)).toMatchObject({ next: null, knownSince: minute });
});

test("what goes on still is on the first page, however much has happened since, and on no other", () => {
  const beyond: Kept = {
    what: "beyond-lost",
    port: "em1",
    router: "192.168.1.1",
    targets: [],
    since: 2 * minute,
    evidence: "",
  };
  const chronicle = chronicleOf(started, beyond, ...Array.from({ length: 25 }, () => [dies, whole]).flat());
  const now = 60 * minute;
  const kinds = (parameters: object) =>
    outagesDocument(chronicle, { ...parameters }, now).outages.map(({ kind }) => kind);
  expect(kinds({ limit: 10 })).toEqual([...Array.from({ length: 10 }, () => "port"), "internet"]);
  expect(kinds({ before: 40 * minute, limit: 200 })).not.toContain("internet");
});

test("a trouble that a drill made is the drill's, until an outage of it outlasts the drill", () => {
  const began: Kept = { what: "outage-begins", cause: "path-dead", since: 3 * minute, extent: "port", evidence: "" };
  const ended = (minutes: number): Kept => ({ what: "outage-ends", lastedMs: minutes * minute, cause: "path-dead" });
  const missed: Kept = { what: "drilled", verdict: "missed", outageMs: null, cut: "silent-em1" };
  const drill = [whole, { what: "drill-begins", cuts: 1 }, began] as const;
  const seen = (now: number, ...events: readonly Kept[]) =>
    outagesDocument(chronicleOf(...drill, ...events), {}, now).outages.map(({ isDrill }) => isDrill);
  expect(seen(3.5 * minute)).toEqual([true]);
  expect(seen(5 * minute, ended(0.9), missed)).toEqual([true]);
  // The end of an outage is told when the port has held for a while; it was over before the drill was.
  expect(seen(4 * minute + 3_000, missed)).toEqual([true]);
  expect(seen(5 * minute, missed, ended(1))).toEqual([true]);
  expect(seen(5 * minute, missed)).toEqual([false]);
  expect(seen(9 * minute, missed, ended(2))).toEqual([false]);
  expect(seen(9 * minute, missed, { what: "started", active: "em1" })).toEqual([false]);
});

test("a trouble that came of the mains says so", () => {
  const battery = { chargePercent: 83, runtimeMs: null, lastedMs: null, reason: "" };
  const out: Kept = { what: "ups", change: "on-battery", ups: "apc", ports: ["em1"], ...battery };
  const { outages } = outagesDocument(
    chronicleOf(started, whole, out, { what: "carrier", port: "em1", up: false }),
    {},
    9 * minute,
  );
  expect(outages.map(({ title }) => title)).toEqual(["the mains failed: em1 lost its carrier"]);
});

test("moves of a chart's minutes are found among a year's", () => {
  const moves = (n: number): readonly Kept[] => [
    dies,
    { what: "moved", from: "em1", to: "wlan0", cause: "carrier-lost", noticedAfterMs: n, evidence: "" },
    whole,
  ];
  const history = chronicleOf(started, ...Array.from({ length: 20 }, (_, n) => moves(n)).flat()).history();
  const noticed = (from: number, to: number) => movesIn(history, { from, to }).map((move) => move.noticedAfterMs);
  expect(noticed(0, 100 * minute)).toEqual(Array.from({ length: 20 }, (_, n) => n));
  // The n-th move is told in minute 3 + 3n.
  expect(noticed(54 * minute, 57 * minute)).toEqual([17, 18]);
  expect(noticed(54 * minute + 1, 57 * minute - 1)).toEqual([]);
  expect(noticed(61 * minute, 62 * minute)).toEqual([]);
});
