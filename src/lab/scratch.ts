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

/** Has a directory removed when this process ends, however it ends; or earlier, by the function returned. */
export function removeAfterUs(path: string): () => Promise<void> {
  // Another process holds the other end of a pipe: it reads the end of the file when we are gone, kill -9 included.
  const keeper = spawn("sh", ["-c", 'read -r _; rm -rf -- "$1"', "keeper", path], {
    stdio: ["pipe", "ignore", "ignore"],
    detached: true,
    cwd: "/",
  });
  const gone = once(keeper, "close");
  return async () => {
    keeper.stdin.end();
    await gone;
  };
}
