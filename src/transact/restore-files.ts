import { basename, dirname, join } from "node:path";
import { type FileRecord, inside, type Manifest } from "../plan/protocol.ts";
import { attempt, trying } from "./disk-problem.ts";
import { besidePath, bytesLike, directoriesOf, dressOf, sha256, wears, writeNew } from "./images.ts";
import type { Disk } from "./ports.ts";

/** What came of putting the files back. */
export interface RestoredFiles {
  /** Files that could not be put back, and why. */
  readonly problems: readonly string[];
  /** Files that somebody else had changed, and where their text is now. */
  readonly conflicts: readonly { readonly path: string; readonly savedAs: string }[];
}

/** Puts every file back as it was before the change. May be done any number of times, from any state in between. Goes on
 *  with the others when one can't be put back. */
export function restoreFiles(disk: Disk, directory: string, manifest: Manifest): RestoredFiles {
  const problems: string[] = [];
  const conflicts: { path: string; savedAs: string }[] = [];
  const saved = (path: string, savedAs: string) => conflicts.push({ path, savedAs });
  const restore = (path: string, act: () => void) => {
    const done = attempt(act);
    if (!done.ok) problems.push(`${path}: ${done.error.message}`);
  };
  for (const [index, file] of manifest.files.entries()) {
    restore(file.path, () => restoreFile({ disk, directory, id: manifest.id, index, file, saved }));
  }
  for (const { path, names } of manifest.watched) {
    restore(path, () => {
      for (const name of disk.list(path)) {
        if (names.includes(name) || name.includes(`.hf-${manifest.id}-`)) continue;
        if (manifest.files.some((file) => file.path === join(path, name))) continue;
        if (disk.look(join(path, name))?.kind !== "file") continue;
        saved(join(path, name), keepConflict(disk, directory, join(path, name), "extra", manifest.id));
        disk.unlink(join(path, name));
      }
      disk.syncDirectory(path);
    });
  }
  for (const each of directoriesOf(manifest.files.map(({ path }) => path))) {
    if (attempt(() => disk.look(each)).ok && disk.look(each) === null) continue;
    restore(each, () => disk.syncDirectory(each));
  }
  return { problems, conflicts };
}

interface Restoring {
  readonly disk: Disk;
  readonly directory: string;
  readonly id: string;
  readonly index: number;
  readonly file: FileRecord;
  readonly saved: (path: string, savedAs: string) => void;
}

function restoreFile(restoring: Restoring): void {
  const { disk, directory, id, index, file, saved } = restoring;
  const { path, before, after } = file;
  const there = disk.look(path);
  const now = there?.kind === "file" ? attempt(() => sha256(disk.read(path))) : undefined;
  const hash = now?.ok ? now.value : undefined;
  if (before !== null && hash === before.sha256) {
    if (!wears(disk, path, dressOf(before))) disk.dress(path, dressOf(before));
    return;
  }
  if (there === null && before === null) return;
  // Somebody's own text goes nowhere without a copy; what can't be read may be somebody's.
  const isOthers = there?.kind === "file" && (hash === undefined || hash !== after?.sha256);
  if (isOthers) saved(path, keepConflict(disk, directory, path, String(index), id));
  if (before === null) {
    if (disk.look(path) !== null) disk.unlink(path);
    return;
  }
  disk.rename(oldImage(restoring), path);
}

/** A whole image of the old file beside it: the one that has waited there, or a copy of the other one. */
function oldImage({ disk, directory, id, index, file: { path, before } }: Restoring): string {
  const beside = besidePath(path, id, "old");
  if (before === null) return beside;
  if (bytesLike(disk, beside, before.sha256) !== undefined) {
    if (!wears(disk, beside, dressOf(before))) disk.dress(beside, dressOf(before));
    return beside;
  }
  const bytes = bytesLike(disk, join(directory, inside.before(index)), before.sha256);
  if (bytes === undefined) {
    throw Object.assign(new Error("neither of its two copies can be read whole"), { code: "EIO" });
  }
  const copy = besidePath(path, id, "tmp");
  if (disk.look(copy) !== null) disk.unlink(copy);
  writeNew(disk, copy, bytes, dressOf(before));
  return copy;
}

/** Copies what somebody else wrote into the transaction's directory, under the first free name, and gives that. Where it can't be
 *  copied, the file itself is kept beside its place. */
function keepConflict(disk: Disk, directory: string, path: string, which: string, id: string): string {
  const read = attempt(() => disk.read(path));
  const copied = read.ok ? copyConflict(disk, directory, which, read.value) : undefined;
  if (copied !== undefined) return copied;
  const beside = join(dirname(path), `.${basename(path)}.hf-${id}-kept`);
  disk.rename(path, beside);
  return beside;
}

/** The copy's name; undefined when the disk refuses it. */
function copyConflict(disk: Disk, directory: string, which: string, bytes: Uint8Array): string | undefined {
  const prefix = `conflict.${which}.`;
  const kept = disk.list(directory).filter((name) => name.startsWith(prefix));
  const same = kept.find((name) => bytesLike(disk, join(directory, name), sha256(bytes)) !== undefined);
  const copy = join(directory, same ?? `${prefix}${kept.length}`);
  const temporary = join(directory, `.conflict.${which}`);
  const written = attempt(() => {
    // It gets its name when its bytes are on the disk: one that is found is whole, whoever was killed meanwhile.
    if (disk.look(temporary) !== null) disk.unlink(temporary);
    if (same === undefined) {
      writeNew(disk, temporary, bytes, { mode: 0o600, uid: 0, gid: 0 });
      disk.rename(temporary, copy);
    }
    disk.syncDirectory(directory);
  });
  if (written.ok) return copy;
  trying(() => disk.unlink(temporary));
  return undefined;
}
