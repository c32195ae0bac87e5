// Runs a TypeScript script of ours: bundles it in memory and imports the result. `node scripts/run.mjs FILE.ts [ARGUMENT…]`
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const [file, ...rest] = process.argv.slice(2);
if (file === undefined) {
  process.stderr.write("usage: node scripts/run.mjs FILE.ts [ARGUMENT…]\n");
  process.exit(2);
}

const folder = await mkdtemp(join(tmpdir(), "holdfast-run-"));
try {
  const outfile = join(folder, "script.mjs");
  const banner = { js: 'import { createRequire as makeRequire } from "node:module"; const require = makeRequire(import.meta.url);' };
  await build({ entryPoints: [file], bundle: true, platform: "node", format: "esm", target: "node20.19", outfile, banner, logLevel: "warning" });
  process.argv.splice(1, process.argv.length - 1, resolve(file), ...rest);
  await import(pathToFileURL(outfile).href);
} finally {
  await rm(folder, { recursive: true, force: true });
}
