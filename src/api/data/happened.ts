import { describe } from "../../notify/describe.ts";
import { because } from "../../notify/words.ts";
import { readEvents } from "../../store/events.ts";
import type { StoredEvent } from "../../watch/chronicle.ts";
import { outlasts } from "../../watch/drill.ts";
import type { BeyondLoss, History, Incident } from "../../watch/history.ts";
import type {
  AvailabilityDocument,
  EventsPage,
  MoveMark,
  OutageEntry,
  OutagesDocument,
  ToldEvent,
} from "../dashboard.ts";
import { type Answer, found, refused } from "../server/answer.ts";
import type { Parameters } from "../server/read-query.ts";
import { availabilityIn, type Stretches, stretchesOf } from "./availability.ts";
import type { Chronicle, ChroniclePlaces } from "./chronicle.ts";
import { type Period, periodsIn, startBefore, usualPeriods } from "./periods.ts";
import type { Span } from "./watched-time.ts";

/** An event with its words. */
export function told(stored: StoredEvent): ToldEvent {
  const { title, text, severity } = describe(stored.event);
  return { ...stored, title, text, severity };
}

const usualEvents = 100;
const yearMs = 366 * 86_400_000;

/** GET events. */
export async function eventsPage(places: ChroniclePlaces, parameters: Parameters): Promise<Answer> {
  const { before, limit, kinds, from, to } = parameters as Partial<
    Record<"before" | "limit" | "from" | "to", number>
  > & {
    readonly kinds?: readonly string[];
  };
  const most = limit ?? usualEvents;
  const query = {
    order: "newest-first" as const,
    limit: most + 1,
    ...(before === undefined ? {} : { beforeId: before }),
    ...(kinds === undefined ? {} : { kinds }),
    ...(from === undefined ? {} : { since: from }),
    ...(to === undefined ? {} : { until: to }),
  };
  const read = await readEvents(places.events, query, places.spool);
  if (!read.ok) return refused(503, `journal-${read.error.code}`, read.error.message, read.error.hint);
  const { events, damage } = read.value;
  const page: EventsPage = {
    events: events.slice(0, most).map(told),
    next: events.length > most ? (events[most - 1]?.id ?? null) : null,
    damaged: damage.length,
  };
  return found(page);
}

const usualOutages = 200;

/** GET outages. */
export function outagesDocument(chronicle: Chronicle, parameters: Parameters, now: number): OutagesDocument {
  const to = numberOr(parameters["to"], now);
  const span = { from: numberOr(parameters["from"], to - yearMs), to };
  const history = chronicle.history();
  const drills = chronicle.drills(now);
  const touches = ({ at, endedAt }: { readonly at: number; readonly endedAt: number | null }): boolean =>
    at <= span.to && (endedAt ?? now) >= span.from;
  const outages = [
    ...history.incidents.map((incident) => portOutage(incident, isDrills(incident, drills, now))),
    ...history.beyond.map(internetOutage),
  ];
  const { before } = parameters as { readonly before?: number };
  // What goes on is told first, however long ago it began, and not again.
  const isPaged = ({ at, endedAt }: OutageEntry): boolean =>
    endedAt !== null && at < (before ?? Number.POSITIVE_INFINITY);
  const latest = (some: readonly OutageEntry[]) => some.toSorted((one, other) => other.at - one.at);
  const touching = outages.filter(touches);
  const lasting = before === undefined ? touching.filter(({ endedAt }) => endedAt === null) : [];
  const matching = latest(touching.filter(isPaged));
  const last = matching[numberOr(parameters["limit"], usualOutages) - 1]?.at ?? Number.NEGATIVE_INFINITY;
  // Of what began at the same moment a page has all or nothing: the next one begins at a moment.
  const page = matching.filter(({ at }) => at >= last);
  return {
    outages: latest([...lasting, ...page]),
    next: page.length < matching.length ? last : null,
    knownSince: history.from ?? null,
  };
}

/** Whether a drill made it, and nothing of it outlasts the drill. */
function isDrills({ at, endedAt, outages }: Incident, drills: readonly Span[], now: number): boolean {
  const drill = drills.find(({ from, to }) => at >= from && at <= to);
  const over = (outage: Incident["outages"][number]): number =>
    outage.lastedMs === undefined ? (endedAt ?? now) : outage.at + outage.lastedMs;
  return drill !== undefined && !outages.some((outage) => outlasts(drill.to, over(outage)));
}

function portOutage(incident: Incident, isDrill: boolean): OutageEntry {
  const { at, endedAt, port, cause, evidence, moves, outages, mains, isCutOff, firstId, lastId } = incident;
  const what = cause === undefined ? `${port === "" ? "a standby" : port} stopped answering` : because(cause, port);
  const lasted = outages.map(({ lastedMs }) => lastedMs);
  const cost = lasted.reduce<number | null>((sum, ms) => (sum === null || ms === undefined ? null : sum + ms), 0);
  return {
    at,
    endedAt: endedAt ?? null,
    kind: "port",
    port,
    cause: cause ?? null,
    title: mains === undefined ? what : `the mains failed: ${what}`,
    evidence,
    outageMs: cost,
    moves: moves.map(moveMark),
    isCutOff,
    isDrill,
    firstId,
    lastId,
  };
}

function moveMark({ at, from, to, cause, noticedAfterMs }: Incident["moves"][number]): MoveMark {
  return { at, from, to, cause: cause ?? null, noticedAfterMs: noticedAfterMs ?? null };
}

function internetOutage({ at, endedAt, evidence, isCutOff, router }: BeyondLoss): OutageEntry {
  return {
    at,
    endedAt: endedAt ?? null,
    kind: "internet",
    port: "",
    cause: null,
    title: `the Internet was lost behind ${router}`,
    evidence,
    outageMs: 0,
    moves: [],
    isCutOff,
    isDrill: false,
    firstId: 0,
    lastId: 0,
  };
}

/** Moves of the traffic within a span, oldest first. */
export function movesIn({ incidents }: History, { from, to }: Span): readonly MoveMark[] {
  // A year of them, for a chart of minutes: only the latest are looked at.
  const before = incidents.findLastIndex(({ endedAt, moves }) => Math.max(endedAt ?? to, moves.at(-1)?.at ?? 0) < from);
  return incidents
    .slice(before + 1)
    .flatMap(({ moves }) => moves)
    .filter(({ at }) => at >= from && at <= to)
    .map(moveMark);
}

/** GET availability. */
export function availabilityAnswer(chronicle: Chronicle, parameters: Parameters, now: number): Answer {
  const by = (parameters["by"] ?? "day") as Period;
  const to = numberOr(parameters["to"], now);
  const from = numberOr(parameters["from"], startBefore(to, by, usualPeriods[by] - 1));
  const periods = from < to ? periodsIn({ from, to }, by) : [];
  if (periods === undefined) return refused(400, "bad-query", `that are too many ${by}s`);
  const stretches = stretchesNow(chronicle, now);
  const document: AvailabilityDocument = {
    zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
    total: availabilityIn(stretches, { from, to: Math.max(from, to) }),
    periods: periods.map((period) => availabilityIn(stretches, period)),
  };
  return found(document);
}

/** Good for who asks for another period at the same moment: a page asks for days, months and years. */
const stretchesMs = 1_000;
const stretched = new WeakMap<
  Chronicle,
  { readonly version: number; readonly at: number; readonly stretches: Stretches }
>();

function stretchesNow(chronicle: Chronicle, now: number): Stretches {
  const [version, known] = [chronicle.version(), stretched.get(chronicle)];
  if (known?.version === version && Math.abs(now - known.at) < stretchesMs) return known.stretches;
  const [watched, drills] = [chronicle.watched(now), chronicle.drills(now)];
  const stretches = stretchesOf({ history: chronicle.history(), watched, drills, now });
  stretched.set(chronicle, { version, at: now, stretches });
  return stretches;
}

function numberOr(value: Parameters[string], fallback: number): number {
  return typeof value === "number" ? value : fallback;
}
