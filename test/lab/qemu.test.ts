import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { readRehearsal } from "../../src/cli/rehearse/read-rehearsal.ts";
import { hostInLab } from "../../src/cli/rehearse/run-rehearsal.ts";
import { runLab } from "../../src/lab/boot.ts";
import { chooseEngine } from "../../src/lab/engines.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { rehearse } from "../../src/lab/rehearse.ts";
import { allScenarios } from "../../src/topology/scenarios.ts";
import { runJob } from "./booting.ts";

// It fetches 85 MB and counts every instruction: minutes on a machine with other things to do.
const isWanted = process.env["HOLDFAST_LONG"] !== undefined;
const examples = fileURLToPath(new URL("../../examples", import.meta.url));

async function engineNamed(name: "qemu" | "uml-tt"): Promise<Engine> {
  const chosen = await chooseEngine(name);
  if (!chosen.ok) throw new Error(chosen.error.message);
  return chosen.value;
}

async function cablePulled(engine: Engine, repeat: number) {
  const path = "articles/first/etc/network/interfaces";
  const reading = await readRehearsal({ path, topology: "powerline-wifi.yaml", cwd: examples });
  if (!("input" in reading)) throw new Error(JSON.stringify(reading.refused.diagnostics));
  const { input } = reading;
  const radios = { links: "radios" } as const;
  const ran = await rehearse(runLab, {
    ...hostInLab(input, radios),
    radios,
    scenarios: allScenarios(input.config).filter(({ id }) => id === "cable-em1"),
    repeat,
    engine,
    labs: 1,
    onProgress: () => undefined,
  });
  if (!ran.ok) throw new Error(`${ran.error.message} ${ran.error.hint}`);
  return ran.value;
}

describe.skipIf(!isWanted)("Debian's own kernel in QEMU (set HOLDFAST_LONG)", () => {
  it("has a root of its own over the host's, which it can't write to", { timeout: 900_000 }, async () => {
    const engine = await engineNamed("qemu");
    const commands = [
      "touch /etc/holdfast-was-here; ls /etc/holdfast-was-here",
      "touch /run/host/etc/nor-here",
      "uname -r",
    ];
    const { messages, result } = await runJob(engine, { commands }, { timeoutMs: 600_000 });
    expect(result).toMatchObject({ ok: true });
    const [own, hosts, release] = messages as { status: number; output: string }[];
    expect(own).toMatchObject({ status: 0, output: "/etc/holdfast-was-here\n" });
    expect(hosts?.status).not.toBe(0);
    expect(engine.kernel).toContain(release?.output.trim());
  });

  it("fails over from Ethernet to Wi-Fi as our own kernel does, within 15 %", { timeout: 3_600_000 }, async () => {
    const counted = await cablePulled(await engineNamed("qemu"), 7);
    expect(counted).toMatchObject({ engine: "qemu", clock: "virtual", verdict: "held" });
    expect(counted.notes.join()).not.toMatch(/never joined|plain wire/);
    const [ours, theirs] = [await cablePulled(await engineNamed("uml-tt"), 7), counted].map(
      ({ scenarios }) => scenarios[0]?.stats.median ?? Number.NaN,
    );
    expect(Math.abs((theirs ?? 0) - (ours ?? 0)) / (ours ?? 0)).toBeLessThanOrEqual(0.15);
  });
});
