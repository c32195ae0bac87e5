import { describe, expect, test } from "vitest";
import { readRehearsal } from "../../src/cli/rehearse/read-rehearsal.ts";
import { hostInLab } from "../../src/cli/rehearse/run-rehearsal.ts";
import { renderAccounted, withSourceDefaults } from "../../src/dialects/account.ts";
import { ifupdown2 } from "../../src/dialects/ifupdown2/ifupdown2.ts";
import { netplan } from "../../src/dialects/netplan/netplan.ts";
import { runLab } from "../../src/lab/boot.ts";
import { rehearse } from "../../src/lab/rehearse.ts";
import { allScenarios } from "../../src/topology/scenarios.ts";
import { root } from "../house/source.ts";
import { engineOrReason } from "./booting.ts";

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
      expect(losses).toEqual([]);
      const around = await readRehearsal({ path: "examples/two-switches-stp.yaml", manager: "ifupdown2", cwd: root });
      if (!("input" in around)) throw new Error(JSON.stringify(around.refused.diagnostics));
      const host = hostInLab({ ...around.input, files });
      const ran = await rehearse(runLab, {
        ...host,
        bringUp: {
          ...host.bringUp,
          commands: [...host.bringUp.commands, ["sh", "-c", again]],
        },
        scenarios: allScenarios(around.input.config).filter(({ id }) => id === "hang-switch-a"),
        repeat: 1,
        engine,
        labs: 1,
        signal: new AbortController().signal,
        onProgress: () => undefined,
      });
      if (!ran.ok) throw new Error(ran.error.message);
      const options = "active 1\n3\n0\n250\n192.168.10.1\nall 3\neth0\n";
      expect(ran.value.bringUp.output).toContain(
        `\n${options}\n${options}\n${options.replace("active 1", "none 0")}\n${options}`,
      );
      expect(ran.value.scenarios.map(({ id, verdict }) => `${id} ${verdict}`)).toEqual(["hang-switch-a held"]);
    });
  },
);
