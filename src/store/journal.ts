import { mkdir, open, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { lockDirectory } from "../host/linux/file-lock.ts";
import { errnoOf } from "../host/linux/read-problem.ts";
import { syncDirectory } from "../host/linux/sync-directory.ts";
import { bootId } from "../host/linux/this-process.ts";
import { failed, ok, type Result } from "../model/result.ts";
import type { Kept, StoredEvent } from "../watch/chronicle.ts";
import { diskAt, newestSegment } from "./disk.ts";
import type { EventStore, StoreOptions, StoreProblem } from "./events.ts";
import { encodeLine, readLines } from "./line.ts";
import { type Pending, pendingQueue } from "./pending.ts";
import { readAll } from "./read-journal.ts";
import { readSegment } from "./segments.ts";
import { kindOfSpool, openSpool, type Spool, type SpoolFound } from "./spool.ts";
import { writeBehind } from "./write-behind.ts";

/** After a power cut nobody knows which ids were given in its last second, or while the disk was full: more than ever wait. */
const idsSkipped = 100_000;

/** Waiting is bounded by this too, whatever the caller asks for: `idsSkipped` must be more. */
const mostPending = 65_536;

/** What came to the disk long ago needn't be held in memory too. */
const mostSpoolBytes = 64 << 10;

type Settings = Required<Omit<StoreOptions, "spool">> & { readonly spool: string };

function settingsOf(directory: string, options: StoreOptions): Settings {
  return {
    maxBytes: 32 << 20,
    segmentBytes: 512 << 10,
    reserveBytes: 1 << 20,
    syncMs: 400,
    retryMs: 2000,
    maxPending: 20_000,
    wall: Date.now,
    monotonic: () => Number(process.hrtime.bigint()) / 1e6,
    ...options,
    bootId: options.bootId ?? bootId(),
    spool: options.spool ?? directory,
  };
}

/** See `openEvents`. */
export async function openJournal(directory: string, options: StoreOptions): Promise<Result<EventStore, StoreProblem>> {
  const settings = settingsOf(directory, options);
  try {
    await mkdir(directory, { recursive: true, mode: 0o750 });
  } catch (problem) {
    return failed(openingProblem(directory, errnoOf(problem)));
  }
  const lock = lockDirectory(directory);
  if (!lock.ok) {
    return failed(
      lock.error.code === "held" ? inUse(directory, lock.error.by) : openingProblem(directory, lock.error.errno),
    );
  }
  try {
    const { found, spool } = await openSpool(settings.spool, directory, settings.bootId);
    const left = await examine(directory, found);
    return ok(begin(directory, settings, left, spool, lock.value));
  } catch (problem) {
    lock.value();
    return failed(openingProblem(directory, errnoOf(problem)));
  }
}

function inUse(directory: string, by: number | undefined): StoreProblem {
  const who = by === undefined ? "another process" : `process ${by}`;
  return {
    code: "in-use",
    message: `the events in ${directory} are being written by ${who}`,
    hint: "Is a holdfast agent running? One is enough; look with: systemctl status holdfast.",
  };
}

function openingProblem(directory: string, errno: string): StoreProblem {
  const code = errno === "EACCES" || errno === "EPERM" ? "denied" : "failed";
  const hint = code === "denied" ? "Run it as the user who owns the directory, or as root." : "Look at the disk.";
  return { code, message: `events cannot be kept in ${directory}: ${errno}`, hint };
}

/** What an earlier writer left. */
interface Left {
  readonly nextId: number;
  /** Those of the spool that aren't on the disk. */
  readonly waiting: readonly StoredEvent[];
  readonly resume: { readonly path: string; readonly good: number } | undefined;
  readonly damage: { readonly regions: number; readonly bytes: number } | undefined;
}

async function examine(directory: string, found: SpoolFound): Promise<Left> {
  const newest = await newestSegment(directory);
  const tail = newest === undefined ? undefined : await examineTail(newest.path);
  const lastOnDisk = Math.max(tail?.lastId ?? 0, (newest?.firstId ?? 1) - 1);
  const waiting = found.events.filter(({ id }) => id > lastOnDisk);
  const seen = waiting.at(-1)?.id ?? lastOnDisk;
  const wasClosed = await takeClosingMark(directory, lastOnDisk);
  const isCertain = found.nextId !== undefined || wasClosed || (newest === undefined && waiting.length === 0);
  const nextId = Math.max(found.nextId ?? 0, seen + 1 + (isCertain ? 0 : idsSkipped));
  if (newest === undefined || tail === undefined) return { nextId, waiting, resume: undefined, damage: undefined };
  // Half a record at the end was being written when the writer died; the spool has it whole.
  const isTorn = found.nextId !== undefined && tail.junk === 1 && tail.good < newest.bytes;
  if (tail.junk === 0 || isTorn) {
    return { nextId, waiting, resume: { path: newest.path, good: tail.good }, damage: undefined };
  }
  // A damaged segment is left as it is, for whoever wants to look at it.
  return { nextId, waiting, resume: undefined, damage: { regions: tail.junk, bytes: tail.junkBytes } };
}

async function examineTail(path: string) {
  const bytes = (await readSegment(path)) ?? Buffer.alloc(0);
  const tail = { lastId: 0, good: 0, junk: 0, junkBytes: 0 };
  let brokenTo = -1;
  const broken = (start: number, end: number) => {
    tail.junk += start === brokenTo ? 0 : 1;
    tail.junkBytes += end - start;
    brokenTo = end;
  };
  readLines(
    bytes,
    ({ id }, end) => {
      tail.lastId = id;
      tail.good = end;
    },
    broken,
  );
  return tail;
}

const closingMark = (directory: string) => join(directory, "closed");

/** Was the journal closed in order after this event? The mark goes away for good, before any id is given. */
async function takeClosingMark(directory: string, lastId: number): Promise<boolean> {
  const path = closingMark(directory);
  const text = await readFile(path, "utf8").catch(() => undefined);
  if (text === undefined) return false;
  try {
    await rm(path);
    await syncDirectory(directory);
    return Number(text) === lastId;
  } catch {
    // A disk that takes nothing would show the same mark again.
    return false;
  }
}

async function leaveClosingMark(directory: string, lastId: number): Promise<void> {
  const file = await open(closingMark(directory), "w", 0o640);
  try {
    await file.write(`${lastId}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
  await syncDirectory(directory);
}

function timeNow({ wall, monotonic, bootId }: Settings) {
  // Three digits after the point, as in the journal: what was told and what is read later are the same.
  return { at: Math.max(0, Math.round(wall())), bootId, monotonicMs: Math.round(monotonic() * 1000) / 1000 };
}

/** The spool as `append` uses it: what it refuses is in memory only, and offered to it again once a second. */
interface SpoolKeeper {
  keep(line: Buffer, nowMs: number): void;
  /** Makes it hold exactly what is pending. */
  restart(): void;
  readonly isKept: () => boolean;
}

function keeperOf(spool: Spool, pending: Pending, nextId: () => number): SpoolKeeper {
  let isKept = false;
  let triedAt = Number.NEGATIVE_INFINITY;
  const restart = () => {
    isKept = spool.restart(
      pending.all().map(({ line }) => line),
      nextId(),
    );
  };
  restart();
  return {
    restart,
    isKept: () => isKept,
    keep(line, nowMs) {
      if (isKept && spool.add(line)) return;
      // To begin again means to write all that waits: not for every event.
      if (!isKept && nowMs - triedAt < 1000) return;
      triedAt = nowMs;
      restart();
    },
  };
}

function begin(directory: string, settings: Settings, left: Left, spool: Spool, unlock: () => void): EventStore {
  const pending = pendingQueue(Math.min(settings.maxPending, mostPending));
  const followers = newFollowers();
  let nextId = left.nextId;
  for (const event of left.waiting) pending.add({ event, line: encodeLine(event) });
  const keeper = keeperOf(spool, pending, () => nextId);
  const spoolKind = kindOfSpool(settings.spool);

  const append = (event: Kept): StoredEvent => {
    const stored = { id: nextId, ...timeNow(settings), event };
    nextId += 1;
    const line = encodeLine(stored);
    if (pending.add({ event: stored, line })) keeper.restart();
    else keeper.keep(line, stored.monotonicMs);
    behind.wake();
    followers.tell(stored);
    return stored;
  };
  // A spool without anything in it is begun again when it has grown, not after every event.
  const written = () => {
    if (spool.bytes() > mostSpoolBytes || !keeper.isKept()) keeper.restart();
  };
  const disk = diskAt(directory, settings, left.resume);
  const behind = writeBehind({
    disk,
    pending,
    syncMs: settings.syncMs,
    retryMs: settings.retryMs,
    say: append,
    written,
  });
  if (left.damage !== undefined) append({ what: "store-damaged", ...left.damage });
  else behind.wake();

  return {
    append,
    flush: behind.flush,
    read: (query = {}) => readAll(directory, eventsOf(pending), query),
    follow: followers.add,
    health: () => ({
      ...behind.state(),
      pending: pending.all().length,
      lost: pending.lost(),
      spool: keeper.isKept() ? spoolKind : "memory",
    }),
    async close() {
      await behind.end();
      if (pending.all().length === 0) await leaveClosingMark(directory, nextId - 1).catch(() => {});
      keeper.restart();
      spool.close();
      unlock();
    },
  };
}

interface Followers {
  /** Returns what ends it. */
  add(listener: (event: StoredEvent) => void): () => void;
  tell(event: StoredEvent): void;
}

/** Those who want to know. They hear of an event when who appended it gives way: he is about to act on it, and what they make of
 *  it (words, metrics, messages) took three of the four milliseconds that a failover cost. */
function newFollowers(): Followers {
  const listeners = new Set<(event: StoredEvent) => void>();
  return {
    add(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    tell(event) {
      if (listeners.size === 0) return;
      const following = [...listeners];
      queueMicrotask(() => {
        for (const listener of following) listener(event);
      });
    },
  };
}

function eventsOf(pending: Pending): readonly StoredEvent[] {
  return pending.all().map(({ event }) => event);
}
