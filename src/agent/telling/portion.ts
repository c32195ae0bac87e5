import type { Batch, ChannelEvent } from "../../notify/channel.ts";
import type { Message } from "../../notify/message.ts";
import { type Audience, emptySummary, messageOf, type Summary, summarised } from "../../notify/summary.ts";
import type { Past } from "./past.ts";

/** Whom a portion is cut for. */
export interface Reader {
  readonly audience: Audience;
  readonly host: string;
  readonly clock: (at: number) => string;
}

type CutEvent = Extract<ChannelEvent, { type: "cut" }>;

/** So many events are read at a time, so that a backlog of a week never stands in memory as a whole. */
const PAGE = 1_000;

/** Reads the history after an id and cuts the next portion: at most so many events that are told. */
export async function cutPortion(
  past: Past,
  reader: Reader,
  after: number,
  most: number,
): Promise<Omit<CutEvent, "at">> {
  const { summary, last, ended } = await fold(past, reader, after, most, Number.POSITIVE_INFINITY, 0);
  const rest = ended ? 0 : 1;
  if (summary.count === 0) return { type: "cut", last, rest, batch: undefined };
  const batch = { id: idOf(reader.host, summary, last), first: summary.firstId, last, count: summary.count };
  return { type: "cut", last, rest, batch };
}

/** The message of a portion that was cut, now or before a restart; undefined when the history holds none of it any more. */
export async function messageFor(past: Past, reader: Reader, batch: Batch): Promise<Message | undefined> {
  const { summary } = await fold(past, reader, batch.first - 1, batch.count, batch.last, batch.missed);
  return messageOf(summary, { host: reader.host, id: batch.id, clock: reader.clock });
}

interface Folded {
  readonly summary: Summary;
  readonly last: number;
  /** The history goes no further. */
  readonly ended: boolean;
}

async function fold(
  past: Past,
  { audience }: Reader,
  after: number,
  most: number,
  until: number,
  missed: number,
): Promise<Folded> {
  let summary = emptySummary(missed);
  let last = after;
  for (;;) {
    const events = await past.after(last, PAGE);
    for (const event of events) {
      if (event.id > until || summary.count >= most) return { summary, last, ended: event.id > until };
      summary = summarised(summary, event, audience);
      last = event.id;
    }
    if (events.length < PAGE) return { summary, last, ended: true };
  }
}

/** The host, what is told, and since when: never the same for two portions, not even after the history was lost. */
function idOf(host: string, summary: Summary, last: number): string {
  const safe = host.replaceAll(/[^A-Za-z0-9-]/g, "-").slice(0, 40);
  return `${safe}.${summary.firstId}-${last}.${summary.from.toString(36)}`;
}
