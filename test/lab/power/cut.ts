import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { assetPath } from "../../../src/lab/assets.ts";
import { initScript } from "../../../src/lab/init-script.ts";
import { kernelArguments } from "../../../src/lab/kernel-arguments.ts";
import type { Engine } from "../../../src/lab/lab.ts";
import { bundleGuest } from "../bundle-guest.ts";

export interface CutsCame {
  readonly cuts: number;
  /** Cuts after which everything was as it must be. */
  readonly recovered: number;
  /** Of those, cuts that hit a change on its way, so that it had to be put back. */
  readonly putBack: number;
  readonly changes: number;
  readonly wrong: readonly string[];
}

/** ext4 as it comes, and as unkind as it can be: nothing written in order, nothing synced by the way. */
const mounts = ["defaults", "noauto_da_alloc,data=writeback,commit=60"] as const;

/** Kills a kernel in the middle of changes of five files on its ext4 disk, again and again, and looks at the next start whether
 *  the files are the old ones or the new ones, and no change is gone that was told to be confirmed. */
export async function cutPower(
  engine: Engine,
  cuts: number,
  seed: number,
  tell: (line: string) => void = () => {},
): Promise<CutsCame> {
  const place = mkdtempSync(join(tmpdir(), "holdfast-cuts-"));
  try {
    const disk = join(place, "disk");
    const made = spawnSync("mkfs.ext4", ["-q", "-F", disk, "64M"], { encoding: "utf8" });
    if (made.status !== 0) throw new Error(`mkfs.ext4: ${made.error?.message ?? made.stderr}`);
    const runner = await buildRunner(place);
    const wrong: string[] = [];
    let [told, asked, putBack] = [0, 0, 0];
    for (let cut = 0; cut <= cuts; cut++) {
      const job = {
        mender: cut % 2 === 0 ? "engine" : "script",
        options: mounts[cut % 3 === 0 ? 1 : 0],
        seed: seed + cut,
      };
      // Any moment of a change is as likely as any other.
      const said = await live({ place, disk, runner, engine }, job, 40 + ((seed * 7_919 + cut * 7_907) % 1_800));
      const found = said.find((one) => "found" in one)?.["found"];
      const left = said.find((one) => "left" in one)?.["left"] as readonly string[] | undefined;
      const failed = said.find((one) => "failed" in one)?.["failed"];
      const isRight = found === told || found === asked;
      if (!isRight) wrong.push(`cut ${cut}: found ${found}, told ${told}, asked ${asked} ${JSON.stringify(said)}`);
      if (failed !== undefined) wrong.push(`cut ${cut}: ${failed}`);
      if ((left ?? []).length > 0) wrong.push(`cut ${cut}: left ${left?.join("; ")}`);
      if (said.some((one) => one["engine"] === "rolled-back" || one["script"] === 0)) putBack++;
      if (typeof found !== "number") break;
      told = Math.max(found, ...numbersOf(said, "told"));
      asked = Math.max(told, ...numbersOf(said, "asked"));
      tell(`cut ${cut}: found ${found}, then told ${told}, asked ${asked}${isRight ? "" : "  WRONG"}`);
    }
    rmSync(runner, { force: true });
    return { cuts, recovered: cuts - wrong.length, putBack, changes: told, wrong };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

function numbersOf(said: readonly Record<string, unknown>[], key: string): readonly number[] {
  return said.flatMap((one) => (typeof one[key] === "number" ? [one[key]] : []));
}

async function buildRunner(place: string): Promise<string> {
  const root = resolve(assetPath("assets"), "..");
  // Beside the project's packages.
  const outfile = join(root, ".cache", `power-guest-${process.pid}-${place.slice(-6)}.mjs`);
  await bundleGuest(root, "test/lab/power/guest.ts", outfile);
  return outfile;
}

interface Machine {
  readonly place: string;
  readonly disk: string;
  readonly runner: string;
  readonly engine: Engine;
}

/** Boots, lets it work for so long after it has said what it found, and pulls the plug. Gives what it said. */
async function live({ place, disk, runner, engine }: Machine, job: object, forMs: number) {
  const [jobFile, init, output] = [join(place, "job"), join(place, "init"), join(place, "channel")];
  writeFileSync(jobFile, JSON.stringify(job));
  const preload = assetPath("assets/lab/preload.cjs");
  writeFileSync(init, initScript({ runner, preload, layer: "", modules: "", job: jobFile }));
  const channel = openSync(output, "w");
  const args = kernelArguments({ ...engine, clock: "real" }, { memoryMb: 256, maxBonds: 0, scratch: place });
  const child = spawn(engine.image, [`ubd0=${disk}`, ...args], {
    stdio: ["ignore", "ignore", "ignore", channel],
    detached: true,
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", TMPDIR: place },
  });
  const gone = new Promise((done) => child.once("close", done));
  try {
    for (let waited = 0; !/"(left|failed|tree)"/.test(readFileSync(output, "utf8")); waited++) {
      if (waited > 1200) throw new Error(`the machine says nothing: ${readFileSync(output, "utf8").slice(-500)}`);
      await sleep(50);
    }
    await sleep(forMs);
  } finally {
    // One that has ended by itself has said why.
    if (child.exitCode === null && child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    await gone;
    closeSync(channel);
  }
  return readFileSync(output, "utf8")
    .split("\n")
    .flatMap((line): readonly Record<string, unknown>[] => {
      try {
        return [JSON.parse(line) as Record<string, unknown>];
      } catch {
        // What it was saying when the power went.
        return [];
      }
    });
}
