import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { endSchedule, putSchedule } from "./put-schedule.ts";
import { isQuiet, parseMinute, parseQuiet, plainWords, systemdFiles } from "./schedule.ts";

const words = ["/usr/bin/holdfast", "drill", "--peer", "[fd00::20]:7447"];

test.each([
  ["07:00-23:00", ["07:00", "22:59"], ["23:00", "04:10", "06:59"]],
  ["22:00-06:30", ["22:00", "00:00", "06:29"], ["06:30", "12:00"]],
])("%s is quiet at %j and not at %j", (text, quiet, loud) => {
  const hours = parseQuiet(text);
  if (hours === undefined) throw new Error(text);
  const at = (time: string) => isQuiet(hours, parseMinute(time) ?? -1);
  expect(quiet.map(at)).toEqual(quiet.map(() => true));
  expect(loud.map(at)).toEqual(loud.map(() => false));
});

test("what is no time is told from what is", () => {
  expect(["24:00", "4:60", "noon", "", "04:10:00"].map(parseMinute)).toEqual(Array(5).fill(undefined));
  expect(["07:00", "07:00-07:00", "a-b", "1:00-2:00-3:00"].map(parseQuiet)).toEqual(Array(4).fill(undefined));
  expect(plainWords(["a", "b c"]).ok || plainWords(["$(reboot)"]).ok || plainWords(["%h"]).ok).toBe(false);
});

const hasSystemd = spawnSync("systemd-analyze", ["--version"], { stdio: "ignore" }).status === 0;

test.skipIf(!hasSystemd).each(["daily", "weekly", "monthly"] as const)("systemd understands when %s is", (every) => {
  const timer = [...systemdFiles({ every, atMinute: 250 }, words).values()].join("\n");
  const when = /OnCalendar=(.*)/.exec(timer)?.[1] ?? "";
  const said = spawnSync("systemd-analyze", ["calendar", when], { encoding: "utf8" });
  expect(said.status).toBe(0);
  expect(said.stdout).toContain("04:10:00");
});

test("without systemd it is a line of cron's, and it can be taken away again", async () => {
  const root = mkdtempSync(join(tmpdir(), "holdfast-schedule-"));
  const place = { root, keeper: "cron" } as const;
  expect(await putSchedule(place, { every: "weekly", atMinute: 250 }, words)).toMatchObject({ ok: true });
  const path = join(root, "etc/cron.d/holdfast-drill");
  expect(readFileSync(path, "utf8")).toMatch(
    /^10 4 \* \* 0 root \/usr\/bin\/holdfast drill --peer '\[fd00::20\]:7447'$/m,
  );
  expect(await endSchedule(place)).toBe(true);
  expect(existsSync(path)).toBe(false);
  expect(await endSchedule(place)).toBe(false);
  rmSync(root, { recursive: true });
});
