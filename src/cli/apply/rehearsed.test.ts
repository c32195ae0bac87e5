import { expect, test } from "vitest";
import type { KeptRehearsal, Rehearsed } from "../../store/rehearsals.ts";
import { rehearsedOf, sayRehearsed } from "./rehearsed.ts";

const one = (id: string, ms: number | null, expected: Rehearsed["expected"] = "survives"): Rehearsed => ({
  ...{ id, kind: "cable", expected, verdict: "held", uncertaintyMs: 5, repeats: 1 },
  ...{ outageMs: { toHost: ms, fromHost: 10 }, reselectMs: { toHost: 0, fromHost: 0 } },
  at: Date.UTC(2026, 10, 22, 9, 5),
});

const kept: KeptRehearsal = {
  kernel: [one("cable-em1", 110), one("router", null), one("power", null, "no-path")],
  withAgent: [one("cable-em1", 71.2), one("router", 640)],
};

test("plan says the longest outage of what was rehearsed, with the agent where one runs", () => {
  const said = (runs: "agent" | "kernel") => {
    const found = rehearsedOf(kept, runs);
    return found === undefined ? "" : sayRehearsed(found);
  };
  const words = "Afterwards, as rehearsed 2026-11-22 09:05 UTC";
  expect(said("agent")).toBe(`${words} with the agent: the longest outage of 2 faults took 640 ms (router).`);
  expect(said("kernel")).toBe(`${words} by the kernel alone: the longest outage of 2 faults had no end (router).`);
});

test("what was never rehearsed, or promises no way anyhow, is said nothing of", () => {
  expect(rehearsedOf(undefined, "agent")).toBeUndefined();
  expect(rehearsedOf({ kernel: [one("power", null, "no-path")], withAgent: [] }, "agent")).toBeUndefined();
});
