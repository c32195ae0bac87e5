import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const root = join(dirname(fileURLToPath(import.meta.url)), "..", "..");

/** Where configurations gathered from public places lie; they are not ours to publish and not part of the repository. */
export const corpusDirectory = join(process.env["HOLDFAST_SHARED"] ?? join(root, "..", "shared"), "corpus");

/** Why tests over the corpus are skipped, or undefined when it is there. */
export const corpusMissing = existsSync(corpusDirectory)
  ? undefined
  : "no corpus beside the repository (HOLDFAST_SHARED names another place)";

/** Files directly in a folder of the corpus, by name; none when there is no such folder. */
export function corpusFiles(folder: string): readonly { readonly name: string; readonly text: string }[] {
  const path = join(corpusDirectory, folder);
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => ({ name: entry.name, text: readFileSync(join(path, entry.name), "utf8") }));
}
