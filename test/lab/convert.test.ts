import { describe, expect, test } from "vitest";
import { readRehearsal } from "../../src/cli/rehearse/read-rehearsal.ts";
import { renderAccounted, withSourceDefaults } from "../../src/dialects/account.ts";
import { ifupdown2 } from "../../src/dialects/ifupdown2/ifupdown2.ts";
import { netplan } from "../../src/dialects/netplan/netplan.ts";
import { runLab } from "../../src/lab/boot.ts";
import { root } from "../house/source.ts";
import { engineOrReason } from "./booting.ts";
import { rehearseScenario } from "./rehearse-scenario.ts";

const engine = await engineOrReason();

/** What ifupdown2 has no attribute for, on the host of examples/two-switches-stp.yaml. */
const source = `network:
  ethernets: {eth0: {}, eth1: {}}
  bonds:
    bond0:
      interfaces: [eth0, eth1]
      addresses: [192.168.10.20/24]
      routes: [{to: default, via: 192.168.10.1}]
      parameters:
        mode: active-backup
        primary: eth0
        fail-over-mac-policy: active
        resend-igmp: 3
        arp-interval: 250
        arp-ip-targets: [192.168.10.1]
        arp-validate: all
`;

const shown = ["fail_over_mac", "resend_igmp", "miimon", "arp_interval", "arp_ip_target", "arp_validate", "primary"];
const look = `cd /sys/class/net/bond0/bonding; echo; cat ${shown.join(" ")}`;
/** The bond by itself leaves the ports' lines out; the last ifup makes it with them. */
const again = `${look}; ifreload -a; ${look}; cd /; ifdown bond0; ifup bond0; ${look}; cd /; ifdown bond0; ifup eth0 bond0; ${look}`;

describe.skipIf(typeof engine === "string")(
  `a netplan file for ifupdown2${typeof engine === "string" ? ` (skipped: ${engine})` : ""}`,
  () => {
    test("comes up under the real ifupdown2 with all its options, keeps them when it is reloaded, has its monitor after ifdown and ifup, and leaves a dead path behind a live link", {
      timeout: 180_000,
    }, async () => {
      if (typeof engine === "string") return;
      const { config } = netplan.parse(new Map([["/etc/netplan/a.yaml", source]]));
      const { files, losses } = renderAccounted(ifupdown2, withSourceDefaults(config, netplan, ifupdown2));
      // What a plain ifup of the bond alone forgets is told.
      expect(losses.map(({ about }) => about)).toEqual(["bond/bond0/option/fail_over_mac"]);
      const around = await readRehearsal({ path: "examples/two-switches-stp.yaml", manager: "ifupdown2", cwd: root });
      if (!("input" in around)) throw new Error(JSON.stringify(around.refused.diagnostics));
      const ran = await rehearseScenario(
        runLab,
        engine,
        { ...around.input, files },
        { scenario: "hang-switch-a", afterwards: [["sh", "-c", again]] },
      );
      const options = "active 1\n3\n0\n250\n192.168.10.1\nall 3\neth0\n";
      expect(ran.bringUp.output).toContain(
        `\n${options}\n${options}\n${options.replace("active 1", "none 0")}\n${options}`,
      );
      expect(ran.scenarios.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual(["hang-switch-a held"]);
    });
  },
);
