import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { commandText, whatRuns } from "./what-runs.ts";

test("a shell's command is what its author wrote, any other one its words", () => {
  expect(commandText(["/bin/sh", "-c", "while :; do :; done"])).toBe("while :; do :; done");
  expect(commandText(["sleep", "infinity"])).toBe("sleep infinity");
  expect(commandText(["/bin/sh", "/etc/network/if-up.d/own"])).toBe("/bin/sh /etc/network/if-up.d/own");
  expect(commandText([])).toBe("");
});

test("what a process waits for is its youngest descendant, with what ifupdown told it", async () => {
  const env = { ...process.env, IFACE: "bond0", PHASE: "post-up" };
  const shell = spawn("sh", ["-c", "echo here; sleep 60; true"], { env, detached: true });
  await once(shell.stdout, "data");
  const leader = shell.pid ?? 0;
  await expect.poll(() => whatRuns(leader)).toEqual({ command: "sleep 60", interface: "bond0", phase: "post-up" });
  process.kill(-leader, "SIGKILL");
});
