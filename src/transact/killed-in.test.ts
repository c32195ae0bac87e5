import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { inside } from "../plan/protocol.ts";
import { hostDisk } from "./host-disk.ts";
import { recover } from "./recover.ts";
import { chanceOf } from "./testing/chance.ts";
import { filesOf } from "./testing/killed-story.ts";
import { describeTree, makeRealPlace, type RealPlace, realPorts, writeImage } from "./testing/real-place.ts";

const project = resolve(import.meta.dirname, "../..");
const child = join(project, ".cache", `killed-child-${process.pid}.mjs`);

beforeAll(async () => {
  await build({
    entryPoints: [join(project, "src/transact/testing/killed-child.ts")],
    outfile: child,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["koffi"],
    logLevel: "error",
  });
});

afterAll(() => rmSync(child, { force: true }));

/** What is being done when the process dies: what it is called, what comes after, the act, its path, the how-maniest. */
type Case = readonly [step: string, comesTo: "old" | "new", act: string, path?: string, nth?: number];
type Row = [step: string, comesTo: "old" | "new", act: string, path: string, nth: number];

const applying: readonly Case[] = [
  ["making the transactions' directory", "old", "makeDirectory", "var/tx$"],
  ["making the transaction's directory", "old", "makeDirectory", "tx/0[^/]*$"],
  ["writing the first old image", "old", "write", "pre\\.0"],
  ["writing the second new image", "old", "write", "new\\.1"],
  ["syncing an image", "old", "sync", "new\\.0"],
  ["writing the manifest", "old", "write", "manifest"],
  ["syncing the manifest", "old", "sync", "manifest"],
  ["writing rollback.sh", "old", "write", "rollback\\.sh"],
  ["making the markers", "old", "create", "80-ROLLBACK"],
  ["syncing the transaction's directory", "old", "syncDirectory", "tx/0[^/]*$"],
  ["making a directory for a new file", "old", "makeDirectory", "made$"],
  ["writing the old image beside a file", "old", "write", "interfaces.hf-.*-old"],
  ["dressing the new image beside a file", "old", "dress", "wpa.conf.hf-.*-new"],
  ["syncing the files' directory after staging", "old", "syncDirectory", "etc/network$", 2],
  ["STAGED", "old", "rename", "10-STAGED"],
  ["naming it the live one", "old", "symlink", "active"],
  ["syncing that name", "old", "syncDirectory", "var/tx$", 2],
  ["arming the timer", "old", "arm"],
  ["noting the timer", "old", "write", "armed-1"],
  ["ARMED", "old", "rename", "20-ARMED"],
  ["taking the network down", "old", "run", "quiesce"],
  ["QUIESCED", "old", "rename", "30-QUIESCED"],
  ["swapping the first file", "old", "rename", "etc/network/interfaces$"],
  ["swapping the second file", "old", "rename", "etc/network/wpa.conf$"],
  ["removing a file", "old", "unlink", "01.yaml$"],
  ["swapping the last file", "old", "rename", "bond0$"],
  ["syncing the swapped files", "old", "syncDirectory", "etc/network$", 3],
  ["SWAPPED", "old", "rename", "40-SWAPPED"],
  ["bringing the network up", "old", "run", "converge"],
  ["noticing that it is up", "old", "ran", "converge"],
  ["APPLIED", "old", "rename", "50-APPLIED"],
  ["proving it", "old", "prove"],
  ["VERIFIED", "old", "rename", "60-VERIFIED"],
];

const confirming: readonly Case[] = [
  ["deciding to confirm", "old", "rename", "70-CONFIRMED"],
  ["syncing the confirmation", "new", "syncDirectory", "tx/0[^/]*$", 9],
  ["stopping the timer of a confirmed change", "new", "disarm"],
  ["removing what lies beside a confirmed file", "new", "unlink", "-old$"],
  ["taking the live name from a confirmed change", "new", "unlink", "active"],
  ["archiving a confirmed change", "new", "rename", "history"],
  ["syncing the history", "new", "syncDirectory", "history"],
];

const goingBack: readonly Case[] = [
  ["deciding to roll back", "old", "rename", "80-ROLLBACK"],
  ["putting back the first file", "old", "rename", "etc/network/interfaces$", 2],
  ["removing a file that came", "old", "unlink", "wpa.conf$"],
  ["syncing the restored files", "old", "syncDirectory", "etc/network$", 4],
  ["restoring the network", "old", "run", "restore"],
  ["ROLLED_BACK", "old", "rename", "90-ROLLED_BACK"],
  ["removing a directory that was made", "old", "removeDirectory", "made"],
  ["taking the live name from an undone change", "old", "unlink", "active"],
  ["archiving an undone change", "old", "rename", "history"],
];

describe.skipIf(process.getuid?.() !== 0)("a real process on a real disk", () => {
  it.each([...applying, ...confirming].map(rowOf))("Killed in %s: %s", async (_, comesTo, act, path, nth) => {
    await killAndSee("confirm", comesTo, act, path, nth);
  });

  it.each(goingBack.map(rowOf))("Killed in %s: %s", async (_, comesTo, act, path, nth) => {
    await killAndSee("rollback", comesTo, act, path, nth);
  });
});

function rowOf([step, comesTo, act, path = "", nth = 1]: Case): Row {
  return [step, comesTo, act, path, nth];
}

async function killAndSee(
  ending: string,
  comesTo: "old" | "new",
  act: string,
  path: string,
  nth: number,
): Promise<void> {
  for (const mender of ["the timer's script", "whoever comes next"]) {
    const place = makeRealPlace(chanceOf(1));
    try {
      for (const { path: file, before } of filesOf(place.root)) if (before !== null) writeImage(file, before);
      const old = describeTree(join(place.root, "etc"));
      const run = spawnSync(process.execPath, [child, place.root, ending, act, path, String(nth)], {
        encoding: "utf8",
      });
      expect(run.signal, run.stderr).toBe("SIGKILL");
      if (mender === "the timer's script") runScript(place);
      // The deadline is long over.
      await recover(realPorts(place.root, chanceOf(2), hostDisk, 9000), "running");
      const now = describeTree(join(place.root, "etc"));
      expect({ mender, now }).toEqual({ mender, now: comesTo === "old" ? old : newTree(place) });
      expect(leftIn(place)).toEqual([]);
      // Once more changes nothing.
      await recover(realPorts(place.root, chanceOf(3)), "booting");
      expect(describeTree(join(place.root, "etc"))).toEqual(now);
    } finally {
      place.remove();
    }
  }
}

/** What PID 1 starts when the time is over. */
function runScript({ ports }: RealPlace): void {
  const script = join(ports.places.state, "active", inside.script);
  if (existsSync(script)) expect(spawnSync("sh", [script, "--timer", "1"]).status).toBe(0);
}

/** The tree of a host on which the change has always been. */
function newTree({ root }: RealPlace): readonly string[] {
  const clean = makeRealPlace(chanceOf(1));
  for (const { path, after } of filesOf(clean.root)) if (after !== null) writeImage(path, after);
  const tree = describeTree(join(clean.root, "etc"));
  clean.remove();
  return tree.map((line) => line.replaceAll(clean.root, root));
}

function leftIn({ ports }: RealPlace): readonly string[] {
  if (!existsSync(ports.places.state)) return [];
  return readdirSync(ports.places.state).filter((name) => name !== "history");
}
