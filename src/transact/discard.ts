import { join } from "node:path";
import { inside } from "../plan/protocol.ts";
import { diskProblem } from "./disk-problem.ts";
import { besidePath, directoriesOf } from "./images.ts";
import type { Disk, Ports } from "./ports.ts";
import { shared, type Transaction } from "./transaction.ts";

/** Removes what a transaction has left beside its files, and where `made` says so the directories it made. Whatever is gone
 *  already is fine; what the disk refuses is thrown, so that it is done again. */
export function clearBeside(
  { disk }: Ports,
  { manifest, unreadable }: Transaction,
  made: "keep-made" | "remove-made",
): void {
  // Without its names nothing may be thrown away: it would lie there for ever.
  if (unreadable !== undefined) throw Object.assign(new Error(unreadable.message), { code: unreadable.code });
  if (manifest === undefined) return;
  const { id, files, directories } = manifest;
  for (const { path } of files) {
    for (const which of ["new", "old", "tmp"] as const) {
      const beside = besidePath(path, id, which);
      if (disk.look(beside) !== null) disk.unlink(beside);
    }
  }
  for (const directory of directoriesOf(files.map(({ path }) => path))) {
    if (disk.look(directory) !== null) disk.syncDirectory(directory);
  }
  if (made === "keep-made") return;
  for (const directory of directories.toReversed()) {
    if (disk.look(directory) !== null) removeIfEmpty(disk, directory);
  }
  for (const directory of directoriesOf(directories)) {
    if (disk.look(directory) !== null) disk.syncDirectory(directory);
  }
}

/** One that has got something else in it meanwhile stays. */
function removeIfEmpty(disk: Disk, directory: string): void {
  try {
    disk.removeDirectory(directory);
  } catch (problem) {
    if (diskProblem(problem).code !== "ENOTEMPTY") throw problem;
  }
}

/** Takes the name of the live transaction away from it. */
export function release({ disk, places }: Ports, { id }: Pick<Transaction, "id">): void {
  const { active } = shared(places);
  if (disk.look(active)?.target === id) disk.unlink(active);
  disk.syncDirectory(places.state);
}

/** Removes a transaction that never touched anything. The manifest goes last: it names all that is elsewhere. */
export function discard(ports: Ports, transaction: Transaction): void {
  const { disk, places } = ports;
  const { directory } = transaction;
  clearBeside(ports, transaction, "remove-made");
  release(ports, transaction);
  if (disk.look(directory) === null) return;
  const names = disk.list(directory).filter((name) => name !== inside.manifest);
  for (const name of names) disk.unlink(join(directory, name));
  disk.syncDirectory(directory);
  if (disk.look(join(directory, inside.manifest)) !== null) disk.unlink(join(directory, inside.manifest));
  disk.removeDirectory(directory);
  disk.syncDirectory(places.state);
}
