import { closeSync, constants, fstatSync, openSync, readFileSync } from "node:fs";
import koffi from "koffi";
import { failed, ok, type Result } from "../../model/result.ts";
import { errnoOf } from "./read-problem.ts";

const LOCK_EX = 2;
const LOCK_NB = 4;

type Flock = (fd: number, operation: number) => number;
let flock: Flock | undefined;

/** The directory below /run/holdfast that whoever drills the host has locked. A change locks it too while it is driven. */
export const drillsName = "drill";

/** Why it could not be locked: somebody has it (the process, where the kernel says), or an errno. */
export type LockError =
  | { readonly code: "held"; readonly by: number | undefined }
  | { readonly code: "failed"; readonly errno: string };

/** Takes a directory for this process alone, by flock(2): the kernel frees it however the process ends. Children don't
 *  inherit it. Needs no right to write. Gives what frees it. */
export function lockDirectory(path: string): Result<() => void, LockError> {
  return lock(path, constants.O_RDONLY | constants.O_DIRECTORY);
}

/** The same for a file, which is made (0600) if it isn't there; never through a link. It stays where it is when it is freed: a lock on a
 *  name that comes and goes is two locks. */
export function lockFile(path: string): Result<() => void, LockError> {
  return lock(path, constants.O_RDWR | constants.O_CREAT | constants.O_NOFOLLOW);
}

function lock(path: string, how: number): Result<() => void, LockError> {
  let fd: number;
  try {
    fd = openSync(path, how, 0o600);
  } catch (problem) {
    return failed({ code: "failed", errno: errnoOf(problem) });
  }
  flock ??= koffi.load("libc.so.6").func("int flock(int, int)") as Flock;
  if (flock(fd, LOCK_EX | LOCK_NB) === 0) return ok(() => closeSync(fd));
  const code = koffi.errno();
  const by = holderOf(fstatSync(fd).ino);
  closeSync(fd);
  if (code === koffi.os.errno["EWOULDBLOCK"] || code === koffi.os.errno["EAGAIN"]) return failed({ code: "held", by });
  return failed({ code: "failed", errno: `errno ${code}` });
}

/** "1: FLOCK  ADVISORY  WRITE 708 00:13:1066 0 EOF": the process that holds a lock on this inode. */
function holderOf(inode: number): number | undefined {
  try {
    const line = readFileSync("/proc/locks", "utf8")
      .split("\n")
      .find((each) => each.includes("FLOCK") && each.includes(`:${inode} `));
    const pid = Number(line?.trim().split(/\s+/)[4]);
    return pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}
