import type { StoredEvent } from "../watch/chronicle.ts";

/** What somebody is told. Every text is one line without control characters, whatever the event held. */
export interface Message {
  /** The same however often the message is sent: receivers tell repetitions by it. Letters, digits, dots and dashes. */
  readonly id: string;
  readonly host: string;
  readonly severity: Severity;
  /** Begins with the host. */
  readonly title: string;
  /** One sentence: what happened. In a digest a second one: how things stand now. */
  readonly text: string;
  /** One imperative sentence; undefined where there is nothing to do. */
  readonly todo: string | undefined;
  /** One line per event, with its time; empty where the message tells a single event. */
  readonly lines: readonly string[];
  /** The events themselves, in order, for recipients that are programs; empty for people. */
  readonly events: readonly StoredEvent[];
  /** How many events the message tells. */
  readonly count: number;
  /** Events that were never told: too many waited, or nobody took them for seven days. */
  readonly missed: number;
  /** Wall clock of the first and of the latest event, ms since 1970. */
  readonly from: number;
  readonly at: number;
}

export type Severity = "notice" | "warning" | "critical";

/** Who must hear of an event: `all` only those who asked for everything. The end of a trouble weighs as the trouble. */
export type Weight = "all" | Severity;

const weights: readonly Weight[] = ["all", "notice", "warning", "critical"];

/** Negative, zero or positive as a weighs less than, as much as, or more than b. */
export function compareWeights(a: Weight, b: Weight): number {
  return weights.indexOf(a) - weights.indexOf(b);
}

/** One event in words. */
export interface Description {
  readonly severity: Severity;
  readonly weight: Weight;
  /** Without the host, without a full stop. */
  readonly title: string;
  /** A sentence. */
  readonly text: string;
  readonly todo?: string;
}
