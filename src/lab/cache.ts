import { accessSync, constants, lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";

/** The project's own cache directory: $XDG_CACHE_HOME/holdfast, or one under the temporary directory for a user without a home.
 *  Throws where neither can be made, or the latter belongs to somebody else. */
export function cacheDirectory(): string {
  const home = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "holdfast");
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    accessSync(home, constants.W_OK | constants.X_OK);
    return home;
  } catch {
    return temporaryCache();
  }
}

function temporaryCache(): string {
  const { uid } = userInfo();
  const path = join(tmpdir(), `holdfast-cache-${uid}`);
  mkdirSync(path, { recursive: true, mode: 0o700 });
  const seen = lstatSync(path);
  // Anybody may make names in the temporary directory; what is found there is run later.
  if (!seen.isDirectory() || seen.uid !== uid || (seen.mode & 0o022) !== 0) {
    throw new Error(`${path} is not a directory of this user's alone`);
  }
  return path;
}

/** Makes `path` complete or not at all: `fill` gets an empty directory that takes the name when it is done.
 *  Of several processes at once one wins, and all find the same thing. */
export async function publishDirectory(path: string, fill: (part: string) => Promise<void>): Promise<void> {
  const part = mkdtempSync(join(dirname(path), ".part-"));
  try {
    await fill(part);
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { recursive: true, force: true });
    // Somebody else was first: theirs is as good.
    if (!isTaken(error)) throw error;
  }
}

function isTaken(error: unknown): boolean {
  const code = (error as { readonly code?: unknown }).code;
  return code === "ENOTEMPTY" || code === "EEXIST";
}
