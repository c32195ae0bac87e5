import type { Manifest } from "../plan/protocol.ts";
import { attempt } from "./disk-problem.ts";
import { besidePath, directoriesOf, isSwapped, sha256 } from "./images.ts";
import type { Disk } from "./ports.ts";

/** Puts the new files in the place of the old ones, by renaming alone, so that a full disk can't strike between two of them;
 *  then their directories are synced. Gives the path of a file that isn't the old one any more, having changed nothing. */
export function swap(disk: Disk, { id, files }: Manifest): string | undefined {
  const foreign = files.find(({ path, before }) => {
    const entry = disk.look(path);
    if (before === null || entry === null) return before !== null || entry !== null;
    const now = attempt(() => sha256(disk.read(path)));
    return !now.ok || now.value !== before.sha256;
  });
  if (foreign !== undefined) return foreign.path;
  for (const { path, before, after } of files.filter(isSwapped)) {
    if (after !== null) disk.rename(besidePath(path, id, "new"), path);
    else if (before !== null) disk.unlink(path);
  }
  for (const directory of directoriesOf(files.map(({ path }) => path))) disk.syncDirectory(directory);
  return undefined;
}
