import { closeSync, constants, openSync } from "node:fs";
import koffi from "koffi";

/** Extended attributes and flags of files: the system calls Node lacks. Loaded when first needed. */
interface Calls {
  list(path: string, names: Uint8Array | null, size: number): number;
  get(path: string, name: string, value: Uint8Array | null, size: number): number;
  set(path: string, name: string, value: Uint8Array, size: number, flags: number): number;
  ioctl(fd: number, request: number, value: Uint8Array): number;
}

let loaded: Calls | undefined;

function calls(): Calls {
  if (loaded !== undefined) return loaded;
  const libc = koffi.load("libc.so.6");
  loaded = {
    list: libc.func("intptr_t llistxattr(const char *, void *, uintptr_t)"),
    get: libc.func("intptr_t lgetxattr(const char *, const char *, void *, uintptr_t)"),
    set: libc.func("int lsetxattr(const char *, const char *, void *, uintptr_t, int)"),
    ioctl: libc.func("int ioctl(int, uintptr_t, void *)"),
  };
  return loaded;
}

/** A file's extended attributes of these kinds ("user.", "system.posix_acl_access"), links not followed. None where the file
 *  system keeps none. Throws an Error with `code`. */
export function readAttributes(path: string, kinds: readonly string[]): ReadonlyMap<string, Uint8Array> {
  const { list, get } = calls();
  const size = list(path, null, 0);
  if (size < 0 && isErrno("ENOTSUP")) return new Map();
  const names = Buffer.alloc(Math.max(0, size));
  if (size < 0 || list(path, names, size) < 0) throw refused("llistxattr", path);
  const wanted = names
    .toString("utf8")
    .split("\0")
    .filter((name) => kinds.some((kind) => name.startsWith(kind)));
  return new Map(
    wanted.map((name) => {
      const value = Buffer.alloc(Math.max(0, get(path, name, null, 0)));
      if (get(path, name, value, value.length) < 0) throw refused("lgetxattr", path);
      return [name, value];
    }),
  );
}

/** Sets one. Throws an Error with `code`. */
export function writeAttribute(path: string, name: string, value: Uint8Array): void {
  if (calls().set(path, name, value, value.length, 0) < 0) throw refused("lsetxattr", path);
}

/** FS_IOC_GETFLAGS of linux/fs.h, for 64-bit machines, and what chattr +i and +a set. */
const getFlags = 0x80086601;
const immutable = 0x10;
const appendOnly = 0x20;

/** "immutable" or "append-only" by chattr(1); null when it is neither, or nobody can say. */
export function lockedByFlag(path: string): "immutable" | "append-only" | null {
  let fd: number;
  try {
    fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW);
  } catch {
    return null;
  }
  try {
    const flags = Buffer.alloc(8);
    if (calls().ioctl(fd, getFlags, flags) < 0) return null;
    const value = flags.readUInt32LE(0);
    if ((value & immutable) !== 0) return "immutable";
    return (value & appendOnly) === 0 ? null : "append-only";
  } finally {
    closeSync(fd);
  }
}

function isErrno(name: "ENOTSUP"): boolean {
  return koffi.errno() === koffi.os.errno[name];
}

function refused(call: string, path: string): Error {
  const number = koffi.errno();
  const code = Object.entries(koffi.os.errno).find(([, each]) => each === number)?.[0] ?? `errno ${number}`;
  return Object.assign(new Error(`${code}: ${call} '${path}'`), { code, path });
}
