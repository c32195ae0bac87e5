import { readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { chooseEngine } from "../../src/lab/engines.ts";
import type { Engine } from "../../src/lab/lab.ts";
import { runJob, tracesOf } from "./booting.ts";
import { withEngine } from "./with-engine.ts";

let engine: Engine;
withEngine((found) => {
  engine = found;
});

describe("a lab", () => {
  it("hands its job to the runner, its messages to the caller, and powers off", async () => {
    const echo = { text: "ä \\ ' \" $x `y`", long: "x".repeat(200_000) };
    const { messages, result } = await runJob(engine, { echo });
    expect(messages).toEqual([{ echo, atMs: expect.any(Number), uptime: expect.any(String) }]);
    expect(result).toMatchObject({ ok: true, value: { log: expect.stringContaining("Power down") } });
    if (result.ok) process.stdout.write(`boot to power-off: ${Math.round(result.value.tookMs)} ms\n`);
    expect(tracesOf(process.pid)).toEqual([]);
  });

  it("reaches the runner at the same virtual microsecond every time, also beside others", async () => {
    const labs = ["one", "two", "three"].map((echo) => runJob(engine, { echo }));
    const seen = (await Promise.all(labs)).flatMap(({ messages }) => messages as { echo: string; atMs: number }[]);
    expect(seen.map(({ echo }) => echo)).toEqual(["one", "two", "three"]);
    expect(new Set(seen.map(({ atMs }) => atMs)).size).toBe(1);
  });

  it("has a root of its own over the host's, and finds its drivers built in", async () => {
    const commands = [
      "id -u",
      "touch /etc/holdfast-was-here",
      "hostname",
      "ls /sys/class/net | grep -c bond",
      "cat /proc/sys/kernel/osrelease",
    ];
    const { messages } = await runJob(engine, { commands });
    const outputs = (messages as { output: string }[]).map(({ output }) => output.trim());
    expect(outputs).toEqual(["0", "", "lab", "1", "6.1.192-holdfastlab"]);
    expect(() => readFileSync("/etc/holdfast-was-here")).toThrow("ENOENT");
  });

  it("makes as many bonds at start as it is told", async () => {
    const { messages } = await runJob(engine, { commands: ["cat /sys/class/net/bonding_masters"] }, { maxBonds: 1 });
    expect(messages).toMatchObject([{ output: "bond0\n" }]);
  });

  it("keeps the log of a runner that failed", async () => {
    const { result } = await runJob(engine, { exit: 3 });
    expect(result).toMatchObject({
      ok: false,
      error: { code: "guest-failed", message: expect.stringContaining("status 3") },
    });
    if (result.ok || result.error.log === undefined) throw new Error("no log");
    expect(readFileSync(result.error.log, "utf8")).toContain("the runner's last words");
    rmSync(dirname(result.error.log), { recursive: true });
  });

  it("is ended after its time", async () => {
    const { result } = await runJob(engine, { forever: true }, { timeoutMs: 2500 });
    expect(result).toMatchObject({ ok: false, error: { code: "timeout" } });
    expect(tracesOf(process.pid)).toEqual([]);
    if (!result.ok && result.error.log) rmSync(dirname(result.error.log), { recursive: true });
  });

  it("is ended when the caller wants no more", async () => {
    const controller = new AbortController();
    const { result } = await runJob(
      engine,
      { forever: true },
      { signal: controller.signal, onMessage: () => controller.abort() },
    );
    expect(result).toMatchObject({ ok: false, error: { code: "aborted" } });
    expect(tracesOf(process.pid)).toEqual([]);
  });

  it("is ended when its messages can't be taken, and says why", async () => {
    const onMessage = () => {
      throw new Error("no room");
    };
    await expect(runJob(engine, { forever: true }, { onMessage })).rejects.toThrow("no room");
    expect(tracesOf(process.pid)).toEqual([]);
  });
});

describe("the engine uml", () => {
  it("runs in real time, and names its kernel", async () => {
    const real = await chooseEngine("uml");
    if (!real.ok) throw new Error(real.error.message);
    expect(real.value).toMatchObject({ name: "uml", clock: "real", kernel: expect.stringMatching(/^6\.1\.\d+/) });
    const { messages, result } = await runJob(real.value, { echo: 1 });
    expect(messages).toMatchObject([{ echo: 1 }]);
    expect(result.ok).toBe(true);
  });
});
