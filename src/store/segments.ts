import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

/** A file of the journal. */
export interface Segment {
  readonly path: string;
  /** The id of its first event. */
  readonly firstId: number;
  readonly bytes: number;
}

/** Where the segment that begins with this event lies: names sort like ids. */
export function segmentPath(directory: string, firstId: number): string {
  return join(directory, `events-${String(firstId).padStart(16, "0")}.jsonl`);
}

/** The segments of a directory, oldest first; none where the directory is missing. Throws what the file system says else. */
export async function listSegments(directory: string): Promise<readonly Segment[]> {
  const names = await readdir(directory).catch((problem: NodeJS.ErrnoException) => {
    if (problem.code === "ENOENT") return [];
    throw problem;
  });
  const found = names
    .toSorted()
    .map((name) => ({ name, id: /^events-(\d{16})\.jsonl$/.exec(name)?.[1] }))
    .map(async ({ name, id }): Promise<readonly Segment[]> => {
      if (id === undefined) return [];
      const path = join(directory, name);
      // The writer may have dropped the oldest one since.
      const about = await stat(path).catch(() => undefined);
      return about?.isFile() === true ? [{ path, firstId: Number(id), bytes: about.size }] : [];
    });
  return (await Promise.all(found)).flat();
}

/** The bytes of a file; undefined if it has been dropped meanwhile. Throws what the file system says else. */
export async function readSegment(path: string): Promise<Buffer | undefined> {
  return readFile(path).catch((problem: NodeJS.ErrnoException) => {
    if (problem.code === "ENOENT") return undefined;
    throw problem;
  });
}
