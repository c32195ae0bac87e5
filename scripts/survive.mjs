// What the agent must survive and takes too long for every test run: node scripts/survive.mjs [NAME…]
import { runBundled } from "./run-bundled.mjs";

await runBundled("test/lab/agent/survive.ts");
