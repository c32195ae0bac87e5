import { open } from "node:fs/promises";

/** Puts a directory's names on the disk: without it a power cut can leave the old name although rename() had returned, take away a file
 *  whose bytes are on the disk, or bring back one that was removed. Throws what fsync(2) throws. */
export async function syncDirectory(path: string): Promise<void> {
  const directory = await open(path, "r");
  try {
    await directory.sync();
  } finally {
    await directory.close();
  }
}
