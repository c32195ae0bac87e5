import { engineOrReason } from "../booting.ts";
import { cutPower } from "./cut.ts";

/** `node scripts/power-cuts.mjs [CUTS] [SEED]`: real kernels killed in the middle of changes. */
const [cuts = "200", seed = "1"] = process.argv.slice(2);
const engine = await engineOrReason();
if (typeof engine === "string") throw new Error(engine);
const came = await cutPower(engine, Number(cuts), Number(seed), (line) => process.stdout.write(`${line}\n`));
process.stdout.write(
  `${came.recovered} of ${came.cuts} recovered; ${came.putBack} were put back; ${came.changes} changes confirmed\n${came.wrong.join("\n")}\n`,
);
process.exitCode = came.wrong.length === 0 ? 0 : 1;
