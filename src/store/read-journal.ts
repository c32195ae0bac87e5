import { errnoOf } from "../host/linux/read-problem.ts";
import { failed, ok, type Result } from "../model/result.ts";
import type { StoredEvent } from "../watch/chronicle.ts";
import type { Damage, EventQuery, EventsRead, StoreProblem } from "./events.ts";
import { type FoundLine, kindOf, mayHold, openRecord, scanLines } from "./line.ts";
import { listSegments, readSegment, type Segment } from "./segments.ts";
import { readSpool } from "./spool.ts";

/** See `readEvents`. */
export async function readJournal(
  directory: string,
  spool: string,
  query: EventQuery,
): Promise<Result<EventsRead, StoreProblem>> {
  try {
    // The spool first: an event leaves it only after it has come to the disk, so none is missed on its way.
    const waiting = await readSpool(spool, directory);
    return ok(await readAll(directory, waiting, query));
  } catch (problem) {
    return failed(readingProblem(directory, errnoOf(problem)));
  }
}

function readingProblem(directory: string, errno: string): StoreProblem {
  if (errno === "EACCES" || errno === "EPERM") {
    const hint = "Run the command as root or as a member of the group holdfast.";
    return { code: "denied", message: `the events in ${directory} may not be read by this user`, hint };
  }
  const hint = "Look into the kernel log for errors of the file system.";
  return { code: "failed", message: `the events in ${directory} cannot be read: ${errno}`, hint };
}

/** Reads segments and adds what waits in memory. Throws what the file system says. */
export async function readAll(
  directory: string,
  waiting: readonly StoredEvent[],
  query: EventQuery,
): Promise<EventsRead> {
  const segments = await listSegments(directory);
  return query.order === "newest-first"
    ? readBackwards(segments, waiting, query)
    : readForwards(segments, waiting, query);
}

async function readForwards(
  segments: readonly Segment[],
  waiting: readonly StoredEvent[],
  query: EventQuery,
): Promise<EventsRead> {
  const limit = query.limit ?? Number.POSITIVE_INFINITY;
  const events: StoredEvent[] = [];
  const damage: Damage[] = [];
  let last = 0;
  for (const [index, segment] of segments.entries()) {
    if (events.length >= limit || segment.firstId >= (query.beforeId ?? Number.POSITIVE_INFINITY)) break;
    const next = segments[index + 1];
    if (next !== undefined && next.firstId <= (query.afterId ?? 0) + 1) continue;
    for (const event of await readOne(segment, next === undefined, query, damage)) {
      // The same record twice: written again after the disk had refused half of it.
      if (event.id <= last) continue;
      last = event.id;
      events.push(event);
    }
  }
  events.push(...waiting.filter((event) => event.id > last && matches(query, event)));
  return { events: events.slice(0, limit), damage };
}

async function readBackwards(
  segments: readonly Segment[],
  waiting: readonly StoredEvent[],
  query: EventQuery,
): Promise<EventsRead> {
  const limit = query.limit ?? Number.POSITIVE_INFINITY;
  const damage: Damage[] = [];
  const events = waiting.filter((event) => matches(query, event)).toReversed();
  const has = new Set(events.map(({ id }) => id));
  let oldest = Number.POSITIVE_INFINITY;
  for (const [index, segment] of [...segments.entries()].toReversed()) {
    if (events.length >= limit) break;
    const next = segments[index + 1];
    if (next !== undefined && next.firstId <= (query.afterId ?? 0) + 1) break;
    if (query.beforeId !== undefined && segment.firstId >= query.beforeId) continue;
    const found = await readOne(segment, next === undefined, query, damage, limit - events.length + has.size);
    for (const event of found.toReversed()) {
      if (event.id >= oldest || has.has(event.id)) continue;
      oldest = event.id;
      events.push(event);
    }
  }
  // What waits is newest, except where it had come to the disk just before it was looked for there.
  return { events: events.toSorted((a, b) => b.id - a.id).slice(0, limit), damage };
}

function matches(query: EventQuery, event: StoredEvent): boolean {
  return isWanted(query, event.id, event.at) && isKind(query, event.event.what);
}

function isKind({ kinds }: EventQuery, kind: string): boolean {
  return kinds === undefined || kinds.includes(kind);
}

function isWanted(query: EventQuery, id: number, at: number): boolean {
  const { afterId = 0, beforeId = Number.POSITIVE_INFINITY } = query;
  const { since = Number.NEGATIVE_INFINITY, until = Number.POSITIVE_INFINITY } = query;
  return id > afterId && id < beforeId && at >= since && at <= until;
}

/** The matching events of one segment in order; at most the `most` newest of them, if given. */
async function readOne(
  segment: Segment,
  isNewest: boolean,
  query: EventQuery,
  damage: Damage[],
  most = Number.POSITIVE_INFINITY,
): Promise<readonly StoredEvent[]> {
  const bytes = await readSegment(segment.path);
  if (bytes === undefined || (query.kinds !== undefined && !mayHold(bytes, query.kinds))) return [];
  const found: FoundLine[] = [];
  const broken: { start: number; end: number }[] = [];
  scanLines(bytes, {
    isWanted: (id, at) => isWanted(query, id, at),
    record: (line) => {
      if (query.kinds === undefined || isKind(query, kindOf(bytes, line))) found.push(line);
    },
    junk: (start, end) => broken.push({ start, end }),
  });
  const events: StoredEvent[] = [];
  for (const line of found.slice(Math.max(0, found.length - most))) {
    const opened = openRecord(bytes, line);
    if (opened !== undefined) events.push(opened.event);
    const end = opened?.end ?? line.start;
    if (end < line.next) broken.push({ start: end, end: line.next });
  }
  damage.push(...regions(segment.path, bytes, broken, isNewest));
  return events;
}

/** Broken pieces that touch are one damage. What stands unfinished at the very end is being written right now. */
function regions(
  file: string,
  bytes: Buffer,
  broken: readonly { readonly start: number; readonly end: number }[],
  isNewest: boolean,
): readonly Damage[] {
  const joined: { start: number; end: number }[] = [];
  for (const { start, end } of broken.toSorted((a, b) => a.start - b.start)) {
    const last = joined.at(-1);
    if (last !== undefined && last.end >= start) last.end = end;
    else joined.push({ start, end });
  }
  return joined
    .filter(({ end }) => !(isNewest && end === bytes.length && bytes[end - 1] !== 0x0a))
    .map(({ start, end }) => ({ file, offset: start, bytes: end - start }));
}
