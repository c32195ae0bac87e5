import { cpSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { InitDocument } from "../../src/api/types.ts";
import { commands } from "../../src/cli/commands/registry.ts";
import { runProgram } from "../../src/cli/program.ts";
import { readRehearsal } from "../../src/cli/rehearse/read-rehearsal.ts";
import { memoryCli } from "../../src/cli/testing/memory-cli.ts";
import { runLab } from "../../src/lab/boot.ts";
import type { Engine, RunLab } from "../../src/lab/lab.ts";
import { root } from "../house/source.ts";
import { engineOrReason } from "./booting.ts";
import { rehearseScenario } from "./rehearse-scenario.ts";

const engine = await engineOrReason();
const place = join(root, ".cache", `init-${process.pid}`);
const divider = "----";

/* Node can't end by itself where virtual time stands still (docs/decisions/0018): it is killed when it has said everything. */
const ending = `process.on("exit", () => process.kill(process.pid, "SIGKILL"));\n`;
const init = `${process.execPath} --require /run/ending.cjs ${place}/bin/holdfast init --print --json`;
const script = [
  "sleep 3",
  // A host speaks to its router; then the kernel knows its MAC address.
  "bash -c 'echo >/dev/udp/192.168.1.1/9'; sleep 1",
  ...[init, `${init} --address keep`].map((line) => `echo; echo ${divider}; ${line} || true`),
];

/** A host as it comes: one cable in use with an address by DHCP, and a second port that nobody has set up. */
const bare = "auto lo\niface lo inet loopback\n\nauto eth0\niface eth0 inet dhcp\n";

/** A command that never sleeps takes as long as the machine is busy. */
const patiently: RunLab = (options) => runLab({ ...options, quietMs: () => undefined, timeoutMs: 150_000 });

async function askedInside(engine: Engine): Promise<readonly InitDocument[]> {
  const reading = await readRehearsal({ path: "examples/dhcp-single-router.yaml", cwd: root });
  if (!("input" in reading)) throw new Error(JSON.stringify(reading.refused.diagnostics));
  const input = { ...reading.input, files: new Map([["/etc/network/interfaces", bare]]) };
  const ran = await rehearseScenario(patiently, engine, input, {
    scenario: "healthy",
    afterwards: [["sh", "-c", script.join("\n")]],
    files: { "/run/ending.cjs": ending },
  });
  const [, ...said] = ran.bringUp.output.split(`${divider}\n`);
  // Behind the document the shell tells that somebody was killed.
  return said.map((text) => JSON.parse(text.slice(0, text.lastIndexOf("\n}") + 2)) as InitDocument);
}

async function run(...words: string[]) {
  const cli = memoryCli({ cwd: place });
  const exit = await runProgram(cli, commands, words);
  return { exit, ...cli.printed() };
}

describe.skipIf(typeof engine === "string")(
  `init on a host with two ports${typeof engine === "string" ? ` (skipped: ${engine})` : ""}`,
  () => {
    beforeAll(() => {
      mkdirSync(place, { recursive: true });
      for (const part of ["bin", "dist", "package.json"])
        cpSync(join(root, part), join(place, part), { recursive: true });
    });
    afterAll(() => rmSync(place, { recursive: true, force: true }));

    test("what it sees becomes a file that check finds nothing in, and that holds when rehearsed", async () => {
      if (typeof engine === "string") return;
      const [leased, kept] = await askedInside(engine);
      expect(leased?.config).toContain("dhcp: true");
      expect(leased?.config).toContain("primary: eth0");
      // The router was only seen: nobody was asked, and no file says it.
      expect(kept?.config).toMatch(/address: \[192\.168\.1\.\d+\/24\]\n {2}gateway: \[192\.168\.1\.1\]/);
      expect(kept?.config).toMatch(/# Seen with the MAC address ([0-9a-f]{2}:){5}[0-9a-f]{2}\./);
      for (const [name, document] of Object.entries({ leased, kept })) {
        writeFileSync(join(place, `${name}.yaml`), document?.config ?? "");
        const checked = await run("check", `${name}.yaml`);
        expect(checked.stdout).not.toMatch(/^(error|warning)\[/m);
      }
      // All faults take half a minute of a quiet machine: two stand for them here.
      const rehearsed = await run("rehearse", "leased.yaml", "--scenario", "cable-eth0", "cable-eth1");
      expect([rehearsed.stdout, rehearsed.exit]).toEqual([rehearsed.stdout, "fine"]);
      expect(rehearsed.stdout).toContain("✓ held");
    }, 600_000);
  },
);
