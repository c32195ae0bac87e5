import { spawnSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import { playScenes, realEngine } from "./apply/remote.ts";

// A real clock: what is tried are systemd's timers and a real sshd. The others of these scenes: node scripts/apply-trials.mjs.
const engine = await realEngine();
const lacking = ["/lib/systemd/systemd", "nsenter"].filter(
  (name) => spawnSync(name, ["--version"], { stdio: "ignore" }).status !== 0,
);
const reason = typeof engine === "string" ? engine : lacking.length > 0 ? `${lacking.join(" and ")} not installed` : "";

describe.skipIf(reason !== "")(`apply over a real ssh session${reason === "" ? "" : ` (skipped: ${reason})`}`, () => {
  // A kernel on a real clock stood still for ever now and then (docs/decisions/0018); one more try, until that is long ago.
  test("what can't be written is refused, what is killed is undone by process 1, what is good is confirmed from a second session", {
    retry: 1,
    timeout: 240_000,
  }, async () => {
    if (typeof engine === "string") return;
    const said = new Map<string, Record<string, unknown>>();
    const onSaid = (one: Record<string, unknown>): void => void said.set(String(one["scene"]), one);
    await playScenes(engine, ["readOnly", "killed", "good"], onSaid, 220_000);
    const address = expect.stringMatching(/em1\S* +UP +192\.168\.1\.105\/24/);
    expect(said.get("readOnly")).toMatchObject({ status: 3, isOver: true, hasOldFiles: true, now: address });
    expect(said.get("killed")).toMatchObject({ end: "90-ROLLED_BACK", hasOldFiles: true, now: address });
    expect(said.get("good")).toMatchObject({
      wrongStatus: 3,
      confirmed: 0,
      status: 0,
      now: expect.stringMatching(/bond0 +UP +192\.168\.1\.105\/24/),
    });
  });
});
