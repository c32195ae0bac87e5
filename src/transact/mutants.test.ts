import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { build } from "esbuild";
import { afterAll, expect, it } from "vitest";
import { type Mutant, mutants } from "./testing/mutants.ts";

/* Whether the simulation can fail: it is run with mistakes in the engine, and must notice each. */

const project = resolve(import.meta.dirname, "../..");
const bundle = join(project, ".cache", `simulate-mutant-${process.pid}.mjs`);
afterAll(() => rmSync(bundle, { force: true }));

async function bundleWith({ file, find, replace }: Mutant): Promise<void> {
  await build({
    entryPoints: [join(project, "scripts/simulate-apply.ts")],
    outfile: bundle,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["koffi"],
    logLevel: "error",
    plugins: [
      {
        name: "mutant",
        setup({ onLoad }) {
          onLoad({ filter: /src\/transact\/[a-z-]+\.ts$/ }, ({ path }) => {
            const text = readFileSync(path, "utf8");
            if (basename(path) !== file) return { contents: text, loader: "ts" };
            if (!text.includes(find)) throw new Error(`${file} has no such text any more`);
            return { contents: text.replace(find, () => replace), loader: "ts" };
          });
        },
      },
    ],
  });
}

it.each(mutants)(
  "notices when $what",
  async (mutant) => {
    await bundleWith(mutant);
    const run = spawnSync(process.execPath, [bundle, "--seeds", "4000", "--first"], { encoding: "utf8" });
    expect(run.stdout).toMatch(/^seed \d+: /m);
    expect(run.status).toBe(1);
    // Seconds where there is room; a crowded machine may take minutes.
  },
  600_000,
);
