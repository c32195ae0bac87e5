import { mkdir, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { errnoOf } from "./read-problem.ts";

/** Makes a directory and those above it, where they are missing. Fails like mkdir(2). Node's own `recursive` never
 *  returns below file systems that answer ENOENT to any mkdir, such as /proc. */
export async function makeDirectory(path: string): Promise<void> {
  try {
    await mkdir(path);
  } catch (problem) {
    const errno = errnoOf(problem);
    if (errno === "EEXIST" && (await stat(path)).isDirectory()) return;
    const parent = dirname(path);
    if (errno !== "ENOENT" || parent === path || (await isThere(parent))) throw problem;
    await makeDirectory(parent);
    await mkdir(path).catch((second: unknown) => {
      // Somebody else was quicker.
      if (errnoOf(second) !== "EEXIST") throw second;
    });
  }
}

async function isThere(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
