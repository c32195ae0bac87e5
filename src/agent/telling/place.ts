import { readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf } from "../../host/linux/read-problem.ts";
import { writeFiles } from "../../host/linux/write-files.ts";
import type { Batch, Saved } from "../../notify/channel.ts";

/** Where a recipient stands in the history, on the disk. */
export interface Place {
  /** "new": nobody was told here before. "broken": somebody was, and how far is not known. */
  readonly load: () => Promise<Saved | "new" | "broken">;
  /** Returns when it is on the disk, or when the disk took too long or refused: telling goes on without it. Resolves to what
   *  went wrong. */
  readonly save: (saved: Saved) => Promise<string | undefined>;
}

/** A disk that stands still may delay a message by this much and no more. */
const PATIENCE_MS = 5_000;

/** The place of a recipient in a directory. */
export function placeIn(directory: string, name: string): Place {
  const file = `/${name.replaceAll(/[^A-Za-z0-9_.-]/g, "-")}.json`;
  let writing: Promise<string | undefined> = Promise.resolve(undefined);
  let wanted: Saved | undefined;
  const write = async (): Promise<string | undefined> => {
    // Whoever comes late has been overtaken by a newer place.
    if (wanted === undefined) return undefined;
    const text = `${JSON.stringify(wanted)}\n`;
    wanted = undefined;
    const files = new Map([[file, text]]);
    const written = await writeFiles({ root: directory, files, secret: new Set([file]), existing: "replace" });
    return written.ok ? undefined : written.error.code === "failed" ? written.error.errno : written.error.code;
  };
  return {
    load: () => load(join(directory, file)),
    save: (saved) => {
      wanted = saved;
      writing = writing.then(write);
      return Promise.race([writing, after(PATIENCE_MS, "the disk stands still")]);
    },
  };
}

/** Removes what a killed writer left behind. */
export async function sweep(directory: string): Promise<void> {
  const names = await readdir(directory).catch(() => []);
  const left = names.filter((name) => name.startsWith(".holdfast-"));
  await Promise.all(left.map((name) => rm(join(directory, name), { force: true }).catch(() => {})));
}

function after<T>(ms: number, value: T): Promise<T> {
  return new Promise((resolve) => setTimeout(resolve, ms, value).unref());
}

async function load(path: string): Promise<Saved | "new" | "broken"> {
  try {
    const text = await readFile(path, "utf8");
    return savedOf(JSON.parse(text)) ?? "broken";
  } catch (problem) {
    return errnoOf(problem) === "ENOENT" ? "new" : "broken";
  }
}

function savedOf(value: unknown): Saved | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { version, cursor, missed, batch } = value as Record<string, unknown>;
  if (version !== 1 || !isCount(cursor) || !isCount(missed)) return undefined;
  if (batch === undefined) return { version, cursor, missed, batch: undefined };
  const read = batchOf(batch);
  return read === undefined ? undefined : { version, cursor, missed, batch: read };
}

function batchOf(value: unknown): Batch | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { id, first, last, count, missed, failures, triedMs } = value as Record<string, unknown>;
  if (typeof id !== "string" || !/^[\w.-]{1,100}$/.test(id)) return undefined;
  if (!isCount(first) || !isCount(last) || !isCount(count) || !isCount(missed)) return undefined;
  if (!isCount(failures) || typeof triedMs !== "number" || !(triedMs >= 0)) return undefined;
  return { id, first, last, count, missed, failures, triedMs };
}

function isCount(value: unknown): value is number {
  return typeof value === "number" && Number.isSafeInteger(value) && value >= 0;
}
