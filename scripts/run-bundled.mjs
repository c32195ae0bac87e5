import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** Runs a TypeScript program of the checkout with this command's words, and ends as it does. */
export async function runBundled(program) {
  const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
  const source = join(root, program);
  const outfile = join(root, ".cache", `${basename(program, ".ts")}-${process.pid}.mjs`);
  mkdirSync(dirname(outfile), { recursive: true });
  await build({
    absWorkingDir: root,
    entryPoints: [source],
    outfile,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    logLevel: "error",
    // Files of the project are looked for from the sources' place.
    define: { "import.meta.url": JSON.stringify(`file://${source}`) },
  });
  const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: "inherit" });
  rmSync(outfile, { force: true });
  process.exitCode = status ?? 1;
}
