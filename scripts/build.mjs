// Bundles src/ into dist/: the command line as ES modules split into chunks that load when they are needed,
// what runs inside the lab (the runner, and the agent by itself) as one file each, and the dashboard. Files that did not change are not
// written again.
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { buildWeb } from "./build-web.mjs";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const outdir = join(root, "dist");
const webdir = join(outdir, "web");

const shared = {
  absWorkingDir: root,
  bundle: true,
  platform: "node",
  target: "node20.19",
  // A native module finds its binary beside itself; bundled it would not.
  external: ["koffi"],
  write: false,
  outdir,
  logLevel: "warning",
  legalComments: "eof",
  // With a single letter beyond Latin-1 the runtime keeps a whole file at two bytes a letter: half a megabyte of the agent's.
  charset: "ascii",
};

/** CommonJS packages inside an ES module still call require() for Node's own modules. */
const requireBanner =
  'import { createRequire as holdfastRequire } from "node:module"; const require = holdfastRequire(import.meta.url);';

async function bundle() {
  const command = build({
    ...shared,
    entryPoints: {
      main: "src/cli/main.ts",
      "check-worker": "src/cli/check-many/worker.ts",
      mail: "src/agent/telling/mail-courier.ts",
    },
    format: "esm",
    splitting: true,
    chunkNames: "part-[name]-[hash]",
    banner: { js: requireBanner },
  });
  // One file each: the guest reads its disk through the host, and every further module is another round trip.
  const entryPoints = { guest: "src/lab/guest/main.ts", agent: "src/agent/main.ts" };
  const inside = build({ ...shared, entryPoints, format: "esm", banner: { js: requireBanner } });
  const [web, ...built] = await Promise.all([buildWeb(root, webdir), command, inside]);
  return [...built.flatMap((result) => result.outputFiles), ...web];
}

async function isSame(path, contents) {
  const there = await readFile(path).catch(() => undefined);
  return there?.equals(contents) ?? false;
}

async function main() {
  const files = await bundle();
  await mkdir(webdir, { recursive: true });
  // Chunks first, entries last: a command started meanwhile finds a whole tree.
  const entriesLast = files.toSorted((a, b) => Number(b.path.includes("/part-")) - Number(a.path.includes("/part-")));
  for (const file of entriesLast) {
    if (!(await isSame(file.path, file.contents))) await writeFile(file.path, file.contents);
  }
  const wanted = new Set(files.map((file) => relative(outdir, file.path)));
  for (const entry of await readdir(outdir, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (!entry.isDirectory() && !wanted.has(relative(outdir, path))) await rm(path);
  }
}

await main();
