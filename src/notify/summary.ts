import type { StoredEvent } from "../watch/chronicle.ts";
import { describe } from "./describe.ts";
import { type Leads, leadOf, type Told, withLead } from "./lead.ts";
import { compareWeights, type Message, type Weight } from "./message.ts";
import { counted, sentence } from "./words.ts";

/** Events folded into what a message needs: constant memory, however many there are. */
export interface Summary {
  readonly count: number;
  readonly missed: number;
  readonly firstId: number;
  readonly lastId: number;
  readonly from: number;
  readonly at: number;
  readonly leads: Leads;
  /** The first and the latest of them; between them some may be left out. */
  readonly head: readonly Told[];
  readonly tail: readonly Told[];
  readonly events: readonly StoredEvent[];
  /** How things stood after the latest of them. */
  readonly active: string | undefined;
  readonly usable: readonly [number, number] | undefined;
}

/** What a message is made for. */
export interface Audience {
  /** Events that weigh less are not told. */
  readonly least: Weight;
  /** Programs want the events themselves. */
  readonly reader: "person" | "program";
}

const HEAD = 8;
const TAIL = 12;

/** Nothing to tell yet. `missed` of earlier events are known to be lost. */
export function emptySummary(missed: number): Summary {
  return {
    count: 0,
    missed,
    firstId: 0,
    lastId: 0,
    from: 0,
    at: 0,
    leads: {},
    head: [],
    tail: [],
    events: [],
    active: undefined,
    usable: undefined,
  };
}

/** The summary with one event more. Events below the audience's weight only change how things stand. */
export function summarised(summary: Summary, stored: StoredEvent, audience: Audience): Summary {
  const standing = withStanding(summary, stored);
  const said = describe(stored.event);
  if (compareWeights(said.weight, audience.least) < 0) return standing;
  const told: Told = { at: stored.at, what: stored.event.what, said };
  const isFull = summary.head.length >= HEAD;
  return {
    ...standing,
    count: summary.count + 1,
    firstId: summary.count === 0 ? stored.id : summary.firstId,
    lastId: stored.id,
    from: summary.count === 0 ? stored.at : summary.from,
    at: stored.at,
    leads: withLead(summary.leads, told),
    head: isFull ? summary.head : [...summary.head, told],
    tail: isFull ? [...summary.tail.slice(1 - TAIL), told] : summary.tail,
    events: audience.reader === "program" ? [...summary.events, stored] : summary.events,
  };
}

function withStanding(summary: Summary, { event }: StoredEvent): Summary {
  switch (event.what) {
    case "started":
      return { ...summary, active: event.active };
    case "moved":
    case "kernel-moved":
      return { ...summary, active: event.to };
    case "redundancy":
      return { ...summary, usable: [event.usable, event.declared] };
    default:
      return summary;
  }
}

/** Where and for whom a message is written. */
export interface Writing {
  readonly host: string;
  readonly id: string;
  /** The wall clock as people of that place read it. */
  readonly clock: (at: number) => string;
}

/** The message that tells a summary; undefined when it holds nothing to tell. */
export function messageOf(summary: Summary, writing: Writing): Message | undefined {
  const { count, missed } = summary;
  const lead = leadOf(summary.leads);
  if (lead === undefined) return undefined;
  const { host, id } = writing;
  const more = count === 1 ? "" : ` (and ${counted(count - 1, "more event")})`;
  return {
    id,
    host,
    severity: lead.said.severity,
    title: `${host}: ${lead.said.title}${more}`,
    text: [lead.said.text, ...(count === 1 ? [] : standing(summary)), ...lost(missed)].join(" "),
    todo: lead.said.todo,
    lines: count === 1 ? [] : linesOf(summary, writing),
    events: summary.events,
    count,
    missed,
    from: summary.from,
    at: summary.at,
  };
}

function standing({ active, usable }: Summary): readonly string[] {
  const traffic = active === undefined ? [] : [active === "" ? "no port is active" : `traffic goes through ${active}`];
  const ports = usable === undefined ? [] : [`${usable[0]} of ${usable[1]} ports can carry it`];
  const words = [...traffic, ...ports];
  return words.length === 0 ? [] : [sentence(`now ${words.join("; ")}`)];
}

function lost(missed: number): readonly string[] {
  return missed === 0 ? [] : [`${sentence(`${counted(missed, "earlier event")} could not be told`)}`];
}

function linesOf({ head, tail, count }: Summary, { clock }: Writing): readonly string[] {
  const line = ({ at, said }: Told): string => `${clock(at)}  ${said.title}`;
  const between = count - head.length - tail.length;
  const gap = between > 0 ? [`… ${counted(between, "event")} left out here; holdfast events has them all`] : [];
  return [...head.map(line), ...gap, ...tail.map(line)];
}
