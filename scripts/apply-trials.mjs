// What `apply` must survive, over a real ssh session into the lab: node scripts/apply-trials.mjs [HOST] SCENE…; hosts are in
// test/lab/apply/host-kinds.ts (ifupdown, ifupdown2, networkd, netplan, networkmanager, sysvinit, openrc, busybox, dual, ipv6, advertised, networkd6,
// networkmanager6, networkdadvertised, networkmanageradvertised, bonded, bondedadvertised, networkdbonded, networkmanagerbonded,
// networkdbondedadvertised, networkmanagerbondedadvertised, radio, netplanradio, netplanradioalone, networkdradioalone, networkmanagerradio), scenes in scenes.ts and beside it.
import { runBundled } from "./run-bundled.mjs";

await runBundled("test/lab/apply/trials.ts");
