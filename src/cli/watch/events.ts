import { agentPlaces } from "../../agent/places.ts";
import { type AgentProblem, askAgent, followAgent } from "../../api/agent-client.ts";
import type { EventsDocument } from "../../api/types.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import { bootStamps, eventPrinter, noStamps, wallStamps } from "../../report/events.ts";
import { type EventQuery, readEvents, type StoredEvent } from "../../store/events.ts";
import type { Cli } from "../command.ts";
import { styleFor } from "../style.ts";
import { localCalendar } from "./local-calendar.ts";
import { pause } from "./repeat.ts";

/** Where events are looked for, as the flags say. */
export interface EventPlaces {
  readonly socket: string;
  /** The journal's directory, read where no agent answers. */
  readonly journal: string;
}

/** The places of a host, changed by flags. A journal that is named is read by itself, whatever agent runs. */
export function eventPlaces(flags: {
  readonly socket: string | undefined;
  readonly journal: string | undefined;
}): EventPlaces {
  const { socket, events } = agentPlaces;
  if (flags.journal !== undefined) return { socket: "", journal: flags.journal };
  return { socket: flags.socket ?? socket, journal: events };
}

type Problem = Pick<AgentProblem, "message" | "hint">;

/** Events from the agent; where none answers, from the journal itself. Always oldest first. */
export async function findEvents(
  places: EventPlaces,
  query: EventQuery,
  signal: AbortSignal,
): Promise<Result<EventsDocument, Problem>> {
  const found = await find(places, query, signal);
  if (!found.ok || query.order !== "newest-first") return found;
  return ok({ ...found.value, events: found.value.events.toReversed() });
}

async function find(
  { socket, journal }: EventPlaces,
  query: EventQuery,
  signal: AbortSignal,
): Promise<Result<EventsDocument, Problem>> {
  if (socket !== "") {
    const told = await askAgent<EventsDocument>(socket, `/events?${queryText(query)}`, signal);
    if (told.ok) return told;
  }
  const read = await readEvents(journal, query, journal === agentPlaces.events ? agentPlaces.spool : journal);
  return read.ok ? ok({ events: read.value.events, damaged: read.value.damage.length }) : failed(read.error);
}

function queryText({ since, until, afterId, limit, order }: EventQuery): string {
  const text = new URLSearchParams();
  for (const [key, value] of Object.entries({ since, until, after: afterId, limit, order })) {
    if (value !== undefined) text.set(key, String(value));
  }
  return text.toString();
}

/** How long until the journal is looked at again, ms, where no agent tells. */
const lookAgainMs = 500;

/** Every event after that id as it happens, until the signal. */
export async function followEvents(
  places: EventPlaces,
  afterId: number,
  signal: AbortSignal,
  take: (event: StoredEvent) => void,
): Promise<Result<void, Problem>> {
  let last = afterId;
  const once = (event: StoredEvent) => {
    // The agent may be restarted, or the journal be read in its place: nothing comes twice.
    if (event.id > last) take(event);
    last = Math.max(last, event.id);
  };
  while (!signal.aborted) {
    if (places.socket !== "") {
      await followAgent<StoredEvent>(places.socket, `/events?follow=1&after=${last}`, signal, once);
    }
    if (signal.aborted) break;
    const read = await find({ ...places, socket: "" }, { afterId: last }, signal);
    if (!read.ok) return read;
    for (const event of read.value.events) once(event);
    await pause(lookAgainMs, signal);
  }
  return ok(undefined);
}

/** Prints events as lines for people. `clock`: what their times are. */
export function linePrinter(cli: Cli, clock: "wall" | "boot" | "none" = "wall"): (event: StoredEvent) => void {
  const stamps = { wall: wallStamps(localCalendar(Date.now())), boot: bootStamps, none: noStamps };
  const print = eventPrinter(styleFor(cli, cli.stdout), stamps[clock]);
  return (event) => cli.stdout.write(print(event));
}
