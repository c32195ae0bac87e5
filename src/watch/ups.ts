import type { UpsSaid } from "./chronicle.ts";

/** What a UPS says of itself, as far as it is watched. */
export interface UpsReading {
  readonly source: "mains" | "battery" | "unknown";
  readonly isLow: boolean;
  readonly chargePercent?: number;
  readonly runtimeMs?: number;
}

/** What is known of a UPS: pure data with pure transitions. Times are monotonic ms. */
export interface Ups {
  /** As holdfast.yaml calls it. */
  readonly name: string;
  /** Ports whose way needs something that hangs on the mains. */
  readonly dark: readonly string[];
  /** The latest one; undefined: it has said nothing yet, or nothing for too long. */
  readonly reading: UpsReading | undefined;
  /** Since when it has fed its load from where it does; undefined: not known. */
  readonly since: number | undefined;
  readonly isOnBattery: boolean;
  readonly isLow: boolean;
  /** Readings in a row that say mains, while on battery. */
  readonly mainsReadings: number;
  /** When it last said something. */
  readonly saidAt: number;
  readonly isLost: boolean;
}

export type UpsEvent =
  | { readonly type: "reading"; readonly at: number; readonly reading: UpsReading }
  /** Nothing came of asking: "ECONNREFUSED", "DATA-STALE". */
  | { readonly type: "silent"; readonly at: number; readonly reason: string };

type Step = readonly [Ups, readonly UpsSaid[]];

/** What it said is taken at its word for so long; silent for longer than the second, that is told. */
const FRESH_MS = 20_000;
const LOST_MS = 60_000;
/** A mains that comes and goes is a mains that is gone. */
const BACK_READINGS = 2;

/** A UPS that has said nothing yet. `at`: now. */
export function newUps(name: string, dark: readonly string[], at: number): Ups {
  return {
    name,
    dark,
    reading: undefined,
    since: undefined,
    isOnBattery: false,
    isLow: false,
    mainsReadings: 0,
    saidAt: at,
    isLost: false,
  };
}

/** One step. */
export function stepUps(ups: Ups, event: UpsEvent): Step {
  return event.type === "silent" ? onSilence(ups, event) : onReading(ups, event);
}

function onSilence(ups: Ups, { at, reason }: Extract<UpsEvent, { readonly type: "silent" }>): Step {
  const quietMs = at - ups.saidAt;
  const reading = quietMs < FRESH_MS ? ups.reading : undefined;
  if (ups.isLost || quietMs < LOST_MS) return [{ ...ups, reading }, []];
  return [{ ...ups, reading, isLost: true }, [said(ups, "silent", { reason })]];
}

function onReading(ups: Ups, { at, reading }: Extract<UpsEvent, { readonly type: "reading" }>): Step {
  const heard = { ...ups, reading, saidAt: at, isLost: false };
  const again = ups.isLost ? [said(heard, "answers", {})] : [];
  const [next, news] = judged(heard, at, reading);
  return [next, [...again, ...news]];
}

function judged(ups: Ups, at: number, reading: UpsReading): Step {
  const { isOnBattery, since } = ups;
  if (reading.source === "battery") {
    const isLow = ups.isLow || reading.isLow;
    const now = { ...ups, isOnBattery: true, isLow, mainsReadings: 0, since: isOnBattery ? since : at };
    const low = isLow && !ups.isLow ? [said(now, "low-battery", {})] : [];
    return [now, isOnBattery ? low : [said(now, "on-battery", { ports: ups.dark }), ...low]];
  }
  if (reading.source === "unknown") return [ups, []];
  if (!isOnBattery) return [{ ...ups, since: since ?? at }, []];
  const mainsReadings = ups.mainsReadings + 1;
  if (mainsReadings < BACK_READINGS) return [{ ...ups, mainsReadings }, []];
  const lastedMs = Math.round(at - (since ?? at));
  const now = { ...ups, isOnBattery: false, isLow: false, mainsReadings: 0, since: at };
  return [now, [said(now, "back", { lastedMs })]];
}

function said(
  { name, reading }: Ups,
  change: UpsSaid["change"],
  more: { readonly ports?: readonly string[]; readonly lastedMs?: number; readonly reason?: string },
): UpsSaid {
  return {
    what: "ups",
    ups: name,
    change,
    chargePercent: reading?.chargePercent ?? null,
    runtimeMs: reading?.runtimeMs ?? null,
    ports: more.ports ?? [],
    lastedMs: more.lastedMs ?? null,
    reason: more.reason ?? "",
  };
}
