import { constants } from "node:fs";
import { open } from "node:fs/promises";
import type { FileImage } from "../../plan/change.ts";

/** A plain file as it stands on the disk, or undefined where it can't be read. Extended attributes aren't looked at: whoever replaces
 *  the file takes them from what it replaces. */
export async function readImage(path: string): Promise<FileImage | undefined> {
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK).catch(() => undefined);
  if (file === undefined) return undefined;
  try {
    const { mode, uid, gid } = await file.stat();
    return { bytes: await file.readFile(), mode: mode & 0o7777, uid, gid };
  } catch {
    return undefined;
  } finally {
    await file.close();
  }
}
