// How long rehearsing by radio takes, as docs/decisions/0024 has it: node scripts/wifi-times.mjs ENGINE[:all]…
// "uml-tt" and "qemu": until the first fault is measured; "uml-tt:all": every scenario of the example that its radio can meet.
import { runBundled } from "./run-bundled.mjs";

await runBundled("test/lab/wifi/times.ts");
