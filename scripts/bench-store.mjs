// What keeping and finding events costs: a journal of 100,000 events is written, then asked.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { build } from "esbuild";

const many = 100_000;

/** The store as a module for Node, beside the sources: from there it finds the project's packages. */
async function loadStore(root) {
  const outfile = join(root, ".cache", `bench-store-${process.pid}.mjs`);
  const entryPoints = [join(root, "src/store/events.ts")];
  await build({ entryPoints, outfile, bundle: true, platform: "node", format: "esm", external: ["koffi"] });
  const store = await import(pathToFileURL(outfile).href);
  await rm(outfile);
  return store;
}

/** Like those of a real host: a third are carriers, some have evidence. */
function eventAt(index) {
  if (index % 3 === 0) return { what: "carrier", port: index % 2 === 0 ? "eth0" : "wlan0", up: index % 6 === 0 };
  const evidence = `192.168.1.254 lost ${index % 9} in a row through eth0; answers through wlan0`;
  return { what: "path-dead", port: "eth0", target: "192.168.1.254", evidence };
}

async function medianMs(times, run) {
  const took = [];
  for (let round = 0; round < times; round += 1) {
    const started = performance.now();
    await run();
    took.push(performance.now() - started);
  }
  return took.toSorted((a, b) => a - b)[times >> 1];
}

/** Prints a row for each figure. */
export async function benchStore({ root, row }) {
  const { openEvents, readEvents } = await loadStore(root);
  const folder = await mkdtemp(join(tmpdir(), "holdfast-bench-"));
  const spool = await mkdtemp("/dev/shm/holdfast-bench-");
  try {
    const journal = join(folder, "events");
    let wall = 1_700_000_000_000;
    const opened = await openEvents(journal, { spool, wall: () => (wall += 30_000), maxBytes: 64 << 20 });
    if (!opened.ok) throw new Error(opened.error.message);
    const store = opened.value;
    const appends = [];
    for (let index = 0; index < many; index += 1) {
      const started = performance.now();
      store.append(eventAt(index));
      appends.push(performance.now() - started);
      // As a host would: the disk keeps up.
      if (index % 5000 === 4999) await store.flush();
    }
    await store.close();
    appends.sort((a, b) => a - b);
    const percentile = (share) => appends[Math.floor(appends.length * share)];
    row("append an event, median, ms", percentile(0.5), 0.05, `p99.9 ${percentile(0.999).toFixed(2)} ms`);
    const ask = (query) => medianMs(9, () => readEvents(journal, query));
    row("newest 50 of 100,000 events, ms", await ask({ order: "newest-first", limit: 50 }), 100, "");
    row("the last day of a month's 100,000, ms", await ask({ since: wall - 86_400_000 }), 100, "2,880 events");
    const rare = { order: "newest-first", limit: 101, kinds: ["moved"] };
    row("a kind that is in none of 100,000, ms", await ask(rare), 100, "the whole journal is looked through");
    row(
      "newest 100 carriers before the middle, ms",
      await ask({ ...rare, kinds: ["carrier"], beforeId: many / 2 }),
      100,
      "",
    );
    row("all 100,000 events, ms", await ask({}), 1000, "every one checked and read");
    const again = async () => {
      const reopened = await openEvents(journal, { spool });
      await reopened.value.close();
    };
    row("open a journal of 100,000 events, ms", await medianMs(5, again), 200, "");
  } finally {
    await rm(folder, { recursive: true });
    await rm(spool, { recursive: true });
  }
}
