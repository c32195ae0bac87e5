import type { Time } from "../ports.ts";
import { bootMs, monotonicMs } from "./libc.ts";

/** The machine's clocks, and one timer of Node's. */
export function linuxTime(): Time {
  let timer: NodeJS.Timeout | undefined;
  return {
    now: monotonicMs,
    asleep: () => bootMs() - monotonicMs(),
    wakeAt(at, onWake) {
      clearTimeout(timer);
      // Rounded up: Node cuts fractions off and would wake a moment too early, over and over.
      timer = setTimeout(onWake, Math.max(1, Math.ceil(at - monotonicMs())));
    },
    rest() {
      clearTimeout(timer);
    },
  };
}
