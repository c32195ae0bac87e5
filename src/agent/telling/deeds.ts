import type { Batch, ChannelEffect, ChannelEvent, Manner } from "../../notify/channel.ts";
import type { Message } from "../../notify/message.ts";
import type { Deliver, Refusal } from "./delivery.ts";
import type { Past } from "./past.ts";
import type { Place } from "./place.ts";
import { cutPortion, messageFor, type Reader } from "./portion.ts";
import type { ChannelReport, TellingLog } from "./telling.ts";
import type { Turns } from "./turns.ts";

/** One recipient and the way to them. */
export interface ChannelParts {
  readonly name: string;
  readonly manner: Manner;
  readonly reader: Reader;
  readonly deliver: Deliver;
  readonly past: Past;
  readonly place: Place;
  readonly way: "network" | "local";
  /** So many deliveries at a time over the network, for all recipients together. */
  readonly turns: Turns;
  readonly log: TellingLog;
}

type WithoutTime<E> = E extends { readonly at: number } ? Omit<E, "at"> : never;

/** What came of a deed, without its time. */
export type Happened = WithoutTime<ChannelEvent>;

/** What the state machine wants done to the world. */
export type Deed = Exclude<ChannelEffect, { readonly do: "wake" }>;

/** The hands of a recipient. */
export interface Deeds {
  /** Never rejects for what the world does. undefined: there is nothing to tell the state machine. */
  readonly perform: (deed: Deed) => Promise<Happened | undefined>;
  /** Breaks off an attempt that began while there may have been no way out: it would wait for its time limit. False: none is under
   *  way that should be. */
  readonly breakOff: () => boolean;
  readonly tally: () => Omit<ChannelReport, "name" | "pending">;
}

interface Tally {
  delivered: number;
  failures: number;
  problem: string | undefined;
  /** The problem stands in the log, and so shall its end. */
  isSaid: boolean;
  unsaved: string | undefined;
}

/** TCP repeats its first packet after one and three seconds: so long an attempt still helps itself. */
const YOUNG_MS = 3_000;

/** Reads, saves and delivers for one recipient, and counts. */
export function deedsOf(parts: ChannelParts, stopping: AbortSignal): Deeds {
  const { name, log } = parts;
  const tally: Tally = { delivered: 0, failures: 0, problem: undefined, isSaid: false, unsaved: undefined };
  const compose = composer(parts);
  const attempts = attemptsOf(parts, stopping);
  const save = async (deed: Extract<Deed, { do: "save" }>): Promise<undefined> => {
    const problem = await parts.place.save(deed.saved);
    if (problem !== undefined && problem !== tally.unsaved)
      log("warning", `${name}: its place can't be saved (${problem}); after a restart something may be told twice`);
    tally.unsaved = problem;
  };
  const cut = async ({ after, most }: Extract<Deed, { do: "cut" }>): Promise<Happened> => {
    try {
      return await cutPortion(parts.past, parts.reader, after, most);
    } catch (problem) {
      log("warning", `${name}: the history can't be read: ${String(problem)}`);
      return { type: "unreadable" };
    }
  };
  const send = async ({ batch }: Extract<Deed, { do: "send" }>): Promise<Happened> => {
    const message = await compose(batch);
    if (message === "unreadable") return refused(parts, tally, { reason: "the history can't be read" }, stopping);
    if (message === undefined) {
      log("warning", `${name}: events ${batch.first} to ${batch.last} are no longer in the history, and were not told`);
      return { type: "delivered" };
    }
    const answer = await parts.turns(() => attempts.deliver(message));
    if (!answer.ok) return refused(parts, tally, answer.error, stopping);
    if (answer.value.remark !== undefined) log("warning", `${name}: ${answer.value.remark}`);
    if (tally.isSaid) log("info", `${name}: takes messages again`);
    tally.isSaid = false;
    tally.delivered += batch.count;
    tally.problem = undefined;
    return { type: "delivered" };
  };
  return {
    async perform(deed) {
      switch (deed.do) {
        case "save":
          return save(deed);
        case "cut":
          return cut(deed);
        case "send":
          return send(deed);
        case "gave-up":
          log("error", `${name}: ${deed.batch.count} events are given up: nobody took them for seven days`);
          return undefined;
      }
    },
    breakOff: attempts.breakOff,
    tally: () => ({ delivered: tally.delivered, failures: tally.failures, problem: tally.problem }),
  };
}

/** One delivery at a time, which can be ended before its time limit. */
function attemptsOf(
  { deliver, way }: ChannelParts,
  stopping: AbortSignal,
): { readonly deliver: (message: Message) => ReturnType<Deliver>; readonly breakOff: () => boolean } {
  let attempt: { readonly since: number; readonly end: AbortController } | undefined;
  return {
    async deliver(message) {
      const end = new AbortController();
      const stop = (): void => end.abort();
      stopping.addEventListener("abort", stop, { once: true });
      if (stopping.aborted) stop();
      attempt = { since: performance.now(), end };
      try {
        return await deliver(message, end.signal);
      } finally {
        attempt = undefined;
        stopping.removeEventListener("abort", stop);
      }
    },
    breakOff() {
      // A program of the host's own waits for no line, and a young attempt finds the way by itself.
      if (way === "local" || attempt === undefined || performance.now() - attempt.since < YOUNG_MS) return false;
      attempt.end.abort();
      return true;
    },
  };
}

/** Composes a portion's message once, however often it is sent. */
function composer({ past, reader }: ChannelParts): (batch: Batch) => Promise<Message | undefined | "unreadable"> {
  let known: { readonly id: string; readonly message: Message | undefined } | undefined;
  return async (batch) => {
    if (known?.id === batch.id) return known.message;
    try {
      known = { id: batch.id, message: await messageFor(past, reader, batch) };
      return known.message;
    } catch {
      return "unreadable";
    }
  };
}

function refused(
  { name, log }: ChannelParts,
  tally: Tally,
  { reason, afterMs, tooLarge, said }: Refusal,
  stopping: AbortSignal,
): Happened {
  // Once per reason: a server that is down for a week fills no log. Being stopped is no failure.
  if (reason !== tally.problem && said === undefined && !stopping.aborted) {
    log("warning", `${name}: not delivered, tried again later: ${reason}`);
    tally.isSaid = true;
  }
  tally.failures += 1;
  tally.problem = reason;
  return { type: "failed", afterMs, tooLarge: tooLarge === true };
}
