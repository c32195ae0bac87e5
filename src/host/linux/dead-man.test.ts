import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import { processDeadMan } from "./dead-man-process.ts";
import { parseSpan } from "./dead-man-systemd.ts";
import { parentOf, sessionOf } from "./this-process.ts";

const run = mkdtempSync(join(tmpdir(), "holdfast-dead-man-"));
afterAll(() => rmSync(run, { recursive: true, force: true }));
const deadMan = processDeadMan(run);

async function until(isSo: () => boolean): Promise<void> {
  for (let waited = 0; waited < 500 && !isSo(); waited++) await sleep(20);
}

const uptime = (): number => Number(readFileSync("/proc/uptime", "utf8").split(" ")[0]);

test("a process that nobody's end takes along runs the program at its time, and not before", async () => {
  const out = join(run, "a word with blanks");
  const began = uptime();
  const program = 'cp /proc/uptime "$1.part"; mv "$1.part" "$1"';
  expect(await deadMan.arm({ id: "t", number: 1, seconds: 1.5, argv: ["/bin/sh", "-c", program, "x", out] })).toEqual({
    ok: true,
    value: undefined,
  });
  const left = await deadMan.check({ id: "t", number: 1 });
  expect(left.ok && left.value > 0 && left.value <= 1.6).toBe(true);
  const pid = Number(readFileSync(join(run, "deadman-t-1"), "utf8").split(" ")[0]);
  expect(parentOf(pid)).not.toBe(process.pid);
  expect(sessionOf(pid)).not.toBe(sessionOf(process.pid));
  await until(() => existsSync(out));
  const fired = Number(readFileSync(out, "utf8").split(" ")[0]) - began;
  expect(fired).toBeGreaterThan(1.4);
  // Punctual to a second on a machine that has time for it; this one may be busy.
  expect(fired).toBeLessThan(5);
  expect((await deadMan.check({ id: "t", number: 1 })).ok).toBe(false);
});

test("one that is taken back runs nothing, and need not have been there", async () => {
  const out = join(run, "never");
  await deadMan.arm({ id: "t", number: 2, seconds: 0.5, argv: ["/bin/sh", "-c", 'echo >"$0"', out] });
  const pid = Number(readFileSync(join(run, "deadman-t-2"), "utf8").split(" ")[0]);
  expect(await deadMan.disarm({ id: "t", number: 2 })).toMatchObject({ ok: true });
  expect((await deadMan.check({ id: "t", number: 2 })).ok).toBe(false);
  await until(() => sessionOf(pid) === 0);
  expect(existsSync(out)).toBe(false);
  expect(await deadMan.disarm({ id: "t", number: 2 })).toMatchObject({ ok: true });
});

test("spans are read as systemd prints them", () => {
  expect(parseSpan("2min 3.5s")).toBe(123.5);
  expect(parseSpan("1d 2h 1ms")).toBeCloseTo(93_600.001, 6);
  expect(parseSpan("infinity")).toBeUndefined();
  expect(parseSpan("")).toBeUndefined();
});
