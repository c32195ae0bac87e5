import { cpSync, mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { managerNames } from "../../src/cli/rehearse/managers.ts";
import { readRehearsal } from "../../src/cli/rehearse/read-rehearsal.ts";
import { runLab } from "../../src/lab/boot.ts";
import type { RunLab } from "../../src/lab/lab.ts";
import { root } from "../house/source.ts";
import { engineOrReason } from "./booting.ts";
import { rehearseScenario } from "./rehearse-scenario.ts";

const engine = await engineOrReason();
const place = join(root, ".cache", `check-host-${process.pid}`);
const divider = "----";

/* Node can't end by itself where virtual time stands still (docs/decisions/0018): it is killed when it has said everything. */
const ending = `process.on("exit", () => process.kill(process.pid, "SIGKILL"));\n`;
const checked = `echo; echo ${divider}; ${process.execPath} --require /run/ending.cjs ${place}/bin/holdfast check --host --verbose 2>&1 || true`;

/** What somebody types at night. */
const byHand = [
  "ip link set eth1 nomaster",
  "echo 200 >/sys/class/net/bond0/bonding/miimon",
  // Behind the bond's back: the bond itself keeps 1500.
  "ip link set eth0 mtu 1400",
  "ip address del 192.168.1.105/24 dev bond0",
  "ip address add 192.168.1.77/24 dev bond0",
  "ip route replace default via 192.168.1.9 dev bond0",
];

const script = ["sleep 8", checked, ...byHand, "sleep 2", checked].join("\n");

/** A command that never sleeps takes as long as the machine is busy. */
const patiently: RunLab = (options) => runLab({ ...options, quietMs: () => undefined, timeoutMs: 150_000 });

describe.skipIf(typeof engine === "string")(
  `check --host on a bond that runs${typeof engine === "string" ? ` (skipped: ${engine})` : ""}`,
  () => {
    beforeAll(() => {
      mkdirSync(place, { recursive: true });
      for (const part of ["bin", "dist", "package.json"])
        cpSync(join(root, part), join(place, part), { recursive: true });
    });
    afterAll(() => rmSync(place, { recursive: true, force: true }));

    test.each(managerNames)(
      "%s: who is in charge, nothing wrong at first, and each thing that somebody changes",
      async (manager) => {
        if (typeof engine === "string") return;
        const reading = await readRehearsal({ path: "examples/vdsl-lte.yaml", manager, cwd: root });
        if (!("input" in reading)) throw new Error(JSON.stringify(reading.refused.diagnostics));
        const ran = await rehearseScenario(patiently, engine, reading.input, {
          scenario: "healthy",
          afterwards: [["sh", "-c", script]],
          files: { "/run/ending.cjs": ending },
        });
        const [, good = "", drifted = ""] = ran.bringUp.output.split(`${divider}\n`);
        expect(good).toContain("says it configures eth0, eth1, bond0");
        expect(good).toContain("because it configures eth0 and eth1 and bond0");
        expect(codesIn(good), good).toEqual([]);
        // NetworkManager puts a port back by itself.
        const outside = manager === "networkmanager" ? [] : ["port-not-in-bond"];
        const codes = ["address-not-in-force", "existing-bond-unchanged", "mtu-not-in-force", "route-not-in-force"];
        expect(codesIn(drifted), drifted).toEqual([...codes, ...outside].toSorted());
      },
      180_000,
    );
  },
);

/** What is found, but for the names of the lab's interfaces. */
function codesIn(text: string): readonly string[] {
  const all = [...text.matchAll(/^(?:error|warning|advice)\[([a-z0-9-]+)\]/gm)].flatMap(([, code]) => code ?? []);
  return [...new Set(all)].filter((code) => code !== "interface-renamed").toSorted();
}
