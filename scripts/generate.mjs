// Writes the generated files that are committed. With --check it writes nothing and names those that are out of date.
// The list of them, each with the function that makes it, is scripts/generated.ts.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");

/** Node 20 doesn't run TypeScript: the list is bundled first. Inside the tree, so that packages are found. */
async function loadList() {
  const cache = join(root, "node_modules", ".cache");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "generate-"));
  try {
    const outfile = join(folder, "generated.mjs");
    const entry = join(root, "scripts/generated.ts");
    await build({ entryPoints: [entry], outfile, bundle: true, platform: "node", format: "esm", packages: "external" });
    return (await import(pathToFileURL(outfile).href)).generated;
  } finally {
    await rm(folder, { recursive: true });
  }
}

const generated = await loadList();
const check = process.argv.includes("--check");
for (const [path, make] of Object.entries(generated)) {
  const target = join(root, path);
  const before = await readFile(target, "utf8").catch(() => "");
  const text = make(before);
  if (before === text) continue;
  if (check) {
    console.log(`${path} is out of date: run make generate`);
    process.exitCode = 1;
  } else {
    await mkdir(dirname(target), { recursive: true });
    await writeFile(target, text);
    console.log(`wrote ${path}`);
  }
}
