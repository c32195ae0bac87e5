import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { emptyConfig } from "../../../model/config.ts";
import type { NotifySettings } from "../../../model/notify.ts";
import { type EventStore, openEvents } from "../../../store/events.ts";
import type { Kept } from "../../../watch/chronicle.ts";
import type { Deliver } from "../delivery.ts";
import { createTelling, type Telling } from "../telling.ts";

/** A host's directories, its event store and its telling, for one test. */
export interface Bench {
  readonly directory: string;
  readonly log: string[];
  readonly store: EventStore;
  /** Starts telling, or starts it anew after `stop`. */
  readonly start: (notify: NotifySettings, broker?: Deliver) => Promise<Telling>;
  readonly record: (...events: readonly Kept[]) => void;
  /** Writes a file below the configuration's directory and gives its path. */
  readonly write: (name: string, text: string, mode?: number) => Promise<string>;
  readonly close: () => Promise<void>;
}

/** A bench of its own. `courier`: the bundled mail program, where mail is sent. */
export async function openBench(courier = "/nowhere"): Promise<Bench> {
  const directory = await mkdtemp(join(tmpdir(), "holdfast-telling-"));
  const opened = await openEvents(join(directory, "events"), { spool: join(directory, "spool"), syncMs: 1 });
  if (!opened.ok) throw new Error(opened.error.message);
  const store = opened.value;
  const log: string[] = [];
  let running: Telling | undefined;
  const bench: Bench = {
    directory,
    log,
    store,
    async start(notify, broker) {
      running = await createTelling(
        { ...emptyConfig, sections: { notify } },
        {
          host: "nas",
          version: "0.0.0",
          store,
          directory: join(directory, "telling"),
          configDirectory: directory,
          hooks: join(directory, "hooks.d"),
          courier,
          ...(broker === undefined ? {} : { broker }),
          log: (severity, line) => log.push(`${severity} ${line}`),
        },
      );
      return running;
    },
    record: (...events) => {
      for (const event of events) {
        const stored = store.append(event);
        running?.onEvent(stored);
      }
    },
    async write(name, text, mode = 0o600) {
      const path = join(directory, name);
      await writeFile(path, text, { mode });
      return path;
    },
    async close() {
      await running?.stop();
      await store.close();
      await rm(directory, { recursive: true, force: true });
    },
  };
  return bench;
}

/** Bundles the mail program as the build does, and gives its path. */
export async function bundleCourier(directory: string): Promise<string> {
  const outfile = join(directory, "mail.mjs");
  await build({
    entryPoints: [resolve(import.meta.dirname, "../mail-courier.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20.19",
    logLevel: "warning",
    banner: {
      js: 'import { createRequire as own } from "node:module"; const require = own(import.meta.url);',
    },
  });
  return outfile;
}

/** The events of a carrier lost and a move, as the brain records them. */
export const incident: readonly Kept[] = [
  { what: "carrier", port: "eth0", up: false },
  {
    what: "moved",
    from: "eth0",
    to: "wlan0",
    cause: "carrier-lost",
    noticedAfterMs: 3,
    evidence: "eth0 lost its carrier",
  },
  { what: "redundancy", usable: 1, declared: 2, missing: ["eth0"] },
];
