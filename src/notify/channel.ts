import { advance, draw, type Seed } from "../watch/seed.ts";
import { type BackOff, patientBackOff, pauseAfter } from "./back-off.ts";

/** How one recipient is told. */
export interface Manner {
  /** Quiet time after an event before anything is sent, so that one incident is one message; 0: at once. */
  readonly settleMs: number;
  /** But no longer than this after the first of them. */
  readonly longestSettleMs: number;
  /** So many messages at once, then one per refill; what waits becomes one digest. */
  readonly burst: number;
  readonly refillMs: number;
  /** Most events in one message. */
  readonly most: number;
  readonly backOff: BackOff;
  /** A message nobody took for so long, tried all the while, is given up. */
  readonly giveUpMs: number;
}

const WEEK_MS = 7 * 86_400_000;

/** For people: one message per incident, at most five at once and then one in two minutes. */
export const forPeople: Manner = {
  settleMs: 3_000,
  longestSettleMs: 15_000,
  burst: 5,
  refillMs: 120_000,
  most: 100_000,
  backOff: patientBackOff,
  giveUpMs: WEEK_MS,
};

/** For programs: at once and all of it, in portions. */
export const forPrograms: Manner = {
  settleMs: 0,
  longestSettleMs: 0,
  burst: 100,
  refillMs: 200,
  most: 500,
  backOff: patientBackOff,
  giveUpMs: WEEK_MS,
};

/** A portion that is on its way: its bounds never change, so that a repetition is the same message. */
export interface Batch {
  readonly id: string;
  /** Ids of the first and the last event it covers; the events themselves stay in the history. */
  readonly first: number;
  readonly last: number;
  readonly count: number;
  readonly missed: number;
  readonly failures: number;
  /** For how long it has been tried while the agent ran, ms. A clock that jumps doesn't shorten a week. */
  readonly triedMs: number;
}

/** What survives a restart: a few hundred bytes. */
export interface Saved {
  readonly version: 1;
  /** Every event up to this id is told, below the weight, or given up. */
  readonly cursor: number;
  /** Events given up and not yet spoken of. */
  readonly missed: number;
  readonly batch: Batch | undefined;
}

/** Everything known of a recipient. Replaced, never changed; its size doesn't grow with what waits. */
export interface Channel {
  readonly manner: Manner;
  readonly saved: Saved;
  readonly seed: Seed;
  /** Events recorded and not told, as far as is known. */
  readonly pending: number;
  /** Those of them that were recorded while the history was being read: part of the portion or not. */
  readonly arrived: number;
  readonly firstAt: number;
  readonly latestAt: number;
  readonly tokens: number;
  readonly tokensAt: number;
  readonly retryAt: number;
  /** Since when the portion under way has been tried without a count in `triedMs`. */
  readonly triedAt: number;
  readonly hurriedAt: number;
  readonly doing: "nothing" | "cutting" | "sending";
  /** A smaller portion than the manner's, after the recipient found one too large. */
  readonly most: number;
}

/** What happens to a recipient. `at` is monotonic, ms. */
export type ChannelEvent =
  | { readonly type: "tick"; readonly at: number }
  | { readonly type: "recorded"; readonly at: number }
  /** The history was read: a portion, or nothing worth telling up to `last`. */
  | {
      readonly type: "cut";
      readonly at: number;
      readonly last: number;
      readonly rest: number;
      readonly batch: Cut | undefined;
    }
  | { readonly type: "unreadable"; readonly at: number }
  | { readonly type: "delivered"; readonly at: number }
  | { readonly type: "failed"; readonly at: number; readonly afterMs: number | undefined; readonly tooLarge: boolean }
  /** Something that was cut off may be reachable again: worth a try before its time. */
  | { readonly type: "way-out"; readonly at: number };

/** A portion as it was cut. */
export type Cut = Pick<Batch, "id" | "first" | "last" | "count">;

/** What is to be done, in this order. */
export type ChannelEffect =
  | { readonly do: "save"; readonly saved: Saved }
  /** Read events after `after`, at most so many, and answer with `cut`. */
  | { readonly do: "cut"; readonly after: number; readonly most: number }
  | { readonly do: "send"; readonly batch: Batch }
  | { readonly do: "gave-up"; readonly batch: Batch }
  | { readonly do: "wake"; readonly at: number };

type Stepped = readonly [Channel, readonly ChannelEffect[]];

const HURRY_EVERY_MS = 30_000;
const HURRY_WITHIN_MS = 3_000;
const UNREADABLE_MS = 10_000;
const LONGEST_ASKED_MS = 3_600_000;

/** A recipient as it stands when the agent starts. `behind`: the history goes further than
 *  what was told. */
export function newChannel(manner: Manner, saved: Saved, seed: Seed, at: number, behind: "behind" | "even"): Channel {
  return {
    manner,
    saved,
    seed,
    // One too many costs a look into the history, one too few an event that waits for the next.
    pending: (saved.batch?.count ?? 0) + (behind === "behind" ? 1 : 0),
    arrived: 0,
    firstAt: at,
    latestAt: at,
    tokens: manner.burst,
    tokensAt: at,
    retryAt: at,
    triedAt: at,
    hurriedAt: Number.NEGATIVE_INFINITY,
    doing: "nothing",
    most: manner.most,
  };
}

/** One step of a recipient's story. At least once, in order, never two messages at a time. */
export function stepChannel(channel: Channel, event: ChannelEvent): Stepped {
  switch (event.type) {
    case "tick":
      return proceed(channel, event.at, []);
    case "recorded":
      return proceed(recorded(channel, event.at), event.at, []);
    case "cut":
      return onCut(channel, event);
    case "unreadable":
      return proceed({ ...channel, doing: "nothing", retryAt: event.at + UNREADABLE_MS }, event.at, []);
    case "delivered":
      return onDelivered(channel, event.at);
    case "failed":
      return onFailed(channel, event);
    case "way-out":
      return proceed(hurried(channel, event.at), event.at, []);
  }
}

function recorded(channel: Channel, at: number): Channel {
  const isFirst = channel.pending === 0;
  return {
    ...channel,
    pending: channel.pending + 1,
    arrived: channel.arrived + 1,
    firstAt: isFirst ? at : channel.firstAt,
    latestAt: at,
  };
}

/** Starts what is due, or asks to be woken when it will be. */
function proceed(channel: Channel, at: number, effects: readonly ChannelEffect[]): Stepped {
  if (channel.doing !== "nothing" || channel.pending === 0) return [channel, effects];
  const filled = withTokens(channel, at);
  const due = dueAt(filled);
  if (due > at) return [filled, [...effects, { do: "wake", at: due }]];
  const { batch, cursor } = filled.saved;
  if (batch !== undefined) return [{ ...filled, doing: "sending" }, [...effects, { do: "send", batch }]];
  return [{ ...filled, doing: "cutting", arrived: 0 }, [...effects, { do: "cut", after: cursor, most: filled.most }]];
}

function dueAt(channel: Channel): number {
  const { manner, saved, firstAt, latestAt, tokens, tokensAt, retryAt } = channel;
  // What is on its way already waits for nothing but its pause.
  if (saved.batch !== undefined) return retryAt;
  const settled = Math.min(latestAt + manner.settleMs, firstAt + manner.longestSettleMs);
  const allowed = tokens >= 1 ? Number.NEGATIVE_INFINITY : tokensAt + manner.refillMs;
  return Math.max(settled, allowed, retryAt);
}

function withTokens(channel: Channel, at: number): Channel {
  const { manner, tokens, tokensAt } = channel;
  const refills = Math.floor((at - tokensAt) / manner.refillMs);
  if (refills <= 0) return channel;
  return {
    ...channel,
    tokens: Math.min(manner.burst, tokens + refills),
    tokensAt: tokensAt + refills * manner.refillMs,
  };
}

/** The bounds are saved before the first attempt: after a power cut the same message goes out again, not another. */
function onCut(channel: Channel, event: Extract<ChannelEvent, { type: "cut" }>): Stepped {
  const { last, rest, batch: cut, at } = event;
  const pending = channel.arrived + rest + (cut?.count ?? 0);
  const idle: Channel = { ...channel, doing: "nothing", pending, firstAt: at, triedAt: at };
  if (cut === undefined) {
    // Not worth a write: after a crash these few are read again, and again found not worth telling.
    return proceed({ ...idle, saved: { ...channel.saved, cursor: Math.max(last, channel.saved.cursor) } }, at, []);
  }
  const batch: Batch = { ...cut, missed: channel.saved.missed, failures: 0, triedMs: 0 };
  const saved: Saved = { ...channel.saved, missed: 0, batch };
  return proceed({ ...idle, saved, retryAt: at, tokens: channel.tokens - 1 }, at, [{ do: "save", saved }]);
}

function onDelivered(channel: Channel, at: number): Stepped {
  const { batch } = channel.saved;
  if (batch === undefined) return [channel, []];
  return finished(channel, batch, { ...channel.saved, cursor: batch.last, batch: undefined }, at, []);
}

function finished(
  channel: Channel,
  batch: Batch,
  saved: Saved,
  at: number,
  effects: readonly ChannelEffect[],
): Stepped {
  const pending = Math.max(0, channel.pending - batch.count);
  return proceed({ ...channel, saved, pending, doing: "nothing", retryAt: at, firstAt: at }, at, [
    { do: "save", saved },
    ...effects,
  ]);
}

function onFailed(channel: Channel, event: Extract<ChannelEvent, { type: "failed" }>): Stepped {
  const { at, tooLarge, afterMs } = event;
  const { batch } = channel.saved;
  if (batch === undefined) return [channel, []];
  if (tooLarge && batch.count > 1) return cutSmaller(channel, batch, at);
  const triedMs = batch.triedMs + Math.max(0, at - channel.triedAt);
  const tried: Batch = { ...batch, failures: batch.failures + 1, triedMs };
  if (triedMs >= channel.manner.giveUpMs) {
    const saved: Saved = { ...channel.saved, cursor: tried.last, missed: tried.missed + tried.count, batch: undefined };
    return finished(channel, tried, saved, at, [{ do: "gave-up", batch: tried }]);
  }
  const [pause, seed] = pauseAfter(tried.failures, channel.seed, channel.manner.backOff);
  const saved: Saved = { ...channel.saved, batch: tried };
  const retryAt = at + Math.max(pause, Math.min(LONGEST_ASKED_MS, afterMs ?? 0));
  return proceed({ ...channel, saved, seed, doing: "nothing", retryAt, triedAt: at }, at, [{ do: "save", saved }]);
}

/** Half as many events, as another message: nobody has taken the large one. */
function cutSmaller(channel: Channel, batch: Batch, at: number): Stepped {
  const saved: Saved = { ...channel.saved, missed: batch.missed, batch: undefined };
  const most = Math.max(1, Math.floor(batch.count / 2));
  return proceed({ ...channel, saved, most, doing: "nothing", retryAt: at, tokens: channel.tokens + 1 }, at, []);
}

/** Tries soon instead of at the end of the pause, by chance within three seconds; at most once in half a minute. */
function hurried(channel: Channel, at: number): Channel {
  const { batch } = channel.saved;
  if (batch === undefined || batch.failures === 0 || at - channel.hurriedAt < HURRY_EVERY_MS) return channel;
  const seed = advance(channel.seed);
  const soon = at + 500 + draw(seed) * (HURRY_WITHIN_MS - 500);
  return { ...channel, seed, hurriedAt: at, retryAt: Math.min(channel.retryAt, soon) };
}
