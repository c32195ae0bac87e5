import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { getPriority } from "node:os";
import { join } from "node:path";
import { transformSync } from "esbuild";
import { expect, test } from "vitest";

const code = transformSync(readFileSync(join(import.meta.dirname, "stand-back.ts"), "utf8"), { loader: "ts" }).code;

/** Its threads' nice values after it, in a process of its own: for root alone there would be a way back. */
function after(nice: number): readonly number[] {
  const program = `${code}
    import { open } from "node:fs/promises";
    await (await open("/proc/self/stat")).close(); // the pool's threads are there
    standBack();
    process.stdout.write(readdirSync("/proc/self/task").map((thread) => getPriority(Number(thread))).join(" "));`;
  const command = ["-n", String(nice - getPriority()), process.execPath, "--input-type=module", "--eval", program];
  const done = spawnSync("nice", command, { encoding: "utf8" });
  if (done.status !== 0) throw new Error(done.stderr);
  return done.stdout.split(" ").map(Number);
}

test("who stands back does so with all its threads, and never comes forward", () => {
  const [mine, shy] = [Math.max(getPriority(), 3), Math.max(getPriority(), 15)];
  const [polite, more] = [after(mine), after(shy)];
  expect(polite.length).toBeGreaterThan(4);
  expect(new Set(polite)).toEqual(new Set([Math.max(mine, 10)]));
  expect(new Set(more)).toEqual(new Set([shy]));
});
