import { accessSync, constants, lstatSync, mkdirSync, mkdtempSync, renameSync, rmSync } from "node:fs";
import { homedir, tmpdir, userInfo } from "node:os";
import { dirname, join } from "node:path";
import { failed, ok, type Result } from "../model/result.ts";
import type { LabError } from "./lab.ts";

/** The project's own cache directory, made if need be: $XDG_CACHE_HOME/holdfast, or one under the temporary directory for a user
 *  without a home. Fails where neither can be had. */
export function openCache(): Result<string, LabError> {
  const home = join(process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache"), "holdfast");
  return isOurs(home) ? ok(home) : temporaryCache(home);
}

/** The same where it has been opened before. Throws if it is gone. */
export function cacheDirectory(): string {
  const cache = openCache();
  if (!cache.ok) throw new Error(cache.error.message);
  return cache.value;
}

function isOurs(path: string): boolean {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
    accessSync(path, constants.R_OK | constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function temporaryCache(home: string): Result<string, LabError> {
  const { uid } = userInfo();
  const path = join(tmpdir(), `holdfast-cache-${uid}`);
  if (!isOurs(path)) return failed(noCache(`neither ${home} nor ${path} can be written`));
  const seen = lstatSync(path);
  // Anybody may make names in the temporary directory; what is found there is run later.
  if (!seen.isDirectory() || seen.uid !== uid || (seen.mode & 0o022) !== 0) {
    return failed(noCache(`${home} can't be written, and ${path} is not a directory of this user's alone`));
  }
  return ok(path);
}

function noCache(message: string): LabError {
  const hint = "Set XDG_CACHE_HOME to a directory of your own, or take back the first one with chown.";
  return { code: "no-cache", message: `the lab has nowhere to unpack to: ${message}`, hint };
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
