// Real kernels killed in the middle of `apply`: node scripts/power-cuts.mjs [CUTS] [SEED]
import { spawnSync } from "node:child_process";
import { mkdirSync, rmSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const outfile = join(root, ".cache", `power-cuts-${process.pid}.mjs`);
mkdirSync(dirname(outfile), { recursive: true });
await build({
  absWorkingDir: root,
  entryPoints: [join(root, "test/lab/power/run.ts")],
  outfile,
  bundle: true,
  packages: "external",
  platform: "node",
  format: "esm",
  logLevel: "error",
  // Files of the project are looked for from the sources' place.
  define: { "import.meta.url": JSON.stringify(`file://${join(root, "test/lab/power/run.ts")}`) },
});
const { status } = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: "inherit" });
rmSync(outfile, { force: true });
process.exitCode = status ?? 1;
