import { spawnSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { engineOrReason } from "./booting.ts";
import { cutPower } from "./power/cut.ts";

const engine = await engineOrReason();
const hasExt4 = spawnSync("mkfs.ext4", ["-V"]).error === undefined;
const why = typeof engine === "string" ? ` (skipped: ${engine})` : hasExt4 ? "" : " (skipped: no mkfs.ext4 here)";

/** `node scripts/power-cuts.mjs 200` does it at length. */
describe.skipIf(why !== "")(`a real kernel that loses its power while a network is changed${why}`, () => {
  it("finds the old files or the confirmed new ones, ten times out of ten", async () => {
    if (typeof engine === "string") return;
    const came = await cutPower(engine, 10, 1);
    expect(came.wrong).toEqual([]);
    expect(came.recovered).toBe(10);
    expect(came.changes).toBeGreaterThan(0);
  }, 300_000);
});
