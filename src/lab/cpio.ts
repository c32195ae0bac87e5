/** A file, a link (its bytes say where to), or (without bytes) a directory, of an archive. */
export interface ArchiveEntry {
  /** Without a slash in front; parents come before their children. */
  readonly path: string;
  readonly bytes?: Uint8Array;
  /** Kind and permissions as stat(2) has them; absent: 0755, of a directory or a file. */
  readonly mode?: number;
}

const PROGRAM = 0o100755;
const DIRECTORY = 0o040755;

/** An archive as the kernel takes it for its first root: cpio in its "newc" form, uncompressed. Source: the kernel's
 *  Documentation/driver-api/early-userspace/buffer-format.rst. */
export function packArchive(entries: readonly ArchiveEntry[]): Uint8Array {
  const parts = [...entries, { path: "TRAILER!!!", bytes: new Uint8Array() }].flatMap((entry, index) => {
    const { path, bytes, mode = bytes === undefined ? DIRECTORY : PROGRAM } = entry;
    const name = Buffer.from(`${path}\0`);
    // Inode, mode, owner, group, links, time, size, four device numbers, length of the name, check sum.
    const fields = [index + 1, mode, 0, 0, 1, 0, bytes?.length ?? 0, 0, 0, 0, 0, name.length, 0];
    const header = `070701${fields.map((field) => field.toString(16).padStart(8, "0")).join("")}`;
    return [...padded(Buffer.concat([Buffer.from(header), name])), ...padded(bytes ?? new Uint8Array())];
  });
  return Buffer.concat(parts);
}

/** Every part begins at a multiple of four. */
function padded(bytes: Uint8Array): readonly Uint8Array[] {
  return [bytes, new Uint8Array((4 - (bytes.length % 4)) % 4)];
}
