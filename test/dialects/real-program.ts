import { type SpawnSyncReturns, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { packageLayer } from "../../src/lab/packages.ts";

/** A program of another project's that ours is held against. */
export interface RealProgram {
  readonly path: string;
  /** The directory that its packages were unpacked into, "/" where it is installed. */
  readonly root: string;
  /** Runs it to its end, as on a machine that has it installed. */
  run(words: readonly string[], input?: string): SpawnSyncReturns<string>;
}

/** Where a program is found: the environment variable that names one, its paths on a host, the Debian packages it comes with. */
export interface Wanted {
  readonly variable: string;
  readonly paths: readonly string[];
  readonly packages: readonly string[];
}

/** That program: the one that is named, this machine's own, or the one of its packages, which are unpacked into the lab's cache and not
 *  installed. undefined: none is to be had (no Debian, no network). */
export async function realProgram({ variable, paths, packages }: Wanted): Promise<RealProgram | undefined> {
  const named = process.env[variable];
  if (named !== undefined) return existsSync(named) ? program(named, "/") : undefined;
  const own = paths.map((path) => join("/", path)).find((path) => existsSync(path));
  if (own !== undefined) return program(own, "/");
  const layer = await packageLayer(packages);
  const root = layer.ok ? layer.value : "";
  const unpacked = paths.map((path) => join(root, path)).find((path) => root !== "" && existsSync(path));
  return unpacked === undefined ? undefined : program(unpacked, root);
}

function program(path: string, root: string): RealProgram {
  const libraries = ["x86_64-linux-gnu", "aarch64-linux-gnu", "arm-linux-gnueabihf"].map((kind) =>
    join(root, "usr/lib", kind),
  );
  const more = root === "/" ? {} : { LD_LIBRARY_PATH: [...libraries, join(root, "usr/lib")].join(delimiter) };
  const env = { ...process.env, ...more };
  return { path, root, run: (words, input) => spawnSync(path, words, { encoding: "utf8", env, input }) };
}
