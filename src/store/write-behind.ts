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

/** How things are between us and the disk. */
interface Standing {
  trouble: { readonly reason: string; readonly since: number; readonly lost: number } | undefined;
}

/** Brings what is pending to the disk, one write at a time, and says when the disk refuses and when it takes events again.
 *  However long a write takes, nobody waits for it but the next write. */
export function writeBehind(options: WriteBehindOptions): WriteBehind {
  const { disk, pending } = options;
  const standing: Standing = { trouble: undefined };
  let timer: NodeJS.Timeout | undefined;
  let running: Promise<void> | undefined;
  let isOver = false;

  const arm = () => {
    if (running !== undefined || isOver) return;
    // unref: a process that has nothing else to do needn't wait, the events are safe in the spool.
    timer ??= setTimeout(run, standing.trouble === undefined ? options.syncMs : options.retryMs).unref();
  };
  const run = (): Promise<void> => {
    clearTimeout(timer);
    timer = undefined;
    running ??= writeAll(options, standing).finally(() => {
      running = undefined;
      if (pending.all().length > 0) arm();
    });
    return running;
  };
  const flush = async (): Promise<void> => {
    await running;
    do await run();
    while (pending.all().length > 0 && standing.trouble === undefined);
  };
  return {
    flush,
    wake: arm,
    async end() {
      await flush();
      isOver = true;
      clearTimeout(timer);
      await disk.close().catch(() => {});
    },
    state: () => ({
      state: standing.trouble === undefined ? "fine" : "trouble",
      reason: standing.trouble?.reason ?? "",
    }),
  };
}

/** Writes what waits at this moment; what comes meanwhile shares the next sync. Returns early when the disk refuses. */
async function writeAll(options: WriteBehindOptions, standing: Standing): Promise<void> {
  const { disk, pending, written } = options;
  const until = pending.all().at(-1)?.event.id ?? 0;
  for (;;) {
    const batch = pending.batch(batchBytes);
    const [first] = batch;
    if (first === undefined || first.event.id > until) return;
    try {
      const lines = batch.map(({ line }) => line);
      await disk.write(lines, first.event.id);
    } catch (problem) {
      return refused(options, standing, errnoOf(problem));
    }
    pending.written(batch.at(-1)?.event.id ?? 0);
    written();
    taken(options, standing);
  }
}

function refused({ pending, say }: WriteBehindOptions, standing: Standing, reason: string): void {
  const { trouble } = standing;
  standing.trouble = { since: performance.now(), lost: pending.lost(), ...trouble, reason };
  if (trouble === undefined) say({ what: "store-trouble", reason });
}

function taken({ pending, say }: WriteBehindOptions, standing: Standing): void {
  if (standing.trouble === undefined) return;
  const { since, lost } = standing.trouble;
  standing.trouble = undefined;
  say({ what: "store-resumed", forMs: Math.round(performance.now() - since), lost: pending.lost() - lost });
}
