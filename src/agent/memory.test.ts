import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { memoryIn } from "./memory.ts";

let place = "";
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), "holdfast-memory-"));
});
afterEach(() => rmSync(place, { recursive: true, force: true }));

it("hands over which paths answer, the latest word of it", () => {
  const first = memoryIn(place);
  expect(first.answered).toEqual([]);
  first.keep(["eth0 192.168.1.1", "eth1 192.168.1.1"]);
  first.keep(["eth1 192.168.1.1"]);
  expect(memoryIn(place).answered).toEqual(["eth1 192.168.1.1"]);
});

it("hands over that both ports are heard, whatever else is kept meanwhile", () => {
  const first = memoryIn(place);
  expect(first.heard).toBe("active");
  first.keepHeard("both");
  first.keep(["eth0 192.168.1.1"]);
  expect(memoryIn(place)).toMatchObject({ heard: "both", answered: ["eth0 192.168.1.1"] });
  first.keepHeard("active");
  expect(memoryIn(place).heard).toBe("active");
});

it.each([
  ["of another boot", JSON.stringify({ boot: "another", answered: ["eth0 192.168.1.1"] })],
  ["cut short", '{"boot":"'],
  ["of another shape", "[1]"],
])("takes nothing from a file %s", (_, text) => {
  writeFileSync(join(place, "answering.json"), text);
  expect(memoryIn(place).answered).toEqual([]);
});

it("does without a directory", () => {
  const memory = memoryIn(join(place, "missing"));
  memory.keep(["eth0 192.168.1.1"]);
  expect(memory.answered).toEqual([]);
});
