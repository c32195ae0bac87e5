// A process of its own that writes events until it is killed, and says the id of each on stdout once it was acknowledged.
// usage: writer.mjs JOURNAL SPOOL
import { writeSync } from "node:fs";
import { openEvents } from "../events.ts";

const [directory = "", spool = ""] = process.argv.slice(2);
// Small segments and quick syncs: whatever can be interrupted happens often.
const opened = await openEvents(directory, { spool, segmentBytes: 8192, syncMs: 1, reserveBytes: 0 });
if (!opened.ok) throw new Error(opened.error.message);

function write(store: Awaited<typeof opened> & { ok: true }): void {
  for (let count = 0; count < 20; count += 1) {
    const { id } = store.value.append({ what: "warning", port: "eth0", evidence: `${process.pid}` });
    writeSync(1, `${id}\n`);
  }
  setImmediate(() => write(store));
}

write(opened);
