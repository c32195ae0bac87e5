// Real kernels killed in the middle of `apply`: node scripts/power-cuts.mjs [CUTS] [SEED]
import { runBundled } from "./run-bundled.mjs";

await runBundled("test/lab/power/run.ts");
