import { spawnSync } from "node:child_process";
import { mkdirSync, openSync, writeSync } from "node:fs";
import { monotonicNs } from "../../../src/host/linux/libc.ts";
import { openEvents, readEvents } from "../../../src/store/events.ts";
import { must } from "./bench.ts";

/** Runs in a machine that is about to lose its power: tells what its disk still knows, then writes events and says which. */
const channel = openSync(process.env["CHANNEL"] ?? "", "w");
const DISK = "/mnt/journal";
const SPOOL = "/run/holdfast";
const monotonicMs = (): number => Number(monotonicNs()) / 1e6;

function say(message: object): void {
  const line = Buffer.from(`${JSON.stringify(message)}\n`);
  for (let done = 0; done < line.length; ) done += writeSync(channel, line, done);
}

async function main(): Promise<void> {
  const done = spawnSync("mount", ["-t", "ext4", "/dev/ubda", "/mnt"], { encoding: "utf8" });
  if (done.status !== 0) throw new Error(`mount: ${done.stderr}`);
  mkdirSync(SPOOL, { recursive: true });
  const found = await readEvents(DISK, {}, SPOOL);
  const store = must(await openEvents(DISK, { spool: SPOOL, monotonic: monotonicMs }));
  const after = await store.read({ limit: 1_000_000 });
  const ids = after.events.flatMap(({ id, event }) => (event.what === "warning" ? [id] : []));
  say({ found: ids, damaged: found.ok ? found.value.damage.length : 0, healed: after.damage.length === 0 });
  setInterval(() => {
    const { id } = store.append({ what: "warning", port: "eth0", evidence: "before the lights went out" });
    say({ id, atMs: monotonicMs() });
  }, 3);
}

main().catch((problem: unknown) => say({ failed: String(problem instanceof Error ? problem.stack : problem) }));
