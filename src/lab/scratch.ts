import { spawn } from "node:child_process";
import { once } from "node:events";
import { accessSync, constants, existsSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";

/** An existing directory that a sandbox may cover with a tmpfs of its own: none of `visible` lies below it. */
export function scratchDirectory(visible: readonly string[]): string {
  const candidates = ["/dev/shm", "/mnt", "/media", "/srv", "/var/tmp", "/tmp"];
  const free = candidates.find(
    (folder) => existsSync(folder) && !visible.some((path) => path.startsWith(`${folder}/`)),
  );
  if (free === undefined) throw new Error(`the lab needs a directory it may cover: one of ${candidates.join(" ")}`);
  return free;
}

/** A directory whose files may be mapped executable, as a guest's memory is; in memory where possible. */
export function executableDirectory(): string {
  return isWritable("/dev/shm") && !isNoexec("/dev/shm") ? "/dev/shm" : tmpdir();
}

function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function isNoexec(path: string): boolean {
  const lines = readFileSync("/proc/mounts", "utf8").split("\n");
  const options = lines.map((line) => line.split(" ")).findLast(([, where]) => where === path)?.[3];
  return options?.split(",").includes("noexec") ?? false;
}

/** A second process that cleans up when this one is gone, kill -9 included. */
export interface Keeper {
  /** Removes the directory now, the lab having ended; resolves when it is gone. */
  readonly release: () => Promise<void>;
}

// It holds the other end of a pipe. Word from us: the lab has ended. The end of the file instead: we were killed, and what the
// lab started may live on, for a user-mode kernel's own helper processes outlive it. Its group is in the directory.
const keeping = `read -r word || kill -9 -"$(cat "$1/group")" 2>/dev/null; rm -rf -- "$1"`;

/** Has `path` removed, and the process group named in its file "group" ended, when this process ends. */
export function keep(path: string): Keeper {
  const keeper = spawn("sh", ["-c", keeping, "keeper", path], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    cwd: "/",
  });
  const gone = once(keeper, "close");
  return {
    release: async () => {
      keeper.stdin.end("ended\n");
      await gone;
    },
  };
}
