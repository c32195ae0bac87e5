// Every dialect over the same random hosts: written, read back and compared. On two threads, as `check` reads a site: each has half
// the hosts. What each dialect takes is processor time, so that what else the machine does doesn't count; what all of them take is
// time as the clock has it, which only a quiet machine of two cores tells.
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";

/** Seconds for ten thousand hosts: all dialects by the clock, and the processor time of the dearest of them. */
const limit = 60;
const limitEach = 12;
const threads = 2;
/** What is written and read back is rubbish at once: with room for more of it the collector comes a quarter as often. */
const resourceLimits = { maxYoungGenerationSizeMb: 96 };

/** Prints a row for each dialect and two for all. `only` narrows them. */
export async function benchDialects({ root, row, hosts, seed, only }) {
  const share = Math.ceil(hosts / threads);
  const { told, clockS, cpuS } = await onThreads(root, { hosts: share, only }, seed);
  const scale = (share * threads) / 10_000;
  const names = told[0].map(({ name }) => name);
  for (const name of names) {
    const own = told.flatMap((one) => one.filter((dialect) => dialect.name === name));
    const tookS = own.reduce((sum, one) => sum + one.tookS, 0);
    const differing = own.reduce((sum, one) => sum + one.differing, 0);
    row(`${name}, ${share * threads} round trips, CPU s`, tookS, limitEach * scale, `${differing} with losses`);
  }
  const all = told.flat().reduce((sum, one) => sum + one.tookS, 0);
  const remark = `seed ${seed}; CPU s: ${all.toFixed(0)} of the threads, ${cpuS.toFixed(0)} with compiler and collector`;
  row(`${names.length} dialects, ${threads} threads, clock s`, clockS, limit * scale, remark);
}

/** Lets the threads get ready, then starts all of them at once. */
async function onThreads(root, share, seed) {
  const { folder, outfile } = await bundle(root);
  try {
    const workers = Array.from(
      { length: threads },
      (_, index) => new Worker(outfile, { workerData: { ...share, seed: seed + index }, resourceLimits }),
    );
    await Promise.all(workers.map((worker) => once(worker, "message")));
    const start = process.hrtime.bigint();
    const before = process.cpuUsage();
    const told = await Promise.all(
      workers.map(async (worker) => {
        worker.postMessage("go");
        const [message] = await once(worker, "message");
        return message;
      }),
    );
    const { user, system } = process.cpuUsage(before);
    const clockS = Number(process.hrtime.bigint() - start) / 1e9;
    return { told, clockS, cpuS: (user + system) / 1e6 };
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function bundle(root) {
  const cache = join(root, "node_modules", ".cache");
  await mkdir(cache, { recursive: true });
  const folder = await mkdtemp(join(cache, "bench-dialects-"));
  const outfile = join(folder, "round-trips.mjs");
  const entryPoints = [join(root, "scripts/bench/round-trips-worker.ts")];
  await build({ entryPoints, outfile, bundle: true, platform: "node", format: "esm", packages: "external" });
  return { folder, outfile };
}
