import { randomBytes } from "node:crypto";
import { type FileHandle, open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf } from "../host/linux/read-problem.ts";
import { syncDirectory } from "../host/linux/sync-directory.ts";
import { listSegments, type Segment, segmentPath } from "./segments.ts";

/** The disk as the journal uses it. Every call waits in a thread of Node's pool, never in the event loop; errors are thrown. */
export interface Disk {
  /** Appends lines of events that begin with this id, and returns when they are on the disk. After an error nothing of
   *  them counts as written, and they are handed over again. */
  write(lines: readonly Buffer[], firstId: number): Promise<void>;
  close(): Promise<void>;
}

export interface DiskOptions {
  readonly maxBytes: number;
  readonly segmentBytes: number;
  /** Kept free for the time when the disk is full. 0: nothing. */
  readonly reserveBytes: number;
}

/** The segment that is written: `good` bytes of it are on the disk and whole. */
interface Current {
  readonly file: FileHandle;
  readonly path: string;
  good: number;
  /** Something may stand behind `good`: half of what an earlier attempt wrote. */
  dirty: boolean;
}

/** The journal's disk. Goes on in the newest segment if `resume` gives how many of its bytes are whole. */
export function diskAt(
  directory: string,
  options: DiskOptions,
  resume: { readonly path: string; readonly good: number } | undefined,
): Disk {
  let current: Current | undefined;
  let last = resume;

  const ensure = async (firstId: number): Promise<Current> => {
    if (current !== undefined && current.good >= options.segmentBytes) {
      await current.file.close();
      current = undefined;
      last = undefined;
    }
    if (current !== undefined) return current;
    if (last !== undefined && last.good < options.segmentBytes) {
      const file = await open(last.path, "r+");
      current = { file, ...last, dirty: true };
      return current;
    }
    current = await begin(directory, firstId, options);
    last = undefined;
    return current;
  };

  return {
    async write(lines, firstId) {
      try {
        await append(await ensure(firstId), Buffer.concat(lines));
      } catch (problem) {
        // The file is opened afresh next time: after an error of fsync the old one may hide what the disk hasn't got.
        last = current === undefined ? last : { path: current.path, good: current.good };
        await current?.file.close().catch(() => {});
        current = undefined;
        const gotRoom = errnoOf(problem) === "ENOSPC" && (await giveReserve(directory));
        if (!gotRoom) throw problem;
        await this.write(lines, firstId);
      }
    },
    async close() {
      await current?.file.close();
      current = undefined;
    },
  };
}

async function append(current: Current, bytes: Buffer): Promise<void> {
  if (current.dirty) await current.file.truncate(current.good);
  current.dirty = true;
  for (let done = 0; done < bytes.length; ) {
    const { bytesWritten } = await current.file.write(bytes, done, bytes.length - done, current.good + done);
    done += bytesWritten;
  }
  await current.file.datasync();
  current.good += bytes.length;
  current.dirty = false;
}

async function begin(directory: string, firstId: number, options: DiskOptions): Promise<Current> {
  await trim(directory, options);
  const path = segmentPath(directory, firstId);
  // Ids are given once: a file of that name can only be what we began ourselves and the disk refused.
  const file = await open(path, "w", 0o640);
  await syncDirectory(directory);
  await keepReserve(directory, options.reserveBytes);
  return { file, path, good: 0, dirty: false };
}

/** Drops the oldest segments until one more has room. */
async function trim(directory: string, { maxBytes, segmentBytes }: DiskOptions): Promise<void> {
  const segments = await listSegments(directory);
  let bytes = segments.reduce((sum, each) => sum + each.bytes, 0) + segmentBytes;
  for (const segment of segments.slice(0, -1)) {
    if (bytes <= maxBytes) break;
    await rm(segment.path, { force: true });
    bytes -= segment.bytes;
  }
}

function reservePath(directory: string): string {
  return join(directory, "reserve");
}

/** Room that nobody else can take: random bytes, because some file systems make nothing of zeros. */
async function keepReserve(directory: string, bytes: number): Promise<void> {
  const path = reservePath(directory);
  if (bytes === 0 || (await stat(path).catch(() => undefined))?.size === bytes) return;
  let file: FileHandle | undefined;
  try {
    file = await open(path, "w", 0o600);
    for (let done = 0; done < bytes; done += 65_536) await file.write(randomBytes(Math.min(65_536, bytes - done)));
    await file.datasync();
  } catch {
    // Too full for a reserve: what little is left is for events.
    await rm(path, { force: true }).catch(() => {});
  } finally {
    await file?.close().catch(() => {});
  }
}

/** False: there was none. */
async function giveReserve(directory: string): Promise<boolean> {
  return rm(reservePath(directory)).then(
    () => true,
    () => false,
  );
}

/** The newest segment, and how far it is whole, as an opening journal finds it. */
export async function newestSegment(directory: string): Promise<Segment | undefined> {
  return (await listSegments(directory)).at(-1);
}
