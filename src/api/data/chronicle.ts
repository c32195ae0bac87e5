import { setTimeout } from "node:timers/promises";
import { readEvents } from "../../store/events.ts";
import type { StoredEvent } from "../../watch/chronicle.ts";
import { type History, historyReader } from "../../watch/history.ts";
import { followAgent } from "../agent-client.ts";
import { type Span, type WatchSpan, watchedTime } from "./watched-time.ts";

/** Where events come from: the journal first, then the agent's socket as they happen. */
export interface ChroniclePlaces {
  readonly events: string;
  readonly spool: string;
  readonly socket: string;
}

/** All that has happened, folded; and whoever wants to hear what happens next. */
export interface Chronicle {
  history(): History;
  /** Another after each event. */
  version(): number;
  watched(now: number): readonly WatchSpan[];
  drills(now: number): readonly Span[];
  /** Called with each new event. Returns what ends that. */
  follow(listener: (event: StoredEvent) => void): () => void;
  /** The agent answers, as of now. */
  alive(at: number): void;
}

/** Events read at once: some 10 ms. */
const portion = 2_000;
/** An agent that doesn't answer is asked again after this, ms. */
const againMs = 2_000;

/** Reads the journal in portions, then follows the agent until the signal. Returns when the journal is read. */
export async function openChronicle(places: ChroniclePlaces, signal: AbortSignal): Promise<Chronicle> {
  const reader = historyReader();
  const time = watchedTime();
  const listeners = new Set<(event: StoredEvent) => void>();
  let last = 0;
  let alive = 0;
  const take = (event: StoredEvent): void => {
    if (event.id <= last) return;
    last = event.id;
    reader.take(event);
    time.take(event);
  };
  last = await readAll(places, take, signal);
  const follow = async (): Promise<void> => {
    while (!signal.aborted) {
      await followAgent<StoredEvent>(places.socket, `/events?follow=1&after=${last}`, signal, (event) => {
        const isNew = event.id > last;
        take(event);
        if (isNew) for (const listener of listeners) listener(event);
      });
      await setTimeout(againMs, undefined, { signal });
    }
  };
  follow().catch(() => {});
  return {
    history: () => reader.history(),
    version: () => last,
    watched: () => time.watched(alive),
    drills: (now) => time.drills(now),
    follow(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    alive(at) {
      alive = Math.max(alive, at);
    },
  };
}

/** The id of the last event. A journal that can't be read holds none. */
async function readAll(
  { events, spool }: ChroniclePlaces,
  take: (event: StoredEvent) => void,
  signal: AbortSignal,
): Promise<number> {
  let last = 0;
  while (!signal.aborted) {
    const read = await readEvents(events, { afterId: last, limit: portion }, spool);
    if (!read.ok || read.value.events.length === 0) return last;
    for (const event of read.value.events) take(event);
    last = read.value.events.at(-1)?.id ?? last;
  }
  return last;
}
