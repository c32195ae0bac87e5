// What `apply` must survive, over a real ssh session into the lab: node scripts/apply-trials.mjs SCENE…
import { runBundled } from "./run-bundled.mjs";

await runBundled("test/lab/apply/trials.ts");
