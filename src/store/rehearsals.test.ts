import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { parseHoldfast } from "../config/parse-holdfast.ts";
import type { Rehearsal, ScenarioResult } from "../measure/rehearsal.ts";
import { keepRehearsal, lastRehearsal, networkDigest, readRehearsals, rehearsalDirectories } from "./rehearsals.ts";

let place = "";
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "holdfast-rehearsals-"));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

const home = "bond: {primary: em1, ports: [em1, em2], address: 192.168.1.5/24, gateway: 192.168.1.1}\n";
const config = (text: string) => parseHoldfast("holdfast.yaml", text).config;
const ran = (...outages: readonly (readonly [string, number | null])[]): Rehearsal => {
  const scenarios = outages.map(([id, toHost]) => ({
    id,
    kind: "carrier",
    expected: "survives",
    verdict: toHost === null || toHost > 1000 ? "missed" : "held",
    outageMs: { toHost, fromHost: 0 },
    reselectMs: { toHost: 0, fromHost: 0 },
    uncertaintyMs: 5,
    repeats: [{}],
  }));
  return { scenarios: scenarios as unknown as readonly ScenarioResult[] } as Rehearsal;
};

test("the latest rehearsal of a configuration is found again, however the configuration is written", () => {
  keepRehearsal(place, config(home), { kernel: ran(["cable-em1", 71], ["cable-em2", 0]) }, 1000);
  keepRehearsal(place, config(home), { kernel: ran(["cable-em1", 60]), cured: ran(["cable-em1", 58]) }, 2000);
  const other =
    "bond:\n  address: 192.168.1.5/24\n  gateway: 192.168.1.1\n  ports: [em1, em2]\n  primary: em1\n  miimon: 100\n";
  const found = lastRehearsal(["/no/such/place", place], config(`${other}objectives: {outage: 300ms}\n`));
  expect(found?.kernel.map(({ id, outageMs, at }) => [id, outageMs.toHost, at])).toEqual([
    ["cable-em1", 60, 2000],
    ["cable-em2", 0, 1000],
  ]);
  expect(found?.withAgent.map(({ outageMs }) => outageMs.toHost)).toEqual([58]);
});

test("another network is another configuration", () => {
  keepRehearsal(place, config(home), { kernel: ran(["cable-em1", 71]) }, 1000);
  expect(lastRehearsal([place], config(home.replace("em1, em2", "em1, em3")))).toBeUndefined();
  expect(networkDigest(config(home))).not.toBe(networkDigest(config(`${home}targets: [9.9.9.9]\n`)));
});

test.each(["", "{", "{}", "null", '{"kernel":[{"id":1}],"withAgent":[]}'])("what isn't one is none: %s", (text) => {
  writeFileSync(join(place, `${networkDigest(config(home))}.json`), text);
  expect(lastRehearsal([place], config(home))).toBeUndefined();
});

test("no more are kept than anybody compares with", () => {
  for (let at = 1; at <= 55; at++) {
    keepRehearsal(place, config(home.replace("192.168.1.5", `192.168.1.${at + 1}`)), { kernel: ran(["x", at]) }, at);
  }
  expect(readdirSync(place).filter((name) => name.endsWith(".json"))).toHaveLength(50);
});

test("each leaves a line for the trend, also of configurations long forgotten", () => {
  const before = Array.from({ length: 499 }, (_, at) => JSON.stringify({ at, scenarios: 1 }));
  writeFileSync(join(place, "history.jsonl"), before.join("\n"));
  const [kernel, cured] = [ran(["cable-em1", 600], ["off-router", null]), ran(["cable-em1", 300])];
  keepRehearsal(place, config(home), { kernel, cured }, 600);
  const trend = readRehearsals(place);
  expect(trend).toHaveLength(500);
  const [alone, agent] = trend.slice(-2);
  expect(alone).toMatchObject({ at: 600, by: "kernel", scenarios: 2, missed: 1, worst: "off-router", outageMs: null });
  expect(agent?.outageMs).toBe(300);
  writeFileSync(join(place, "history.jsonl"), '{"at":1,"scenarios":2}\n{broken\nnull\n');
  expect(readRehearsals(place)).toHaveLength(1);
});

test("root keeps them for the host, a user for himself, and each finds the other's where he may", () => {
  expect(rehearsalDirectories({ keeps: "host", home: "/root" })).toEqual([
    "/var/lib/holdfast/rehearsals",
    "/root/.local/state/holdfast/rehearsals",
  ]);
  expect(rehearsalDirectories({ keeps: "own", home: "/home/eva", stateHome: "/state" })[0]).toBe(
    "/state/holdfast/rehearsals",
  );
});
