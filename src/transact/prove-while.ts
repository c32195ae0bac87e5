import type { BaselineRecord, ProbeResult } from "../plan/protocol.ts";
import type { Ports } from "./ports.ts";

/** How often it is asked whether proving may go on, seconds: so much later than that it ends. */
const LOOK_SECONDS = 0.1;

/** Proves a change for as long as it may go on; undefined when it was stopped, and then nothing of it acts any more. However long a
 *  probe waits for an answer: a deadline inside of it is kept. */
export async function proveWhile(
  ports: Ports,
  baseline: BaselineRecord,
  goesOn: () => boolean,
): Promise<readonly ProbeResult[] | undefined> {
  const stop = new AbortController();
  let isOver = false;
  const proving = ports.probes.prove(baseline, stop.signal);
  const watching = (async (): Promise<undefined> => {
    for (;;) {
      await ports.clock.sleep(LOOK_SECONDS);
      if (isOver || !goesOn()) return undefined;
    }
  })();
  // Whichever is later has nobody who waits for it any more.
  for (const one of [proving, watching]) one.catch(() => {});
  try {
    return await Promise.race([proving, watching]);
  } finally {
    isOver = true;
    stop.abort();
  }
}
