import { closeSync, openSync, renameSync, statfsSync, writeSync } from "node:fs";
import { mkdir, realpath } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import { crc32 } from "node:zlib";
import type { StoredEvent } from "../watch/chronicle.ts";
import { readLines } from "./line.ts";
import { readSegment } from "./segments.ts";

/** Where events lie between `append` and the disk: a file in memory that outlives the process. All calls are synchronous:
 *  on tmpfs they take microseconds and wait for no disk. */
export interface Spool {
  /** False: the system refused it, the event is in the process's memory only. */
  add(line: Buffer): boolean;
  /** Makes the spool hold exactly these lines, and what the next id is. False as above. */
  restart(lines: readonly Buffer[], nextId: number): boolean;
  /** How large it is: when to start it again is the owner's to say. */
  readonly bytes: () => number;
  close(): void;
}

/** What a spool held when it was found. */
export interface SpoolFound {
  readonly events: readonly StoredEvent[];
  /** undefined: there was none, or it is of another boot and says nothing of ids given since. */
  readonly nextId: number | undefined;
}

/** The spool of a journal has its own name: two journals of one host may share a directory for spools. */
async function spoolPath(spool: string, directory: string): Promise<string> {
  const whole = await realpath(directory).catch(() => resolve(directory));
  return join(spool, `${basename(whole)}-${crc32(whole).toString(16).padStart(8, "0")}.spool`);
}

/** The events of a spool; none if it is missing. Throws what the file system says else. */
export async function readSpool(spool: string, directory: string): Promise<readonly StoredEvent[]> {
  return (await findSpool(await spoolPath(spool, directory), "")).events;
}

/** Marked with the boot: only within one are the ids it knows all that were given. */
async function findSpool(path: string, bootId: string): Promise<SpoolFound> {
  const bytes = await readSegment(path);
  if (bytes === undefined) return { events: [], nextId: undefined };
  const events: StoredEvent[] = [];
  readLines(
    bytes,
    (event) => events.push(event),
    () => {},
  );
  const [, next, boot] = /^# next ([0-9]{1,16}) boot (\S*)\n/.exec(bytes.toString("latin1", 0, 100)) ?? [];
  // Without a name for the boot, nobody can tell whether the ids of its last second are known.
  if (next === undefined || boot !== bootId || bootId === "") return { events, nextId: undefined };
  return { events, nextId: Math.max(Number(next), (events.at(-1)?.id ?? 0) + 1) };
}

/** Finds what an earlier process left, and opens the spool for this one, whose directory is made if it isn't there: call
 *  `restart` before `add`. */
export async function openSpool(
  spool: string,
  directory: string,
  bootId: string,
): Promise<{ readonly found: SpoolFound; readonly spool: Spool }> {
  const path = await spoolPath(spool, directory);
  // Where it can't be made, events are kept in memory.
  await mkdir(spool, { recursive: true, mode: 0o750 }).catch(() => {});
  const found = await findSpool(path, bootId).catch(() => ({ events: [], nextId: undefined }));
  return { found, spool: spoolAt(path, bootId) };
}

function spoolAt(path: string, bootId: string): Spool {
  let fd: number | undefined;
  let bytes = 0;
  const close = () => {
    if (fd !== undefined) closeSync(fd);
    fd = undefined;
  };
  return {
    bytes: () => bytes,
    close,
    add(line) {
      if (fd === undefined) return false;
      try {
        bytes += writeWhole(fd, line);
        return true;
      } catch {
        return false;
      }
    },
    restart(lines, nextId) {
      let fresh: number | undefined;
      try {
        // A file of its own, then its name: whoever reads, or dies, between the two finds the old one whole.
        fresh = openSync(`${path}.new`, "w", 0o640);
        const written = writeWhole(fresh, Buffer.concat([Buffer.from(`# next ${nextId} boot ${bootId}\n`), ...lines]));
        renameSync(`${path}.new`, path);
        close();
        fd = fresh;
        bytes = written;
        return true;
      } catch {
        if (fresh !== undefined) closeSync(fresh);
        return false;
      }
    },
  };
}

function writeWhole(fd: number, bytes: Buffer): number {
  for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
  return bytes.length;
}

const tmpfsMagic = 0x01021994;
const ramfsMagic = 0x858458f6;

/** What kind of file system a directory lies on; "disk" too if that can't be told. */
export function kindOfSpool(directory: string): "tmpfs" | "disk" {
  try {
    const { type } = statfsSync(directory);
    return type === tmpfsMagic || type === ramfsMagic ? "tmpfs" : "disk";
  } catch {
    return "disk";
  }
}
