import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Rehearsal, ScenarioResult } from "../measure/rehearsal.ts";
import { keepDrill, proofOf, readDrills } from "./drills.ts";

let place = "";
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "holdfast-drills-"));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const cut = (id: string, toHost: number | null, verdict: "held" | "missed" = "held") =>
  ({
    id,
    verdict,
    outageMs: { toHost, fromHost: 12 },
    reselectMs: { toHost: 0, fromHost: 0 },
    uncertaintyMs: 5,
  }) as unknown as ScenarioResult;
const drill = (...scenarios: readonly ScenarioResult[]): Rehearsal => {
  const verdict = scenarios.some((each) => each.verdict === "missed") ? "missed" : "held";
  return { engine: "live", verdict, scenarios } as unknown as Rehearsal;
};

test("the trend goes back as far as drills are kept, and the latest tells what is proven", () => {
  expect(proofOf(readDrills(place))).toBeUndefined();
  keepDrill(place, drill(cut("carrier-em1", 84), cut("carrier-em2", 0)), 1000);
  keepDrill(place, drill(cut("carrier-em1", 71)), 2000);
  expect(readDrills(place).map(({ cuts }) => cuts[0]?.outageMs)).toEqual([84, 71]);
  expect(proofOf(readDrills(place))).toEqual({ at: 2000, verdict: "held", outageMs: 71, cut: "carrier-em1" });
});

test("a missed cut is what the latest drill says, before a longer one that held", () => {
  keepDrill(place, drill(cut("carrier-em1", 900), cut("silent-em2", null, "missed")), 1000);
  expect(proofOf(readDrills(place))).toMatchObject({ verdict: "missed", cut: "silent-em2", outageMs: null });
});

test("what is kept is bounded, and a torn line costs that line", () => {
  for (let at = 1; at <= 60; at++) keepDrill(place, drill(cut("carrier-em1", at)), at);
  expect(readdirSync(place).filter((name) => /^\d+\.json$/.test(name))).toHaveLength(50);
  expect(readDrills(place)).toHaveLength(60);
  const kept = readDrills(place).map((each) => JSON.stringify(each));
  writeFileSync(join(place, "history.jsonl"), `${kept.join("\n")}\n{"at":61,"cu`);
  expect(readDrills(place)).toHaveLength(60);
});
