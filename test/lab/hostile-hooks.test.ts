import { rmSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { runLab } from "../../src/lab/boot.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { runDrills } from "../../src/lab/run-drills.ts";
import { articleFile, byIfupdown, jobOf } from "./two-switches.ts";
import { withEngine } from "./with-engine.ts";

let engine: Engine;
withEngine((found) => {
  engine = found;
});

/** Brings up the first article's bond with one more line in it. */
async function withHook(line: string, clock: Engine["clock"] = engine.clock) {
  const files = { "/etc/network/interfaces": `${articleFile}    ${line}\n` };
  const { drills, ...job } = jobOf({ files, bringUp: byIfupdown, drills: [], clock });
  // A lab that can't end itself is ended after so long; the product waits longer, for busy machines.
  const quietMs = () => 12_000;
  const boot = { engine: { ...engine, clock }, timeoutMs: 90_000, quietMs };
  const result = await runDrills(runLab, { job, drills, boot, onTrace: () => undefined, onUp: () => undefined });
  if (!result.ok && result.error.log) rmSync(dirname(result.error.log), { recursive: true });
  return result;
}

describe("a command in the user's files", () => {
  it.each([
    ["reboots", "up reboot -f; echo b > /proc/sysrq-trigger; sleep 5", "rebooted", "rebooted the host"],
    ["switches off", "up echo o > /proc/sysrq-trigger; sleep 5", "guest-failed", "switched the host off"],
    ["kills everything", "up kill -9 -1", "guest-failed", "killed every process"],
    ["never sleeps", "up while :; do :; done", "bring-up-hung", '"while :; do :; done" (bond0, post-up) does not end'],
  ])("that %s is named", { timeout: 60_000 }, async (_, line, code, message) => {
    expect(await withHook(line)).toMatchObject({
      ok: false,
      error: { code, message: expect.stringContaining(message) },
    });
  });

  it("that never ends is stopped and named, and what it had brought up is looked at", async () => {
    const hung = { command: "sleep infinity", interface: "bond0", phase: "post-up" };
    const up = { exit: 124, hung, bonds: [{ name: "bond0", miimon: 100 }] };
    expect(await withHook("up sleep infinity")).toMatchObject({ ok: true, value: { up } });
  });

  it("that floods is heard to 64 KiB, and the host comes up", async () => {
    const result = await withHook("up yes | head -c 50000000");
    expect(result).toMatchObject({ ok: true, value: { up: { exit: 0 } } });
    if (result.ok) expect(result.value.up.output).toHaveLength(65_536);
  });

  it("that goes on writing in the background lives, and holds nothing up", async () => {
    const line = "up (while :; do date; sleep 0.1; done) & sleep 1";
    expect(await withHook(line)).toMatchObject({ ok: true, value: { up: { exit: 0 } } });
  });
});
