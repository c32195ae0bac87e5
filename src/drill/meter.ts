import { monotonicMs } from "../host/linux/libc.ts";
import { type Flow, settle } from "./stream.ts";

/** Sends what is due and takes in what comes, for as long as a drill goes on, whatever else it waits for. */
export interface Meter {
  /** Settles once that is so (asked whenever arrivals have been taken in), or the moment is over: whether it was so. */
  until(isSo: (nowMs: number) => boolean, deadlineMs: number): Promise<boolean>;
  stop(): void;
}

/** How often arrivals are taken in, ms. They carry the kernel's stamps, so this only delays decisions. */
const STOCK_MS = 20;
/** A timer of Node's may be a little early or late; less than this is no reason to wait once more. */
const NEAR_MS = 0.5;

interface Waiter {
  readonly isSo: (nowMs: number) => boolean;
  readonly deadlineMs: number;
  readonly resolve: (isSo: boolean) => void;
}

/** `others` is called when stock is taken, before anybody is told. */
export function startMeter(flows: () => readonly Flow[], others: (nowMs: number) => void): Meter {
  let waiters: readonly Waiter[] = [];
  let stockAt = monotonicMs();
  let timer: NodeJS.Timeout | undefined;
  const turn = (): void => {
    const now = monotonicMs();
    const due = flows();
    for (const flow of due) sendDue(flow, now);
    if (now + NEAR_MS >= stockAt) {
      stockAt = now + STOCK_MS;
      for (const flow of due) {
        flow.drain();
        settle(flow.stream, now);
      }
      others(now);
      const asked = waiters;
      waiters = [];
      for (const waiter of asked) {
        if (waiter.isSo(now)) waiter.resolve(true);
        else if (now >= waiter.deadlineMs) waiter.resolve(false);
        else waiters = [...waiters, waiter];
      }
    }
    const next = Math.min(stockAt, ...flows().map(({ stream }) => stream.dueAtMs));
    timer = setTimeout(turn, Math.max(1, Math.floor(next - monotonicMs())));
  };
  turn();
  return {
    until: (isSo, deadlineMs) => new Promise((resolve) => (waiters = [...waiters, { isSo, deadlineMs, resolve }])),
    stop: () => clearTimeout(timer),
  };
}

/** One packet, however late we are: what was missed is not made up for in a burst. */
function sendDue(flow: Flow, nowMs: number): void {
  const { stream } = flow;
  if (nowMs + NEAR_MS < stream.dueAtMs) return;
  flow.send(stream.sentAtMs.length);
  const next = stream.dueAtMs + stream.paceMs;
  stream.dueAtMs = next > nowMs ? next : nowMs + stream.paceMs;
}
