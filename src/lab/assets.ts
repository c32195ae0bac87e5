import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A file that comes with the project, as an absolute path: from the sources and from the bundle in dist/ alike.
 *  Throws where it isn't there: `chooseEngine` has looked before. */
export function assetPath(name: string): string {
  const path = findAsset(name);
  if (path === undefined) throw new Error(`this installation has no ${name}`);
  return path;
}

/** The same where it may be missing: a checkout cut short, a package that left it out. */
export function findAsset(name: string): string | undefined {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const path = join(folder, name);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) return undefined;
  }
}
