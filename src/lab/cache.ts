import { mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

/** The project's own cache directory ($XDG_CACHE_HOME/holdfast), made if need be. Throws where it can't be made. */
export function cacheDirectory(): string {
  const base = process.env["XDG_CACHE_HOME"] || join(homedir(), ".cache");
  const path = join(base, "holdfast");
  mkdirSync(path, { recursive: true, mode: 0o700 });
  return path;
}
