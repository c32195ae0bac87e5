import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** A file that comes with the project, as an absolute path: from the sources and from the bundle in dist/ alike.
 *  Throws where the installation is broken (the file isn't there): nothing a user's input can cause. */
export function assetPath(name: string): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const path = join(folder, name);
    if (existsSync(path)) return path;
    if (folder === dirname(folder)) throw new Error(`this installation has no ${name}`);
  }
}
