import {
  accessSync,
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fchmodSync,
  fstatSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  type Stats,
  symlinkSync,
  unlinkSync,
  writeSync,
} from "node:fs";
import { dirname } from "node:path";
import { lockedByFlag, readAttributes, writeAttribute } from "../host/linux/file-attributes.ts";
import { errnoOf } from "../host/linux/read-problem.ts";
import type { Disk, Dress, Entry, NewFile } from "./ports.ts";

/** Larger is no network configuration. */
const mostBytes = 16 * 1024 * 1024;

/** Attributes that say who may read a file. Others (security.ima) belong to one inode and can't be carried over. */
const carried = ["security.selinux", "system.posix_acl_access", "user."];

/** The host's own files, one system call or a few per function. */
export const hostDisk: Disk = {
  create(path) {
    const { O_WRONLY, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
    const fd = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600);
    // Whatever the umask: nobody else, and we.
    fchmodSync(fd, 0o600);
    return newFile(path, fd);
  },
  look: (path) => entryOf(path),
  read(path) {
    const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants;
    const fd = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
    try {
      const about = fstatSync(fd);
      if (!about.isFile()) throw withCode("EINVAL", `${path} is no plain file`);
      if (about.size > mostBytes) throw withCode("EFBIG", `${path} is larger than 16 MiB`);
      return readFileSync(fd);
    } finally {
      closeSync(fd);
    }
  },
  attributes: (path) => readAttributes(path, carried),
  list: (path) => readdirSync(path),
  makeDirectory(path, mode) {
    mkdirSync(path, { mode });
    chmodSync(path, mode);
  },
  rename: (from, to) => renameSync(from, to),
  unlink: (path) => unlinkSync(path),
  removeDirectory: (path) => rmdirSync(path),
  symlink: (target, path) => symlinkSync(target, path),
  dress(path, dress) {
    dressFile(path, dress);
    syncPath(path, constants.O_NOFOLLOW);
  },
  syncDirectory: (path) => syncPath(path, constants.O_DIRECTORY),
  resolve: (path) => realpathSync(path),
  obstacle: (path) => obstacleAt(path),
};

function newFile(path: string, fd: number): NewFile {
  return {
    write(bytes) {
      for (let done = 0; done < bytes.length; ) done += writeSync(fd, bytes, done);
    },
    dress: (dress) => dressFile(path, dress),
    sync: () => fsyncSync(fd),
    close: () => closeSync(fd),
  };
}

function syncPath(path: string, flag: number): void {
  const fd = openSync(path, constants.O_RDONLY | flag);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/** The owner first and the mode last: in between nobody gets more than at the end. */
function dressFile(path: string, { mode, uid, gid, attributes }: Dress): void {
  const now = lstatSync(path);
  if (now.uid !== uid || now.gid !== gid) chownSync(path, uid, gid);
  for (const [name, value] of attributes ?? []) writeAttribute(path, name, value);
  chmodSync(path, mode);
}

function entryOf(path: string): Entry | null {
  const about = lstatSync(path, { throwIfNoEntry: false });
  if (about === undefined) return null;
  const { uid, gid, nlink: links, size: bytes } = about;
  const entry = { kind: kindOf(about), mode: about.mode & 0o7777, uid, gid, links, bytes };
  if (entry.kind !== "link") return entry;
  try {
    return { ...entry, target: readlinkSync(path) };
  } catch (problem) {
    // Taken away since: whoever waits for an end must not fall over it.
    if (errnoOf(problem) === "ENOENT") return null;
    throw problem;
  }
}

function kindOf(about: Stats): Entry["kind"] {
  if (about.isFile()) return "file";
  if (about.isDirectory()) return "directory";
  return about.isSymbolicLink() ? "link" : "other";
}

/** Asks the kernel, and leaves nothing behind: whether the directory takes names, and whether a flag holds the file. */
function obstacleAt(path: string): string | null {
  const directory = dirname(path);
  try {
    accessSync(directory, constants.W_OK | constants.X_OK);
  } catch (problem) {
    return problem instanceof Error && "code" in problem && problem.code === "EROFS"
      ? "the file system is read-only"
      : `${directory} can't be written`;
  }
  const flag = lockedByFlag(path);
  if (flag !== null) return `it is ${flag} (chattr)`;
  const above = lockedByFlag(directory);
  return above === null ? null : `${directory} is ${above} (chattr)`;
}

function withCode(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
