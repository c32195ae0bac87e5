#!/usr/bin/env node
// Compares our reading of netplan files with our reading of what the real netplan makes of them, over many random ones:
//   node scripts/beside-netplan.mjs [COUNT] [SEED]
// Half are texts as people write them, a quarter each are our own renderings for systemd-networkd and for NetworkManager.
import { spawnSync } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

const root = fileURLToPath(new URL("..", import.meta.url));
const outfile = `${root}node_modules/.cache/beside-netplan.mjs`;
mkdirSync(`${root}node_modules/.cache`, { recursive: true });
await build({
  entryPoints: [`${root}test/dialects/netplan-many.ts`],
  bundle: true,
  platform: "node",
  format: "esm",
  packages: "external",
  logLevel: "error",
  outfile,
});
const run = spawnSync(process.execPath, [outfile, ...process.argv.slice(2)], { stdio: "inherit" });
process.exitCode = run.status ?? 1;
