import { spawn, spawnSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { assetPath } from "../../../src/lab/assets.ts";
import { initScript } from "../../../src/lab/init-script.ts";
import { kernelArguments } from "../../../src/lab/kernel-arguments.ts";
import type { Engine } from "../../../src/lab/lab.ts";
import type { Built } from "./in-lab.ts";
import type { Trial } from "./trial.ts";

/** A whole machine killed in the middle of writing, again and again, with its events on an ext4 disk that outlives it. */
export function powerCut(cuts: number): Trial {
  return { name: "power-cut", run: (built, engine) => cutAgainAndAgain(built, engine, cuts) };
}

interface Life {
  readonly found: readonly number[];
  readonly damaged: number;
  readonly healed: boolean;
  readonly written: readonly { readonly id: number; readonly atMs: number }[];
}

async function cutAgainAndAgain(built: Built, engine: Engine, cuts: number) {
  const place = mkdtempSync(join(tmpdir(), "holdfast-power-"));
  try {
    const disk = join(place, "disk");
    const made = spawnSync("mkfs.ext4", ["-q", "-F", disk, "64M"], { encoding: "utf8" });
    if (made.status !== 0) return { held: false, said: `mkfs.ext4: ${made.error?.message ?? made.stderr}` };
    const wrong: string[] = [];
    const lostMs: number[] = [];
    let before: Life | undefined;
    let damaged = 0;
    for (let cut = 0; cut <= cuts; cut++) {
      const life = await live({ place, disk, built, engine }, 300 + ((cut * 1_700) / cuts) * 1.3);
      if (before !== undefined) {
        const known = new Set(life.found);
        const lastMs = before.written.at(-1)?.atMs ?? 0;
        const lost = before.written.filter(({ id }) => !known.has(id));
        const older = before.found.filter((id) => !known.has(id));
        lostMs.push(Math.round(lastMs - (lost[0]?.atMs ?? lastMs)));
        if (older.length > 0) wrong.push(`cut ${cut}: ${older.length} events of earlier lives are gone`);
        if ((lostMs.at(-1) ?? 0) > 1_000) wrong.push(`cut ${cut}: the last ${lostMs.at(-1)} ms are gone`);
      }
      if (life.damaged > 0) damaged += 1;
      if (!life.healed) wrong.push(`cut ${cut}: the journal stays damaged`);
      before = life;
    }
    const said = `${cuts} cuts, ${before?.found.length} events; lost ms ${lostMs}; torn tails ${damaged}; ${wrong.join("; ")}`;
    return { held: wrong.length === 0, said };
  } finally {
    rmSync(place, { recursive: true, force: true });
  }
}

interface Machine {
  readonly place: string;
  readonly disk: string;
  readonly built: Built;
  readonly engine: Engine;
}

/** Boots, lets it write for so long after its first event, and pulls the plug. */
async function live({ place, disk, built, engine }: Machine, forMs: number): Promise<Life> {
  const [job, init, output] = [join(place, "job"), join(place, "init"), join(place, "channel")];
  writeFileSync(job, "{}");
  const preload = assetPath("assets/lab/preload.cjs");
  writeFileSync(init, initScript({ runner: built.powerRunner, preload, layer: "", modules: "", job }));
  const channel = openSync(output, "w");
  // Real time: how far the disk lags behind is what is measured.
  const settings = { memoryMb: 256, maxBonds: 0, scratch: place };
  const args = kernelArguments({ ...engine, clock: "real" }, settings);
  const child = spawn(engine.image, [`ubd0=${disk}`, ...args], {
    stdio: ["ignore", "ignore", "ignore", channel],
    detached: true,
    env: { PATH: "/usr/sbin:/usr/bin:/sbin:/bin", TMPDIR: place },
  });
  const gone = new Promise((resolve) => child.once("close", resolve));
  try {
    for (let waited = 0; !readFileSync(output, "utf8").includes('"id"'); waited++) {
      if (waited > 600) throw new Error(`the machine never wrote: ${readFileSync(output, "utf8").slice(-500)}`);
      await sleep(50);
    }
    await sleep(forMs);
  } finally {
    if (child.pid !== undefined) process.kill(-child.pid, "SIGKILL");
    await gone;
    closeSync(channel);
  }
  return lifeOf(readFileSync(output, "utf8"));
}

function lifeOf(text: string): Life {
  const said = text.split("\n").flatMap((line): readonly Record<string, unknown>[] => {
    try {
      return [JSON.parse(line) as Record<string, unknown>];
    } catch {
      // The line it was saying when the power went.
      return [];
    }
  });
  const first = said.find((one) => one["found"] !== undefined) as Omit<Life, "written"> | undefined;
  if (first === undefined) throw new Error(text.slice(0, 1_000));
  const written = said.filter((one) => one["id"] !== undefined) as unknown as Life["written"];
  return { ...first, written };
}
