import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { type WriteError, writeFiles } from "../host/linux/write-files.ts";
import { failed, ok, type Result } from "../model/result.ts";
import { runProgram } from "./run-program.ts";
import { cronFile, type Schedule, scheduleFiles, systemdFiles } from "./schedule.ts";

/** Where and with whom a schedule is put. */
export interface SchedulePlace {
  /** "/" but in tests. */
  readonly root: string;
  /** Whose timers this host has. */
  readonly keeper: "systemd" | "cron";
}

/** A reload reads every unit there is and runs the generators: on a small host that takes its time. */
const SYSTEMCTL_MS = 90_000;

/** Who keeps timers here: systemd where it runs. */
export function keeperHere(): SchedulePlace["keeper"] {
  return existsSync("/run/systemd/system") ? "systemd" : "cron";
}

/** Puts a schedule in place of the one there was. The files that stand for it, or what went wrong. */
export async function putSchedule(
  { root, keeper }: SchedulePlace,
  schedule: Schedule,
  words: readonly string[],
): Promise<Result<readonly string[], string>> {
  const files = keeper === "systemd" ? systemdFiles(schedule, words) : cronFile(schedule, words);
  const written = await putFiles(root, files);
  if (!written.ok) return failed(sayWriteError(written.error));
  if (keeper === "cron") return ok([...files.keys()]);
  for (const argv of [
    ["systemctl", "daemon-reload"],
    ["systemctl", "enable", "--now", "holdfast-drill.timer"],
  ] as const) {
    const { status, stderr } = await runProgram({ argv: [...argv] as [string, ...string[]] }, SYSTEMCTL_MS);
    if (status === 0) continue;
    // Half a schedule would begin by itself after the next boot.
    await endSchedule({ root, keeper });
    return failed(`${argv.join(" ")}: ${stderr.trim() || `exit status ${status}`}`);
  }
  return ok([...files.keys()]);
}

/** Takes the schedule away: whether there was one. */
export async function endSchedule({ root, keeper }: SchedulePlace): Promise<boolean> {
  const there = Object.values(scheduleFiles).filter((path) => existsSync(join(root, path)));
  if (keeper === "systemd" && there.length > 0) {
    await runProgram({ argv: ["systemctl", "disable", "--now", "holdfast-drill.timer"] }, SYSTEMCTL_MS);
  }
  for (const path of there) rmSync(join(root, path), { force: true });
  if (keeper === "systemd" && there.length > 0)
    await runProgram({ argv: ["systemctl", "daemon-reload"] }, SYSTEMCTL_MS);
  return there.length > 0;
}

/** Below a directory of their own, so that writing to this very host is what is meant. */
async function putFiles(root: string, files: ReadonlyMap<string, string>): Promise<Result<unknown, WriteError>> {
  for (const [path, text] of files) {
    const directory = join(root, path.slice(0, path.lastIndexOf("/")));
    const name = path.slice(path.lastIndexOf("/") + 1);
    const written = await writeFiles({
      root: directory,
      files: new Map([[name, text]]),
      secret: new Set(),
      existing: "replace",
    });
    if (!written.ok) return written;
  }
  return ok(undefined);
}

function sayWriteError(error: WriteError): string {
  return `${error.paths.join(", ")} can't be written${"errno" in error ? `: ${error.errno}` : ""}`;
}
