// What fail_over_mac costs a bond of Ethernet and Wi-Fi, by real radios in the lab, as docs/decisions/0025 has it:
// node scripts/wifi-policies.mjs [none|active|follow…]
import { runBundled } from "./run-bundled.mjs";

await runBundled("test/lab/wifi/policies.ts");
