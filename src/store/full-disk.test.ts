import { execFileSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished, type TestContext } from "vitest";
import type { Kept, StoredEvent } from "../watch/chronicle.ts";
import type { EventStore } from "./events.ts";
import { freshPlaces, openStore } from "./testing/places.ts";

const warning = (evidence: string): Kept => ({ what: "warning", port: "eth0", evidence });

function textsOf(events: readonly StoredEvent[]): readonly string[] {
  return events.flatMap(({ event }) => (event.what === "warning" ? [event.evidence] : []));
}

/** A file system of so many bytes, or the test is skipped. */
function smallDisk(context: TestContext, bytes: number): string {
  if (process.getuid?.() !== 0) context.skip("mounting a small tmpfs needs root");
  const folder = mkdtempSync(join(tmpdir(), "holdfast-small-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${bytes}`, "holdfast-test", folder], { stdio: "ignore" });
  } catch {
    rmSync(folder, { recursive: true });
    context.skip("this machine mounts no tmpfs");
  }
  onTestFinished(() => {
    execFileSync("umount", ["--lazy", folder]);
    rmSync(folder, { recursive: true });
  });
  return folder;
}

function fill(folder: string): string {
  const path = join(folder, "filling");
  for (let bytes = 1 << 20; bytes >= 4096; bytes >>= 1) {
    try {
      for (;;) writeFileSync(path, Buffer.alloc(bytes), { flag: "a" });
    } catch {
      // As full as it gets with pieces of this size.
    }
  }
  return path;
}

/** Appends until the store says that the disk refuses. */
async function untilTrouble(store: EventStore): Promise<number> {
  let count = 0;
  while (store.health().state === "fine" && count < 5000) {
    for (let more = 0; more < 20; more += 1) store.append(warning(`${count++}`));
    await store.flush();
  }
  return count;
}

it("a full disk costs no event: they wait in memory, outlive a restart, and reach the disk when it has room", async (context) => {
  const disk = smallDisk(context, 2 << 20);
  const { spool } = freshPlaces();
  const store = await openStore(join(disk, "events"), { spool, reserveBytes: 0 });
  store.append(warning("before"));
  await store.flush();
  const filling = fill(disk);
  const count = await untilTrouble(store);
  expect(store.health()).toMatchObject({ state: "trouble", reason: "ENOSPC", lost: 0 });
  const during = await store.read();
  expect(textsOf(during.events)).toHaveLength(count + 1);
  expect(during.events.some(({ event }) => event.what === "store-trouble")).toBe(true);
  await store.close();

  const again = await openStore(join(disk, "events"), { spool, reserveBytes: 0 });
  expect((await again.read()).events.slice(0, during.events.length)).toEqual(during.events);
  rmSync(filling);
  await again.flush();
  expect(again.health()).toMatchObject({ state: "fine", pending: 0, lost: 0 });
  expect((await again.read()).damage).toEqual([]);
  expect(textsOf((await again.read()).events)).toHaveLength(count + 1);
});

it("a full disk takes as many events as were set aside for it", async (context) => {
  const disk = smallDisk(context, 2 << 20);
  const store = await openStore(join(disk, "events"), { spool: freshPlaces().spool, reserveBytes: 256 << 10 });
  store.append(warning("before"));
  await store.flush();
  fill(disk);
  const count = await untilTrouble(store);
  expect(count * 150).toBeGreaterThan(200 << 10);
});

it("what doesn't fit in memory either is counted, and said when the disk is back", async (context) => {
  const disk = smallDisk(context, 1 << 20);
  const store = await openStore(join(disk, "events"), { spool: freshPlaces().spool, reserveBytes: 0, maxPending: 64 });
  store.append(warning("before"));
  await store.flush();
  const filling = fill(disk);
  await untilTrouble(store);
  for (let count = 0; count < 500; count += 1) store.append(warning(`late ${count}`));
  const { lost, pending } = store.health();
  expect(pending).toBeLessThanOrEqual(64);
  expect(lost).toBeGreaterThan(400);
  rmSync(filling);
  await store.flush();
  const { events } = await store.read();
  expect(events.map(({ event }) => event)).toContainEqual({ what: "store-resumed", forMs: expect.any(Number), lost });
  expect(textsOf(events).at(-1)).toBe("late 499");
});

it("a disk that became read-only stops nothing", async (context) => {
  const disk = smallDisk(context, 1 << 20);
  const { spool } = freshPlaces();
  const store = await openStore(join(disk, "events"), { spool });
  store.append(warning("before"));
  await store.flush();
  await store.close();
  execFileSync("mount", ["-o", "remount,ro", disk]);
  const again = await openStore(join(disk, "events"), { spool });
  again.append(warning("meanwhile"));
  await again.flush();
  expect(again.health()).toMatchObject({
    state: "trouble",
    reason: "EROFS",
    spool: expect.stringMatching(/tmpfs|disk/),
  });
  execFileSync("mount", ["-o", "remount,rw", disk]);
  await again.flush();
  expect(textsOf((await again.read()).events)).toEqual(["before", "meanwhile"]);
  expect(readdirSync(join(disk, "events")).filter((name) => name.endsWith(".jsonl"))).toHaveLength(1);
});
