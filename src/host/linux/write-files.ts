import { randomBytes } from "node:crypto";
import { type FileHandle, open, readFile, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import type { FileSet } from "../../diagnostic/diagnostic.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import { makeDirectory } from "./make-directory.ts";
import { errnoOf } from "./read-problem.ts";
import { syncDirectory } from "./sync-directory.ts";

export interface WriteRequest {
  /** Directory that stands for the host's root; it is made when missing. */
  readonly root: string;
  /** Texts by absolute path as on the host. */
  readonly files: FileSet;
  /** Those that hold a secret: written 0600, the others 0644. */
  readonly secret: ReadonlySet<string>;
  /** "keep": files that are there with another text are left alone, and nothing at all is written. */
  readonly existing: "keep" | "replace";
}

export type WriteError =
  | { readonly code: "exists"; readonly paths: readonly string[] }
  | { readonly code: "outside"; readonly paths: readonly string[] }
  /** The root is this host's own, under whatever name: nothing was written. */
  | { readonly code: "live"; readonly paths: readonly string[] }
  | { readonly code: "failed"; readonly paths: readonly string[]; readonly errno: string };

/** Writes files so that each is either the old one or the whole new one, also after a power cut. Gives the paths written. */
export async function writeFiles(request: WriteRequest): Promise<Result<readonly string[], WriteError>> {
  const { root, files } = request;
  const targets = [...files].map(([path, text]) => ({ path, text, target: resolve(join(root, path)) }));
  const outside = targets.filter(({ target }) => !isInside(resolve(root), target)).map(({ path }) => path);
  if (outside.length > 0) return failed({ code: "outside", paths: outside });
  const live = await Promise.all(targets.map(async ({ path, target }) => ((await isLive(root, path)) ? [target] : [])));
  if (live.flat().length > 0) return failed({ code: "live", paths: live.flat() });
  if (request.existing === "keep") {
    const taken = await Promise.all(
      targets.map(async (file) => ((await differs(file.target, file.text)) ? [file.target] : [])),
    );
    if (taken.flat().length > 0) return failed({ code: "exists", paths: taken.flat() });
  }
  for (const { path, text, target } of targets) {
    const problem = await writeOne(root, target, text, request.secret.has(path) ? 0o600 : 0o644);
    if (problem === "outside") return failed({ code: "outside", paths: [target] });
    if (problem !== undefined) return failed({ code: "failed", paths: [target], errno: problem });
  }
  return ok(targets.map(({ target }) => target));
}

function isInside(root: string, target: string): boolean {
  return target.startsWith(root.endsWith(sep) ? root : root + sep);
}

/** Whether a directory on the way to the file is the very one this host uses for that path: "/", a bind mount of it or of
 *  its /etc, /proc/self/root. Compared by device and inode, as names can lie. */
async function isLive(root: string, path: string): Promise<boolean> {
  for (let at = resolve("/", dirname(path)); ; at = dirname(at)) {
    if (await isSame(join(root, at), at)) return true;
    if (at === "/") return false;
  }
}

async function isSame(one: string, other: string): Promise<boolean> {
  const about = (path: string) => stat(path, { bigint: true }).catch(() => undefined);
  const [a, b] = await Promise.all([about(one), about(other)]);
  return a !== undefined && b !== undefined && a.dev === b.dev && a.ino === b.ino;
}

async function differs(target: string, text: string): Promise<boolean> {
  try {
    return (await readFile(target, "utf8")) !== text;
  } catch (problem) {
    // Anything that is there and cannot be read as this text is not ours to replace.
    return errnoOf(problem) !== "ENOENT" && errnoOf(problem) !== "ENOTDIR";
  }
}

/** Temporary file, its bytes on the disk, its new name, the name on the disk. undefined, "outside" or an errno. */
async function writeOne(root: string, target: string, text: string, mode: number): Promise<string | undefined> {
  const directory = dirname(target);
  const temporary = join(directory, `.holdfast-${randomBytes(6).toString("hex")}`);
  let file: FileHandle | undefined;
  try {
    await makeDirectory(directory);
    // A symbolic link on the way could lead anywhere: the directory as it really is must be inside too.
    const inside = isInside(await realpath(root), join(await realpath(directory), "x"));
    if (!inside) return "outside";
    // "wx": never through a file or link somebody put there. The mode is set before any byte is in.
    file = await open(temporary, "wx", mode);
    await file.chmod(mode);
    await file.writeFile(text);
    await file.sync();
    await file.close();
    file = undefined;
    await rename(temporary, target);
    await syncDirectory(directory);
    return undefined;
  } catch (problem) {
    await file?.close();
    await rm(temporary, { force: true }).catch(() => {});
    return errnoOf(problem);
  }
}
