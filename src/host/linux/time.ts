import type { Time } from "../ports.ts";
import { bootMs, monotonicMs } from "./libc.ts";

/** The machine's clocks, and one timer of Node's. */
export function linuxTime(): Time {
  let timer: NodeJS.Timeout | undefined;
  const arm = (at: number, onWake: () => void): void => {
    // Node counts from the beginning of its loop's turn, and in whole milliseconds: it may call before the time.
    const ring = (): void => (monotonicMs() < at ? arm(at, onWake) : onWake());
    timer = setTimeout(ring, Math.max(1, Math.ceil(at - monotonicMs())));
  };
  return {
    now: monotonicMs,
    asleep: () => bootMs() - monotonicMs(),
    wakeAt(at, onWake) {
      clearTimeout(timer);
      arm(at, onWake);
    },
    rest() {
      clearTimeout(timer);
    },
  };
}
