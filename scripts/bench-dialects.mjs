// Every dialect over the same random hosts: written, read back and compared. Processor time, so that what else the machine does
// doesn't count.
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

/** Seconds of processor time for ten thousand hosts: all dialects together, and the dearest of them. */
const limit = 60;
const limitEach = 12;

/** Prints a row for each dialect and one for all. `only` narrows them. */
export async function benchDialects({ root, row, hosts, seed, only }) {
  const { configurations, dialects, roundTrips } = await load(root);
  const asked = dialects.filter(({ name }) => only.length === 0 || only.includes(name));
  const configs = configurations(hosts, seed);
  // Once before, for each: what is timed is the work and not the compiler's first sight of it.
  for (const dialect of asked) roundTrips(dialect, configs.slice(0, Math.ceil(hosts / 20)));
  let all = 0;
  for (const dialect of asked) {
    const before = process.cpuUsage();
    const { differing } = roundTrips(dialect, configs);
    const { user, system } = process.cpuUsage(before);
    const tookS = (user + system) / 1e6;
    all += tookS;
    row(
      `${dialect.name}, ${hosts} round trips, CPU s`,
      tookS,
      (limitEach * hosts) / 10_000,
      `${differing} with losses`,
    );
  }
  row(`${asked.length} dialects, ${hosts} round trips, CPU s`, all, (limit * hosts) / 10_000, `seed ${seed}`);
}

async function load(root) {
  const cache = join(root, "node_modules", ".cache");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "bench-dialects-"));
  try {
    const outfile = join(folder, "round-trips.mjs");
    const entryPoints = [join(root, "scripts/bench/round-trips.ts")];
    await build({ entryPoints, outfile, bundle: true, platform: "node", format: "esm", packages: "external" });
    return await import(pathToFileURL(outfile).href);
  } finally {
    await rm(folder, { recursive: true });
  }
}
