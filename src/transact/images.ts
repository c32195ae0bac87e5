import { createHash } from "node:crypto";
import { basename, dirname, join } from "node:path";
import type { FileImage } from "../plan/change.ts";
import { besideName, type FileRecord, type ImageRecord } from "../plan/protocol.ts";
import { attempt } from "./disk-problem.ts";
import type { Disk, Dress } from "./ports.ts";

/** Hex SHA-256. */
export function sha256(bytes: Uint8Array): string {
  return createHash("sha256").update(bytes).digest("hex");
}

/** What of an image can be compared and written into a manifest. */
export function recordOf(image: FileImage): ImageRecord {
  const { bytes, mode, uid, gid, attributes } = image;
  const encoded = [...(attributes ?? [])].map(
    ([name, value]) => [name, Buffer.from(value).toString("base64")] as const,
  );
  const record = { sha256: sha256(bytes), mode, uid, gid };
  return encoded.length === 0 ? record : { ...record, attributes: Object.fromEntries(encoded) };
}

/** Owner, mode and attributes of a recorded image. */
export function dressOf({ mode, uid, gid, attributes }: ImageRecord): Dress {
  const decoded = Object.entries(attributes ?? {}).map(
    ([name, value]) => [name, Buffer.from(value, "base64")] as const,
  );
  return decoded.length === 0 ? { mode, uid, gid } : { mode, uid, gid, attributes: new Map(decoded) };
}

/** The path beside a target under which its new or its old image waits. */
export function besidePath(target: string, id: string, which: "new" | "old" | "tmp"): string {
  return join(dirname(target), besideName(basename(target), id, which));
}

/** Writes a file that isn't there yet, and returns when its bytes are on the disk. Its name isn't: that is its directory's. */
export function writeNew(disk: Disk, path: string, bytes: Uint8Array, dress: Dress): void {
  const file = disk.create(path);
  try {
    file.write(bytes);
    file.dress(dress);
    file.sync();
  } finally {
    file.close();
  }
}

/** The image of a plain file as it stands; null when nothing is there. Throws ELOOP and EISDIR as the disk does. */
export function imageAt(disk: Disk, path: string): FileImage | null {
  const entry = disk.look(path);
  if (entry === null) return null;
  const bytes = disk.read(path);
  const attributes = disk.attributes(path);
  const { mode, uid, gid } = entry;
  return attributes.size === 0 ? { bytes, mode, uid, gid } : { bytes, mode, uid, gid, attributes };
}

/** The bytes of a plain file if they have that hash; undefined when they have another, or can't be read. */
export function bytesLike(disk: Disk, path: string, expected: string): Uint8Array | undefined {
  const bytes = attempt(() => disk.read(path));
  return bytes.ok && sha256(bytes.value) === expected ? bytes.value : undefined;
}

/** Whether a file wears that dress. */
export function wears(disk: Disk, path: string, dress: Dress): boolean {
  const entry = disk.look(path);
  if (entry === null || entry.mode !== dress.mode || entry.uid !== dress.uid || entry.gid !== dress.gid) return false;
  const worn = disk.attributes(path);
  return [...(dress.attributes ?? [])].every(([name, value]) => Buffer.from(value).equals(worn.get(name) ?? nothing));
}

const nothing = new Uint8Array(0);

/** The directories of these paths, each once. */
export function directoriesOf(paths: Iterable<string>): readonly string[] {
  return [...new Set([...paths].map((path) => dirname(path)))];
}

/** Whether swapping does anything to a file. A guarded command's files are only watched. */
export function isSwapped({ before, after }: FileRecord): boolean {
  return JSON.stringify(before) !== JSON.stringify(after);
}
