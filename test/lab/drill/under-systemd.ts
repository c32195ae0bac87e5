import { readFileSync, writeFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

/** Runs a program beside process 1, and gives what it printed. */
type Run = (...command: readonly string[]) => string;

const isDown = (): boolean => (Number(readFileSync("/sys/class/net/em1/flags", "utf8")) & 1) === 0;
const two = (value: number): string => String(value % 24).padStart(2, "0");

/** A drill under a real systemd: a timer for it, what that timer starts within quiet hours, and a dead man of process 1's for one that is
 *  killed together with everything of its own. The host must have been up for a while, or be taken for one that has. */
export async function drillUnderSystemd(run: Run): Promise<object> {
  writeFileSync("/etc/uptime", "5000.00 9000.00\n");
  run("mount", "--bind", "/etc/uptime", "/proc/uptime");
  const hour = new Date().getHours();
  // Now is quiet; the timer is set for when it isn't.
  const quiet = `${two(hour + 23)}:30-${two(hour + 3)}:30`;
  const scheduled = run("holdfast", "drill", "--schedule", "daily", "--at", `${two(hour + 12)}:10`, "--quiet", quiet);
  const timer = {
    scheduled,
    enabled: run("systemctl", "is-enabled", "holdfast-drill.timer"),
    active: run("systemctl", "is-active", "holdfast-drill.timer"),
    next: run("systemctl", "show", "holdfast-drill.timer", "--property=NextElapseUSecRealtime", "--value"),
    at: `${two(hour + 12)}:10:00`,
    verified: run("systemd-analyze", "verify", "--man=no", "/etc/systemd/system/holdfast-drill.service"),
  };
  const started = run("systemctl", "start", "holdfast-drill.service");
  const shown = run("systemctl", "show", "holdfast-drill.service", "--property=Result,ExecMainStatus");
  const journal = run("journalctl", "--no-pager", "--output=cat", "-u", "holdfast-drill.service");
  const unscheduled = run("holdfast", "drill", "--unschedule");
  const left = run("systemctl", "list-unit-files", "--no-legend", "holdfast-drill*");
  return { timer, started, shown, journal, unscheduled, left, killed: await killedWhole(run) };
}

/** The drill's whole unit is killed in the middle of a cut: only who stands outside of it can undo it. */
async function killedWhole(run: Run): Promise<object> {
  const words = ["holdfast", "drill", "--port", "em1", "--kind", "carrier"];
  run("systemd-run", "--unit=lab-drill", "--quiet", "--", ...words);
  for (let waited = 0; !isDown() && waited < 40_000; waited += 2) await sleep(2);
  const wasCut = isDown();
  const keeper = run("systemctl", "list-units", "--no-legend", "--plain", "holdfast-drill-*.service");
  run("systemctl", "kill", "--kill-whom=all", "--signal=KILL", "lab-drill.service");
  const killedAt = performance.now();
  while (isDown() && performance.now() - killedAt < 30_000) await sleep(2);
  const restoredAfterMs = performance.now() - killedAt;
  await sleep(2_000);
  return {
    wasCut,
    keeper,
    restoredAfterMs,
    said: run("journalctl", "--no-pager", "--output=cat", "-u", "lab-drill.service"),
    left: run("systemctl", "list-units", "--no-legend", "--plain", "holdfast-drill-*.service"),
    files: run("ls", "-A", "/run/holdfast/drill"),
  };
}
