import { readFileSync, rmSync } from "node:fs";
import { dirname } from "node:path";
import { describe, expect, it } from "vitest";
import { labError, type Outcome } from "./outcome.ts";

const options = {
  engine: { name: "uml", clock: "real", kernel: "6.1.176 (Debian user-mode-linux)", image: "/usr/bin/linux.uml" },
  job: null,
  timeoutMs: 1500,
  onMessage: () => undefined,
} as const;

function judged(outcome: Partial<Outcome>) {
  const error = labError({ log: "", ended: "by-itself", ...outcome }, options);
  if (error?.log !== undefined) {
    expect(readFileSync(error.log, "utf8")).toBe(outcome.log ?? "");
    rmSync(dirname(error.log), { recursive: true });
  }
  return error;
}

describe("labError", () => {
  it("finds no fault with a runner that ended well", () => {
    expect(judged({ status: 0 })).toBeUndefined();
  });

  it("tells a guest that failed from one that never came up, and from one that took too long", () => {
    expect(judged({ status: 3 })?.code).toBe("guest-failed");
    expect(judged({ log: "Kernel panic - not syncing: VFS" })?.code).toBe("boot-failed");
    expect(judged({ ended: "timeout", status: 3 })).toMatchObject({
      code: "timeout",
      message: expect.stringContaining("1.5 s"),
    });
  });

  it("says what a configuration did to the host it was to bring up", () => {
    const said = (outcome: Partial<Outcome>) => judged({ booted: true, ...outcome })?.message;
    expect(said({ ended: "rebooted" })).toContain("rebooted the host");
    expect(said({})).toContain("switched the host off");
    expect(said({ log: "Kernel panic - not syncing: sysrq triggered crash" })).toContain("crashed");
    expect(said({ status: 137 })).toContain("killed every process");
    expect(said({ status: 137, log: "Out of memory: Killed process 31 (node)" })).toContain("ran out of memory");
    expect(said({ ended: "quiet" })).toContain("never sleeps");
  });

  it("keeps no log of what the caller stopped", () => {
    expect(judged({ ended: "aborted", log: "text" })).toMatchObject({ code: "aborted" });
  });

  it("knows a CPU whose registers don't fit, and names the kernel", () => {
    const log = "Kernel panic - not syncing: Segfault with no mm\n";
    expect(judged({ log })).toMatchObject({ code: "cpu-unsupported", message: expect.stringContaining("Debian") });
  });

  it("knows a machine that forbids tracing or running the kernel, and says what to allow", () => {
    const traced = "Checking that ptrace can change system call numbers...ptrace: Operation not permitted\n";
    expect(judged({ log: traced })).toMatchObject({ code: "boot-failed", hint: expect.stringContaining("ptrace") });
    const noexec = "lab: 1: exec: /home/u/.cache/holdfast/linux-tt-12: Permission denied\n";
    const bySetpriv = "setpriv: failed to execute /home/u/.cache/holdfast/linux-tt-12: Permission denied\n";
    for (const log of [noexec, bySetpriv])
      expect(judged({ log })).toMatchObject({ code: "boot-failed", hint: expect.stringContaining("XDG_CACHE_HOME") });
  });
});
