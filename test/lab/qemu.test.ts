import { describe, expect, it } from "vitest";
import { chooseEngine } from "../../src/lab/engines.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { runJob } from "./booting.ts";
import { byRadio, firstArticle, readHouse } from "./wifi/by-radio.ts";

// It fetches 85 MB and counts every instruction: minutes on a machine with other things to do.
const isWanted = process.env["HOLDFAST_LONG"] !== undefined;

async function engineNamed(name: "qemu" | "uml-tt"): Promise<Engine> {
  const chosen = await chooseEngine(name);
  if (!chosen.ok) throw new Error(chosen.error.message);
  return chosen.value;
}

async function cablePulled(engine: Engine, repeat: number) {
  return (await byRadio(engine, await readHouse(firstArticle), ["cable-em1"], { repeat })).rehearsal;
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

  it("has what befalls a radio, as our own kernel has it", { timeout: 3_600_000 }, async () => {
    const { of } = await byRadio(await engineNamed("qemu"), await readHouse({ path: "powerline-wifi.yaml" }), [
      "deauth-wlan0",
      "key-wlan0",
      "weak-alone-wlan0",
    ]);
    const gone = "(slave wlan0): link status definitely down";
    // While Ethernet carries, and each port has its own MAC address, neither being thrown out nor another key costs a packet.
    for (const id of ["deauth-wlan0", "key-wlan0"]) {
      expect(of(id), id).toMatchObject({ verdict: "held", lost: 0 });
      expect(of(id).said.join(), id).toContain(gone);
    }
    const weak = of("weak-alone-wlan0");
    const share = weak.lost / weak.sent;
    expect([weak.verdict, share > 0.01, share < 0.2]).toEqual(["held", true, true]);
  });
});
