import { spawnSync } from "node:child_process";
import { beforeAll, describe, expect, test } from "vitest";
import { playScenes, realEngine } from "./apply/remote.ts";

// What befalls a host while its network is changed over ssh, in virtual time: only waiting takes any, so that a crowded machine is slower, and
// that shows in nothing that is measured. The same scenes under every manager: node scripts/apply-trials.mjs --virtual.
const engine = await realEngine("uml-tt");
const lacking = ["/lib/systemd/systemd", "nsenter", "chrt"].filter(
  (name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status !== 0,
);
const reason = typeof engine === "string" ? engine : lacking.length > 0 ? `${lacking.join(" and ")} not installed` : "";
const isLong = process.env["HOLDFAST_LONG"] !== undefined;

const scenes = ["noBackend", "portGone", "handEdited"];
// Another minute of a processor.
const longScenes = [
  "dropped",
  "cutOff",
  "twoAndAJump",
  "unplugged",
  "powerCut",
  "rebooted",
  "killed",
  "hangs",
  "removed",
];
// They leave ifup with a wrong idea, or a file system in pieces when they fail.
const lastScenes = ["backOnReadOnly", "backWithoutBackend"];
const PATIENCE_MS = isLong ? 1_500_000 : 400_000;

const said = new Map<string, Record<string, unknown>>();
const address = expect.stringMatching(/em1\S* +UP +192\.168\.1\.105\/24/);
/** The same, beside what it was lent: nobody but its manager takes that back. */
const lent = expect.stringMatching(/em1\S* +UP .*192\.168\.1\.105\/24/);
/** The old files, and the host reached as before. */
const asBefore = { hasOldFiles: true, now: address };
const refused = { ...asBefore, status: 3, isOver: true };
const rolledBack = { ...asBefore, end: "90-ROLLED_BACK" };

describe.skipIf(reason !== "")(`what befalls apply${reason === "" ? "" : ` (skipped: ${reason})`}`, () => {
  beforeAll(async () => {
    if (typeof engine === "string") return;
    const onSaid = (one: Record<string, unknown>): void => void said.set(String(one["scene"]), one);
    await playScenes(engine, isLong ? [...scenes, ...longScenes, ...lastScenes] : scenes, onSaid, PATIENCE_MS);
  }, PATIENCE_MS + 60_000);

  test("a manager's program that is gone: refused, and nothing is touched", () => {
    expect(said.get("noBackend")).toMatchObject({ ...refused, text: expect.stringContaining("ifup isn't installed") });
  });

  test("a port that is gone between plan and apply: refused, and nothing is touched", () => {
    expect(said.get("portGone")).toMatchObject({
      ...refused,
      planned: expect.stringMatching(/fine$/),
      text: expect.stringContaining("em2 isn't on this host now"),
    });
  });

  test("a hand edit while it waits: the old text comes back, and theirs is kept", () => {
    expect(said.get("handEdited")).toMatchObject({ ...rolledBack, isKept: true, status: 4 });
  });

  describe.skipIf(!isLong)(`and at length${isLong ? "" : " (skipped: HOLDFAST_LONG isn't set)"}`, () => {
    test("an operator whose machine dies in the middle: the change goes on, and goes back as nobody confirms it", () => {
      expect(said.get("dropped")).toMatchObject({ ...rolledBack, wentOn: true });
      expect(said.get("dropped")?.["overAfterDeadline"]).toBeLessThan(1);
    });

    test("an operator who is cut off in the middle: it goes back at its deadline", () => {
      expect(said.get("cutOff")).toMatchObject(rolledBack);
      expect(said.get("cutOff")?.["overAfterDeadline"]).toBeLessThan(1);
    });

    test("a second operator, and a clock that jumps a year: told who and until when, and the deadline stays", () => {
      const seen = said.get("twoAndAJump");
      expect(seen).toMatchObject({ ...asBefore, status: 4 });
      expect(seen?.["second"]).toMatch(/refused: root \(uid 0\) from 203.*ago.*rolled back in \d+ s.*status 3/s);
      expect(Math.abs(Number(seen?.["overAfterDeadline"]))).toBeLessThan(1);
    });

    test("a cable pulled between plan and apply: it works with the other, says so, and can be taken back", () => {
      expect(said.get("unplugged")).toMatchObject({
        ...asBefore,
        planned: expect.stringMatching(/fine$/),
        status: 0,
        text: expect.stringMatching(/! port em2: no carrier.*In place and proven.*Rolled back by somebody else/s),
      });
    });

    test("the power is cut before the confirmation: the old files are booted", () => {
      expect(said.get("powerCut")).toMatchObject({ ...rolledBack, isOver: true });
    });

    test("the host is rebooted before the confirmation: the old files are booted", () => {
      expect(said.get("rebooted")).toMatchObject({ ...rolledBack, isOver: true });
    });

    test("everything of Holdfast's is killed in the middle: process 1 puts it back", () => {
      expect(said.get("killed")).toMatchObject(rolledBack);
      expect(said.get("killed")?.["victims"]).toBeGreaterThan(0);
      expect(said.get("killed")?.["overAfterDeadline"]).toBeLessThan(1);
    });

    test("a manager's program that never ends: it is stopped before the deadline, and it goes back", () => {
      expect(said.get("hangs")).toMatchObject({
        ...rolledBack,
        status: 4,
        text: expect.stringContaining("ifup bond0 em1 em2 took too long"),
      });
    });

    test("Holdfast is removed while a change waits: it goes back all the same", () => {
      expect(said.get("removed")).toMatchObject({ ...rolledBack, status: 4 });
      expect(said.get("removed")?.["overAfterDeadline"]).toBeLessThan(1);
    });

    test("/etc is read-only when it goes back: the host is reached as before, and the files come back when they can", () => {
      expect(said.get("backOnReadOnly")).toMatchObject({
        ...{ ...rolledBack, meanwhile: lent, backStatus: 0, status: 4 },
        told: expect.stringMatching(/pending, has been going back for \d+ s/),
      });
    });

    test("the manager's programs are gone when it goes back: the host is reached as before, by ip alone", () => {
      expect(said.get("backWithoutBackend")).toMatchObject({ ...rolledBack, now: lent, status: 4 });
    });
  });
});
