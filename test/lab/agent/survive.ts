import { engineOrReason } from "../booting.ts";
import { trials } from "./all-trials.ts";
import { buildForLab } from "./in-lab.ts";

/** What takes too long for every test run, by hand: `node scripts/survive.mjs [NAME…]`. Prints a line of numbers for each trial, and
 *  ends with 1 when one of them misses what is promised. */
async function main(names: readonly string[]): Promise<void> {
  const engine = await engineOrReason();
  if (typeof engine === "string") throw new Error(engine);
  const built = await buildForLab();
  try {
    for (const trial of trials.filter(({ name }) => names.length === 0 || names.includes(name))) {
      const began = performance.now();
      const outcome = await trial.run(built, engine);
      const seconds = Math.round((performance.now() - began) / 100) / 10;
      process.stdout.write(`${outcome.held ? "held  " : "MISSED"} ${trial.name} (${seconds} s): ${outcome.said}\n`);
      if (!outcome.held) process.exitCode = 1;
    }
  } finally {
    built.remove();
  }
}

await main(process.argv.slice(2));
