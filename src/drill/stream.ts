import { firstAtOrAfter } from "../measure/gap.ts";
import type { FlowTrace } from "../measure/trace.ts";

/** Numbered packets of one flow, live. Times are ms on the monotonic clock, with fractions. */
export interface Stream {
  readonly flow: string;
  /** Time between packets, ms. */
  readonly paceMs: number;
  /** When packet N was sent, and when it (or its echo) was there; null: not yet, or never. */
  readonly sentAtMs: number[];
  readonly receivedAtMs: (number | null)[];
  /** When the next one is due. */
  dueAtMs: number;
  /** Everything before this number is settled: arrived or given up. */
  checked: number;
  /** Sending time of the latest that was given up. */
  lastBadMs: number | undefined;
}

/** A flow while it is measured. */
export interface Flow {
  readonly stream: Stream;
  /** Sends number N. What the kernel refuses counts as sent and lost. */
  send(sequence: number): void;
  /** Takes in what has come. */
  drain(): void;
  close(): void;
}

/** A packet may be under way for so long before it counts as lost for now, ms. */
export const graceMs = 150;

export function newStream(flow: string, paceMs: number, startAtMs: number): Stream {
  return { flow, paceMs, sentAtMs: [], receivedAtMs: [], dueAtMs: startAtMs, checked: 0, lastBadMs: undefined };
}

/** Gives up what had its time to arrive. */
export function settle(stream: Stream, nowMs: number): void {
  for (;;) {
    const sent = stream.sentAtMs[stream.checked];
    if (sent === undefined) return;
    const hasArrived = stream.receivedAtMs[stream.checked] !== null;
    if (!hasArrived && sent + graceMs > nowMs) return;
    if (!hasArrived) stream.lastBadMs = sent;
    stream.checked += 1;
  }
}

/** Has every packet arrived that was sent in the last `forMs`, and was any? */
export function isHealthy(stream: Stream, nowMs: number, forMs: number): boolean {
  const last = stream.sentAtMs[stream.checked - 1];
  if (last === undefined || nowMs - last > graceMs + 4 * stream.paceMs) return false;
  return stream.lastBadMs === undefined ? true : last - stream.lastBadMs >= forMs;
}

/** Has anything arrived of what was sent since then? */
export function hasArrived(stream: Stream, sinceMs: number): boolean {
  return stream.receivedAtMs.slice(firstAtOrAfter(stream.sentAtMs, sinceMs)).some((at) => at !== null);
}

/** What was sent within a window, as a trace that begins at 0. What arrived after the window counts as it did. */
export function cutOut(
  { flow, sentAtMs, receivedAtMs }: Pick<Stream, "flow" | "sentAtMs" | "receivedAtMs">,
  direction: FlowTrace["direction"],
  { fromMs, untilMs }: { readonly fromMs: number; readonly untilMs: number },
): FlowTrace {
  const [begin, end] = [firstAtOrAfter(sentAtMs, fromMs), firstAtOrAfter(sentAtMs, untilMs)];
  return {
    flow,
    direction,
    sentAtMs: sentAtMs.slice(begin, end).map((at) => at - fromMs),
    receivedAtMs: receivedAtMs.slice(begin, end).map((at) => (at === null ? null : at - fromMs)),
  };
}
