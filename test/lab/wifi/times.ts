import { readFileSync } from "node:fs";
import { availableParallelism, loadavg } from "node:os";
import { chooseEngine } from "../../../src/lab/engines.ts";
import type { EngineName } from "../../../src/lab/lab.ts";
import { allScenarios, defaultScenarios } from "../../../src/topology/scenarios.ts";
import { byRadio, readHouse } from "./by-radio.ts";

/** How long a rehearsal by radio takes, engine by engine: until the first fault is measured, and all that the example's radio can meet.
 *  Prints the clock on the wall, counted from the start of this program, and processor time; the first says something on a quiet machine. */

const ticksPerSecond = 100;

/** Of this process and of all that it has waited for, s. */
function processorSeconds(): number {
  const fields = readFileSync("/proc/self/stat", "utf8").split(") ")[1]?.split(" ") ?? [];
  return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields[at]), 0) / ticksPerSecond;
}

async function time(name: EngineName, what: "first" | "all"): Promise<void> {
  const chosen = await chooseEngine(name);
  if (!chosen.ok) throw new Error(chosen.error.message);
  const input = await readHouse({ path: "powerline-wifi.yaml" });
  const usual = new Set(defaultScenarios(input.config).map(({ id }) => id));
  const wanted = allScenarios(input.config).filter(({ id, needsRadio }) => usual.has(id) || needsRadio === true);
  const names = what === "first" ? ["cable-em1"] : wanted.map(({ id }) => id);
  let firstMs = Number.NaN;
  const before = processorSeconds();
  const beganMs = performance.now();
  const { rehearsal } = await byRadio(chosen.value, input, names, {
    labs: availableParallelism(),
    onProgress: (now) => {
      if (now.phase === "drill" && now.done === 1) firstMs = performance.now() - beganMs;
    },
  });
  const say = (ms: number) => `${(ms / 1000).toFixed(1)} s`;
  const spent = say((processorSeconds() - before) * 1000);
  const whole = say(performance.now() - beganMs);
  process.stdout.write(
    `${name}: first of ${names.length} measured after ${say(firstMs)}, all after ${whole}; ${spent} of processor time; ${rehearsal.scenarios.length} results; load ${loadavg()[0]?.toFixed(1)}\n`,
  );
}

for (const word of process.argv.slice(2)) {
  const [name = "", what] = word.split(":");
  await time(name as EngineName, what === "all" ? "all" : "first");
}
