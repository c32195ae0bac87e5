import { expect, test } from "vitest";
import type { Kept, StoredEvent } from "../../watch/chronicle.ts";
import { historyOf } from "../../watch/history.ts";
import type { Chronicle } from "./chronicle.ts";
import { movesIn, outagesDocument } from "./happened.ts";

const minute = 60_000;

/** A chronicle of these events, one a minute. */
function chronicleOf(...events: readonly Kept[]): Chronicle {
  const stored = events.map((event, index): StoredEvent => {
    const at = (index + 1) * minute;
    return { id: index + 1, at, monotonicMs: at, bootId: "", event };
  });
  const history = historyOf(stored);
  return {
    history: () => history,
    version: () => stored.length,
    watched: () => [],
    drills: () => [],
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
