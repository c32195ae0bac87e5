import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test } from "vitest";
import type { Step } from "../../plan/change.ts";
import { endStep, runStep } from "./run-step.ts";
import { isGroupLeft, type ProcessMark } from "./this-process.ts";

const directory = mkdtempSync(join(tmpdir(), "holdfast-step-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const step = (script: string, more: Partial<Step> = {}): Step => ({
  argv: ["/bin/sh", "-c", script],
  limitSeconds: 20,
  why: "",
  onFailure: "stop",
  ...more,
});
const run = (one: Step, onStart: (leader: ProcessMark) => void = () => {}) => runStep(one, { directory }, onStart);

test("a step tells its status and the end of what it said, on both streams", async () => {
  const done = await run(step("cat; echo beside >&2; echo $LC_ALL; exit 3", { stdin: "fed\n" }));
  expect(done).toMatchObject({ status: 3, wasKilled: false, output: "fed\nbeside\nC.UTF-8\n" });
  const much = await run(step("i=0; while [ $i -lt 3000 ]; do echo line $i; i=$((i+1)); done"));
  expect(much.output.length).toBeLessThanOrEqual(16 << 10);
  expect(much.output.endsWith("line 2999\n")).toBe(true);
});

test("a program that isn't there is a status of null, and says so", async () => {
  const done = await run({ ...step(""), argv: ["/no/such/program"] });
  expect(done.status).toBeNull();
  expect(done.output).toContain("/no/such/program can't be run");
});

test("after its limit everything it started has ended", async () => {
  let group = 0;
  const done = await run(step("sleep 600 & sleep 600", { limitSeconds: 0.3 }), ({ pid }) => {
    group = pid;
  });
  expect(done).toMatchObject({ status: null, wasKilled: true });
  for (let waited = 0; waited < 100 && isGroupLeft(group); waited++) await sleep(10);
  expect(isGroupLeft(group)).toBe(false);
});

test("a step whose driver is gone can be ended by its leader's name, and nobody else's is", async () => {
  let leader: ProcessMark | undefined;
  const running = run(step("sleep 600 & sleep 600"), (mark) => {
    leader = mark;
  });
  const { pid = 0, start = "" } = leader ?? {};
  await endStep({ pid, start: `${Number(start) + 1}` });
  expect(isGroupLeft(pid)).toBe(true);
  await endStep({ pid, start });
  expect(isGroupLeft(pid)).toBe(false);
  expect(await running).toMatchObject({ status: null });
});

test("what it leaves running on purpose is not waited for, and lives on", async () => {
  const done = await run(step("setsid sleep 600 & echo $!"));
  const pid = Number(done.output);
  expect(done.status).toBe(0);
  expect(() => process.kill(pid, 0)).not.toThrow();
  process.kill(pid, "SIGKILL");
});
