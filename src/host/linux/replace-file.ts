import { randomBytes } from "node:crypto";
import { type FileHandle, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { failed, ok, type Result } from "../../model/result.ts";
import { errnoOf } from "./read-problem.ts";
import { syncDirectory } from "./sync-directory.ts";

/** changed: it no longer holds what was read. Else errno. */
export type ReplaceError = { readonly code: "changed" } | { readonly code: "failed"; readonly errno: string };

/** Puts a new text in the place of the one that was read. A reader, or a power cut, finds the old file or the new one, whole; mode and
 *  owner stay; behind a symbolic link it is the file that is replaced. Nothing is written when it changed since it was read. */
export async function replaceFile(path: string, before: string, after: string): Promise<Result<void, ReplaceError>> {
  let file: FileHandle | undefined;
  let temporary: string | undefined;
  try {
    const target = await realpath(path);
    const about = await stat(target);
    const directory = dirname(target);
    temporary = join(directory, `.holdfast-${randomBytes(6).toString("hex")}`);
    // "wx" and closed to others until its owner is right: it may hold a key.
    file = await open(temporary, "wx", 0o600);
    await file.writeFile(after);
    const own = await file.stat();
    if (own.uid !== about.uid || own.gid !== about.gid) await file.chown(about.uid, about.gid);
    await file.chmod(about.mode & 0o7777);
    await file.sync();
    await file.close();
    file = undefined;
    // Compared as bytes: what was read with replacement characters is not what is there. As late as can be.
    const isSame = (await readFile(target)).equals(Buffer.from(before, "utf8"));
    if (!isSame) {
      await rm(temporary, { force: true });
      return failed({ code: "changed" });
    }
    await rename(temporary, target);
    await syncDirectory(directory);
    return ok(undefined);
  } catch (problem) {
    await file?.close().catch(() => {});
    if (temporary !== undefined) await rm(temporary, { force: true }).catch(() => {});
    return failed({ code: "failed", errno: errnoOf(problem) });
  }
}
