import { errnoOf } from "../host/linux/read-problem.ts";
import type { Kept } from "../watch/chronicle.ts";
import type { Disk } from "./disk.ts";
import type { Pending } from "./pending.ts";

/** At most so much goes to the disk in one write. */
const batchBytes = 256 << 10;

export interface WriteBehindOptions {
  readonly disk: Disk;
  readonly pending: Pending;
  /** How long the first event waits for others to share its sync, ms. */
  readonly syncMs: number;
  /** How long a disk that refused is left alone, ms. */
  readonly retryMs: number;
  readonly say: (event: Kept) => unknown;
  /** Called whenever events came to the disk. */
  readonly written: () => void;
}

export interface WriteBehind {
  /** There is something to write. */
  wake(): void;
  /** Writes now; returns when nothing waits any more, or the disk refused. */
  flush(): Promise<void>;
  /** As flush, and then nothing more. */
  end(): Promise<void>;
  state(): { readonly state: "fine" | "trouble"; readonly reason: string };
}

/** Brings what is pending to the disk, one write at a time, and says when the disk refuses and when it takes events again.
 *  However long a write takes, nobody waits for it but the next write. */
export function writeBehind(options: WriteBehindOptions): WriteBehind {
  const { disk, pending } = options;
  let trouble: { readonly reason: string; readonly since: number; readonly lost: number } | undefined;
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isOver = false;

  const arm = (delayMs: number) => {
    // unref: a process that has nothing else to do needn't wait, the events are safe in the spool.
    timer ??= setTimeout(run, delayMs).unref();
  };
  const run = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    running ??= writeAll().finally(() => {
      running = undefined;
      if (pending.all().length > 0 && !isOver) arm(trouble === undefined ? options.syncMs : options.retryMs);
    });
    return running;
  };
  /** What waits at this moment; what comes meanwhile shares the next sync. */
  const writeAll = async (): Promise<void> => {
    const until = pending.all().at(-1)?.event.id ?? 0;
    for (;;) {
      const batch = pending.batch(batchBytes);
      const [first] = batch;
      if (first === undefined || first.event.id > until) return;
      try {
        await disk.write(
          batch.map(({ line }) => line),
          first.event.id,
        );
      } catch (problem) {
        return refused(errnoOf(problem));
      }
      pending.written(batch.at(-1)?.event.id ?? 0);
      options.written();
      taken();
    }
  };
  const refused = (reason: string) => {
    const isNew = trouble === undefined;
    trouble = { reason, since: trouble?.since ?? performance.now(), lost: trouble?.lost ?? pending.lost() };
    if (isNew) options.say({ what: "store-trouble", reason });
  };
  const taken = () => {
    if (trouble === undefined) return;
    const { since, lost } = trouble;
    trouble = undefined;
    options.say({ what: "store-resumed", forMs: Math.round(performance.now() - since), lost: pending.lost() - lost });
  };
  const flush = async (): Promise<void> => {
    await running;
    do await run();
    while (pending.all().length > 0 && trouble === undefined);
  };
  return {
    flush,
    wake: () => {
      if (running === undefined && !isOver) arm(trouble === undefined ? options.syncMs : options.retryMs);
    },
    async end() {
      await flush();
      isOver = true;
      clearTimeout(timer);
      await disk.close().catch(() => {});
    },
    state: () => ({ state: trouble === undefined ? "fine" : "trouble", reason: trouble?.reason ?? "" }),
  };
}
