import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { configurations, dialects, roundTrips } from "./round-trips.ts";

/** What a thread is given: so many hosts of a seed, and the dialects' names (none: all of them). */
export interface Share {
  readonly hosts: number;
  readonly seed: number;
  readonly only: readonly string[];
}

/** What it tells of one dialect. */
export interface Told {
  readonly name: string;
  /** Processor time of the thread, s. */
  readonly tookS: number;
  readonly differing: number;
}

const { hosts, seed, only } = workerData as Share;
const asked = dialects.filter(({ name }) => only.length === 0 || only.includes(name));
const configs = configurations(hosts, seed);
// Once before, for each: what is timed is the work and not the compiler's first sight of it.
for (const dialect of asked) roundTrips(dialect, configs.slice(0, Math.ceil(hosts / 20)));
parentPort?.once("message", () => {
  const told = asked.map((dialect): Told => {
    const before = threadS();
    const { differing } = roundTrips(dialect, configs);
    return { name: dialect.name, tookS: threadS() - before, differing };
  });
  parentPort?.postMessage(told);
});
parentPort?.postMessage("ready");

/** Processor time this thread has had, s. */
function threadS(): number {
  return Number(readFileSync("/proc/thread-self/schedstat", "utf8").split(" ")[0]) / 1e9;
}
