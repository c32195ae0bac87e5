import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it, onTestFinished } from "vitest";
import { readEvents } from "./events.ts";
import { freshPlaces, openStore } from "./testing/places.ts";

const root = resolve(import.meta.dirname, "../..");
// Beside the sources: from there it finds the project's packages.
const writer = join(root, ".cache", `store-writer-${process.pid}.mjs`);

beforeAll(async () => {
  await build({
    entryPoints: [join(root, "src/store/testing/writer.ts")],
    outfile: writer,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["koffi"],
    logLevel: "error",
  });
});

afterAll(() => rmSync(writer, { force: true }));

/** Runs a writer, kills it so long after its first event, and gives every id it had acknowledged. */
async function writeAndKill(journal: string, spool: string, afterMs: number): Promise<readonly number[]> {
  const child: ChildProcess = spawn(process.execPath, [writer, journal, spool], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  const acknowledged: number[] = [];
  if (child.stdout === null) throw new Error("no pipe");
  const lines = createInterface({ input: child.stdout });
  lines.on("line", (line) => {
    if (acknowledged.length === 0) setTimeout(() => child.kill("SIGKILL"), afterMs);
    acknowledged.push(Number(line));
  });
  await Promise.all([once(child, "exit"), once(lines, "close")]);
  return acknowledged;
}

it.each(["in memory", "beside the journal"] as const)(
  "kill -9 at any moment loses no acknowledged event; spool %s",
  async (kind) => {
    const { journal } = freshPlaces();
    const spool = kind === "in memory" ? memoryPlace() : journal;
    const all: number[] = [];
    for (let round = 0; round < 8; round += 1)
      all.push(...(await writeAndKill(journal, spool, 3 + ((round * 29) % 120))));
    expect(new Set(all).size).toBe(all.length);
    const read = await readEvents(journal, {}, spool);
    if (!read.ok) throw new Error(read.error.message);
    const found = new Set(read.value.events.map(({ id }) => id));
    expect(all.filter((id) => !found.has(id))).toEqual([]);
    expect(read.value.damage).toEqual([]);
    // The next writer finds them all, and says nothing of damage: nothing was lost.
    const store = await openStore(journal, { spool });
    expect((await store.read()).events).toEqual(read.value.events);
    await store.close();
  },
  60_000,
);

/** A directory on tmpfs where there is one; else on the disk, which only makes it slower. */
function memoryPlace(): string {
  const folder = mkdtempSync(join(existsSync("/dev/shm") ? "/dev/shm" : tmpdir(), "holdfast-store-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
