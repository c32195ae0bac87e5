import { describe } from "../../notify/describe.ts";
import { oneLine } from "../../notify/words.ts";
import type { StatusDocument, StatusOutage } from "../../report/status-input.ts";
import type { Kept, StoredEvent } from "../../watch/chronicle.ts";
import { type Drill, drillKinds, drillWith, hasMade } from "../../watch/drill.ts";

/** The latest move away from a port that failed. */
export interface Failover {
  /** Wall clock, ms since 1970. */
  readonly at: number;
  readonly from: string;
  readonly to: string;
  /** A sentence. */
  readonly because: string;
}

/** What was asked for isn't a failover. */
const wanted: ReadonlySet<string> = new Set(["reselect", "operator", "drained"]);

/** The failover an event tells of; undefined: none. */
export function failoverIn({ at, event }: StoredEvent): Failover | undefined {
  if (event.what === "moved" && wanted.has(event.cause)) return undefined;
  if ((event.what !== "moved" && event.what !== "kernel-moved") || event.from === "" || event.to === "")
    return undefined;
  return { at, from: event.from, to: event.to, because: describe(event).title };
}

/** What a walk over the events has seen of failovers. */
export interface FailoversSeen {
  readonly latest: Failover | undefined;
  readonly drill: Drill | undefined;
}

/** The kinds of events that `withFailover` goes by. */
export const failoverKinds: readonly string[] = ["moved", "kernel-moved", ...drillKinds];

/** With one event more. What a drill made was asked for, too. */
export function withFailover(seen: FailoversSeen, stored: StoredEvent): FailoversSeen {
  const drill = drillWith(seen.drill, stored);
  const { at, event } = stored;
  // It is noticed some time after it began, and the drill may be over by then.
  const began = event.what === "moved" ? at - event.noticedAfterMs : at;
  return { drill, latest: hasMade(drill, began) ? seen.latest : (failoverIn(stored) ?? seen.latest) };
}

/** How things stand, as it is published: JSON with a stable shape. Keys are added, never renamed or taken away. Times are ISO 8601,
 *  durations ms; null: not known, or there is none. */
export interface MqttState {
  readonly host: string;
  readonly bond: string | null;
  readonly active: string | null;
  readonly active_since: string | null;
  /** "auto", or the port that traffic is pinned to. */
  readonly order: string;
  readonly usable: number | null;
  readonly declared: number | null;
  readonly missing: readonly string[];
  readonly redundancy_lost: boolean | null;
  readonly ports: Readonly<
    Record<string, { readonly usable: boolean; readonly carrier: boolean; readonly note: string }>
  >;
  /** By port and target, with a blank between. */
  readonly paths: Readonly<
    Record<
      string,
      { readonly alive: boolean | null; readonly rtt_ms: number | null; readonly loss_percent: number | null }
    >
  >;
  readonly internet: boolean | null;
  readonly outage: {
    readonly began: string;
    readonly lasted_ms: number | null;
    readonly cause: string;
    readonly port: string;
  } | null;
  readonly failover: {
    readonly at: string;
    readonly from: string;
    readonly to: string;
    readonly because: string;
  } | null;
  readonly drill: {
    readonly at: string;
    readonly verdict: string;
    readonly outage_ms: number | null;
    readonly cut: string;
  } | null;
  readonly ups: {
    readonly name: string;
    readonly mains: boolean | null;
    readonly low: boolean;
    readonly since: string | null;
    readonly charge_percent: number | null;
    readonly runtime_s: number | null;
  } | null;
}

/** The status and what came before it, as it is published. `before`: what was published last. Moments that were reckoned anew from another
 *  clock differ by milliseconds; they stay what they were. */
export function mqttState(
  host: string,
  status: StatusDocument,
  failover: Failover | undefined,
  before?: MqttState,
): MqttState {
  const { bond, redundancy, lastOutage, internet, proven, ups, order } = status;
  return {
    host,
    bond: bond?.name ?? null,
    active: bond === null || bond.active === "" ? null : bond.active,
    active_since: steady(timeOf(status.since), before?.active_since),
    order: order === "auto" ? "auto" : order.pinned,
    usable: redundancy?.usable ?? null,
    declared: redundancy?.declared ?? null,
    missing: redundancy?.missing ?? [],
    redundancy_lost: redundancy === null ? null : redundancy.usable < redundancy.declared,
    ports: Object.fromEntries(status.ports.map(({ name, usable, carrier, note }) => [name, { usable, carrier, note }])),
    paths: Object.fromEntries(
      status.paths.map(({ port, target, state, rttMs, loss }) => [
        `${port} ${target}`,
        {
          alive: state === "alive" ? true : state === "dead" ? false : null,
          rtt_ms: state === "alive" ? rttMs : null,
          loss_percent: loss === null ? null : Math.round(loss * 10_000) / 100,
        },
      ]),
    ),
    internet: internet === undefined || internet.state === "unknown" ? null : internet.state === "answers",
    outage: latestOutage(lastOutage, before?.outage ?? null),
    failover:
      failover === undefined
        ? null
        : { ...failover, at: isoTime(failover.at), because: oneLine(failover.because, LONGEST) },
    drill:
      proven === undefined
        ? null
        : { at: isoTime(proven.at), verdict: proven.verdict, outage_ms: proven.outageMs, cut: proven.cut },
    ups:
      ups === undefined
        ? null
        : {
            name: ups.name,
            mains: ups.state === "unknown" ? null : ups.state === "mains",
            low: ups.state === "low",
            since: steady(timeOf(ups.since ?? null), before?.ups?.since),
            charge_percent: ups.chargePercent,
            runtime_s: ups.runtimeMs === null ? null : Math.round(ups.runtimeMs / 1_000),
          },
  };
}

/** Home Assistant keeps 255 characters of a state. */
const LONGEST = 250;

function latestOutage(latest: StatusOutage | null, before: MqttState["outage"]): MqttState["outage"] {
  if (latest === null) return null;
  const { at, lastedMs, cause, port, isDrill } = latest;
  // One of a drill's is told by the drill.
  if (isDrill === true) return before;
  const began = steady(isoTime(at), before?.began) ?? isoTime(at);
  return { began, lasted_ms: lastedMs === null ? null : Math.round(lastedMs), cause, port };
}

function timeOf(at: number | null): string | null {
  return at === null ? null : isoTime(at);
}

/** Nearer than this no two moves and no two outages are told apart, ms. */
const SAME_MS = 100;

function steady(now: string | null, before: string | null | undefined): string | null {
  if (now === null || before === null || before === undefined) return now;
  return Math.abs(Date.parse(now) - Date.parse(before)) < SAME_MS ? before : now;
}

/** A wall clock that is set to nonsense must not stop telling. */
function isoTime(at: number): string {
  const time = new Date(at);
  return Number.isNaN(time.getTime()) ? new Date(0).toISOString() : time.toISOString();
}

/** An event as it is published: its own fields beside what is said of it. */
export function mqttEvent({ id, at, event }: StoredEvent, host: string): object {
  const { severity, title, text, todo } = describe(event);
  const said = { event_type: event.what, id, at: isoTime(at), host, severity, title, text };
  return { ...event, what: undefined, ...said, ...(todo === undefined ? {} : { todo }) };
}

/** Every kind of event there is, and that of a test message: Home Assistant takes no others. The compiler says when one is missing. */
const kinds: Readonly<Record<Kept["what"], true>> = {
  "beyond-back": true,
  "beyond-lost": true,
  carrier: true,
  change: true,
  configured: true,
  "drill-begins": true,
  "drill-stopped": true,
  drilled: true,
  drift: true,
  flapped: true,
  flapping: true,
  "kernel-bond": true,
  "kernel-enslaved": true,
  "kernel-moved": true,
  "kernel-released": true,
  moved: true,
  order: true,
  "outage-begins": true,
  "outage-ends": true,
  "path-alive": true,
  "path-dead": true,
  "path-silent": true,
  "port-back": true,
  "port-gone": true,
  radio: true,
  redundancy: true,
  refused: true,
  started: true,
  stopped: true,
  "store-damaged": true,
  "store-resumed": true,
  "store-trouble": true,
  suspended: true,
  ups: true,
  warning: true,
};

/** What `event_type` may be. */
export const eventTypes: readonly string[] = [...Object.keys(kinds), "test"];
