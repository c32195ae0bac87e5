import type { FlowTrace } from "./trace.ts";

/** A stretch of time in which nothing that was sent got through in one direction. ms on the trace's clock. */
export interface Gap {
  readonly fromMs: number;
  /** When the first packet sent since `fromMs` arrived; null: none did before the window closed. */
  readonly toMs: number | null;
  /** ms. From `fromMs` to `toMs`; real clock: packets lost × their spacing. null with `toMs`. */
  readonly lengthMs: number | null;
  readonly lost: number;
  /** How far `lengthMs` may be off, ms either way: the spacing of packets at both ends. */
  readonly uncertaintyMs: number;
}

/** How far times in a trace can be trusted. virtual: exact. real: of a lab that may stall with everything in it. stamped: sent by a
 *  process on a machine that goes on meanwhile, with the kernel's own stamps on what arrives. */
export type TraceClock = "virtual" | "real" | "stamped";

export interface Window {
  readonly fromMs: number;
  readonly untilMs: number;
  readonly clock: TraceClock;
}

/** A loss run at the end of the window that is shorter than this says nothing about its end: it is counted as long as it was seen. */
const NEVER_MS = 500;
/** A packet that arrives this much later than healthy ones do was held up, not delivered: somebody waited. On a living network a full
 *  line or a radio may take its time; in a real-time lab everything does now and then. */
const lateMs: Readonly<Record<TraceClock, number>> = { virtual: 10, stamped: 100, real: Number.POSITIVE_INFINITY };

/** Every gap among the packets sent within a window, in order. A gap that begins with the window's first packet begins with the
 *  window itself: the fault's moment is known better than any packet's. */
export function findGaps(flow: FlowTrace, window: Window): readonly Gap[] {
  const { sentAtMs } = flow;
  const begin = firstAtOrAfter(sentAtMs, window.fromMs);
  const end = firstAtOrAfter(sentAtMs, window.untilMs);
  const isServed = judgeDelivery(flow, window);
  const gaps: Gap[] = [];
  for (let index = begin; index < end; index++) {
    if (isServed(index)) continue;
    const first = index;
    while (index + 1 < end && !isServed(index + 1)) index += 1;
    gaps.push(measureRun(flow, window, { first, last: index, isFirst: first === begin }));
  }
  return gaps;
}

/** The longest gap of all; one that never ended beats every other. undefined: there was none. */
export function longestGap(gaps: readonly Gap[]): Gap | undefined {
  return gaps.reduce<Gap | undefined>(
    (worst, gap) => (worst === undefined || isLonger(gap, worst) ? gap : worst),
    undefined,
  );
}

/** Index of the first time at or after a moment, by halving; the length when all are before. */
export function firstAtOrAfter(times: readonly number[], atMs: number): number {
  let low = 0;
  let high = times.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((times[middle] ?? 0) < atMs) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isLonger(one: Gap, other: Gap): boolean {
  return (one.lengthMs ?? Number.POSITIVE_INFINITY) > (other.lengthMs ?? Number.POSITIVE_INFINITY);
}

/** Did a packet arrive, and without having been held up? */
function judgeDelivery(flow: FlowTrace, window: Window): (index: number) => boolean {
  const late = lateMs[window.clock] + 4 * healthyTransitMs(flow);
  return (index) => {
    const received = flow.receivedAtMs[index];
    return received !== null && received !== undefined && received - (flow.sentAtMs[index] ?? 0) <= late;
  };
}

/** What most packets take, ms. */
function healthyTransitMs(flow: FlowTrace): number {
  const transits = flow.receivedAtMs.flatMap((at, index) => (at === null ? [] : [at - (flow.sentAtMs[index] ?? 0)]));
  const sorted = transits.toSorted((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

interface LossRun {
  readonly first: number;
  readonly last: number;
  /** It begins with the window's first packet. */
  readonly isFirst: boolean;
}

function measureRun(flow: FlowTrace, window: Window, run: LossRun): Gap {
  const { first, last } = run;
  const firstSent = flow.sentAtMs[first] ?? window.fromMs;
  const fromMs = run.isFirst ? window.fromMs : firstSent;
  const lost = countLost(flow, first, last);
  const arrived = firstArrival(flow, first);
  const ended = arrived !== undefined && arrived <= window.untilMs;
  const uncertaintyMs = (run.isFirst ? 0 : spacing(flow, first)) + spacing(flow, last + 1);
  if (ended)
    return { fromMs, toMs: arrived, lengthMs: lengthOf(flow, window, run, arrived - fromMs), lost, uncertaintyMs };
  const seen = window.untilMs - fromMs;
  if (seen >= NEVER_MS) return { fromMs, toMs: null, lengthMs: null, lost, uncertaintyMs };
  return { fromMs, toMs: window.untilMs, lengthMs: lengthOf(flow, window, run, seen), lost, uncertaintyMs };
}

/** In real time the lab itself may stall between two packets, so only lost packets count, each for the time to the next. */
function lengthOf(flow: FlowTrace, window: Window, run: LossRun, elapsedMs: number): number {
  if (window.clock !== "real") return elapsedMs;
  const spacings = Array.from({ length: run.last - run.first + 1 }, (_, index) => spacing(flow, run.first + index + 1));
  const usual = spacings.toSorted((one, other) => one - other)[Math.floor(spacings.length / 2)] ?? 0;
  return spacings.reduce((sum, each) => sum + Math.min(each, 2 * usual), 0);
}

/** When the first of the packets from `first` on arrived, whichever it was. */
function firstArrival(flow: FlowTrace, first: number): number | undefined {
  let earliest: number | undefined;
  for (let index = first; index < flow.receivedAtMs.length; index++) {
    const sent = flow.sentAtMs[index] ?? 0;
    if (earliest !== undefined && sent >= earliest) return earliest;
    const received = flow.receivedAtMs[index];
    if (received !== null && received !== undefined && received < (earliest ?? Number.POSITIVE_INFINITY))
      earliest = received;
  }
  return earliest;
}

function countLost(flow: FlowTrace, first: number, last: number): number {
  let lost = 0;
  for (let index = first; index <= last; index++) if (flow.receivedAtMs[index] === null) lost += 1;
  return lost;
}

/** Time between a packet and the one before it, ms. */
function spacing(flow: FlowTrace, index: number): number {
  const at = flow.sentAtMs[index] ?? flow.sentAtMs.at(-1) ?? 0;
  const before = flow.sentAtMs[Math.min(index, flow.sentAtMs.length - 1) - 1];
  return before === undefined ? 0 : at - before;
}
