import { expect, test } from "vitest";
import { claimed, remembered } from "./outstanding.ts";

const probe = (id: number, at: number, target = "gw") => ({ id, at, target, mac: "02:00:00:00:00:0a" });

test("an answer with an id belongs to that probe alone", () => {
  const list = [probe(1, 0), probe(2, 10)];
  expect(claimed(list, { target: "gw", id: 1, at: 20 })).toEqual({ probe: probe(1, 0), rest: [probe(2, 10)] });
  expect(claimed(list, { target: "gw", id: 3, at: 20 })).toBeUndefined();
  expect(claimed(list, { target: "other", id: 1, at: 20 })).toBeUndefined();
});

test("an answer without one is the latest probe's: those before it were lost", () => {
  expect(claimed([probe(1, 0), probe(2, 15)], { target: "gw", at: 16 })?.probe.id).toBe(2);
});

test("nothing asked, nothing answered: a forged or doubled answer finds no probe", () => {
  expect(claimed([], { target: "gw", at: 1 })).toBeUndefined();
  expect(claimed([probe(1, 0)], { target: "gw", at: 2_500 })).toBeUndefined();
});

test("however many probes leave, few are remembered", () => {
  let list: readonly ReturnType<typeof probe>[] = [];
  for (let id = 0; id < 10_000; id++) list = remembered(list, probe(id, id));
  expect(list.length).toBeLessThanOrEqual(256);
});
