import type { Result } from "../model/result.ts";
import type { Kept, StoredEvent } from "../watch/chronicle.ts";
import { openJournal } from "./journal.ts";
import { readJournal } from "./read-journal.ts";

export type { Kept, StoredEvent } from "../watch/chronicle.ts";

/** How events are kept. Everything has a default that suits a host. */
export interface StoreOptions {
  /** Where events stay until they are on the disk: a directory in memory (tmpfs) that outlives the process, such as
   *  /run/holdfast. It is what makes `append` fast and safe at once: a stalled SD card blocks even a plain write(2).
   *  Absent or not writable: the journal's own directory. */
  readonly spool?: string;
  /** What all segments together may take. Default 32 MiB: some 100,000 events. */
  readonly maxBytes?: number;
  /** What one segment may take; the oldest segment is dropped as a whole. Default 512 KiB. */
  readonly segmentBytes?: number;
  /** Kept free beside the journal, for events while the disk is full. Default 1 MiB. */
  readonly reserveBytes?: number;
  /** How long an event may wait for company before it is synced to the disk, ms. Default 400. */
  readonly syncMs?: number;
  /** How long a disk that refused is left alone, ms. Default 2,000. */
  readonly retryMs?: number;
  /** How many events wait in memory for a disk that is full or stands still; beyond, the oldest are dropped and counted.
   *  Default 20,000. */
  readonly maxPending?: number;
  /** This boot. Default: the kernel's boot_id. */
  readonly bootId?: string;
  /** Wall clock, ms since 1970. Default Date.now. */
  readonly wall?: () => number;
  /** CLOCK_MONOTONIC in ms. Default process.hrtime. */
  readonly monotonic?: () => number;
}

/** Why a journal can't be opened. in-use: another writer has it. */
export interface StoreProblem {
  readonly code: "in-use" | "denied" | "failed";
  readonly message: string;
  readonly hint: string;
}

/** Which events to read. All limits are inclusive; absent: no limit. */
export interface EventQuery {
  /** Wall clock, ms. */
  readonly since?: number;
  readonly until?: number;
  /** Only events with a greater id: what came after the last one seen. */
  readonly afterId?: number;
  /** Only events with a smaller id: what was before the first one seen. */
  readonly beforeId?: number;
  /** Only events of these kinds, by what they say of themselves ("moved"). */
  readonly kinds?: readonly string[];
  /** At most so many: of oldest-first the oldest, of newest-first the newest. */
  readonly limit?: number;
  /** Default oldest-first. */
  readonly order?: "oldest-first" | "newest-first";
}

/** What was read. */
export interface EventsRead {
  readonly events: readonly StoredEvent[];
  /** Places of the journal that can't be read: each is one broken record, or several in a row. */
  readonly damage: readonly Damage[];
}

/** A part of a segment whose checksums don't hold. */
export interface Damage {
  readonly file: string;
  readonly offset: number;
  readonly bytes: number;
}

/** How the store is. */
export interface StoreHealth {
  /** trouble: the disk refuses, events are kept in memory. */
  readonly state: "fine" | "trouble";
  /** errno of the latest refusal; "" when fine. */
  readonly reason: string;
  /** Events that aren't on the disk yet. */
  readonly pending: number;
  /** Events dropped since the journal was opened, because too many were pending. */
  readonly lost: number;
  /** Where the pending events are: "memory" alone would not outlive a kill -9. */
  readonly spool: "tmpfs" | "disk" | "memory";
}

/** The writer of a journal. One per directory. */
export interface EventStore {
  /** Keeps an event. When it returns the operating system has it: a kill -9 doesn't lose it. It is on the disk within a
   *  second, so a power cut may. Never waits for the disk, never fails: see `health`. */
  append(event: Kept): StoredEvent;
  /** Reads without holding up the event loop for more than a few ms at a time. */
  read(query?: EventQuery): Promise<EventsRead>;
  /** Called with every event, in order, as soon as who appended it gives way (a microtask later). Returns what ends that. */
  follow(listener: (event: StoredEvent) => void): () => void;
  health(): StoreHealth;
  /** Brings everything pending to the disk, if it takes it. */
  flush(): Promise<void>;
  /** Flushes, and gives the directory free for the next writer. */
  close(): Promise<void>;
}

/** Opens the journal in a directory (made when missing) for writing. in-use: a second writer is refused. */
export function openEvents(directory: string, options: StoreOptions = {}): Promise<Result<EventStore, StoreProblem>> {
  return openJournal(directory, options);
}

/** Reads a journal without opening it for writing, also while somebody writes it. A missing one holds no events. */
export function readEvents(
  directory: string,
  query: EventQuery = {},
  spool: string = directory,
): Promise<Result<EventsRead, StoreProblem>> {
  return readJournal(directory, spool, query);
}
