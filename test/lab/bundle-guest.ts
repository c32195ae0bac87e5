import { mkdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { build } from "esbuild";
import { root } from "../house/source.ts";

/** Makes one file of a program that runs inside a lab. `entry`: below the repository's root. Rejects where it can't be built. */
export async function bundleGuest(entry: string, outfile: string): Promise<void> {
  mkdirSync(dirname(outfile), { recursive: true });
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["koffi"],
    logLevel: "error",
  });
}
