import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
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

it.each(["tmpfs", "the journal's own directory"])(
  "kill -9 at any moment loses no event that was acknowledged (spool on %s)",
  async (kind) => {
    const { journal, spool } = freshPlaces();
    const memory = `/dev/shm/holdfast-test-${process.pid}`;
    if (kind === "tmpfs" && !existsSync("/dev/shm")) return;
    const place = kind === "tmpfs" ? spool : journal;
    const all: number[] = [];
    for (let round = 0; round < 8; round += 1) {
      all.push(...(await writeAndKill(journal, place, 3 + ((round * 29) % 120))));
    }
    rmSync(memory, { recursive: true, force: true });
    expect(new Set(all).size).toBe(all.length);
    const before = await readEvents(journal, {}, place);
    if (!before.ok) throw new Error(before.error.message);
    const found = new Set(before.value.events.map(({ id }) => id));
    expect(all.filter((id) => !found.has(id))).toEqual([]);
    expect(before.value.damage).toEqual([]);
    // And the next writer finds them all, and says nothing of damage: nothing was lost.
    const store = await openStore(journal, { spool: place });
    const events = (await store.read()).events;
    expect(events.every(({ event }) => event.what === "warning")).toBe(true);
    expect(all.filter((id) => !events.some((event) => event.id === id))).toEqual([]);
    await store.close();
  },
  60_000,
);
