import type { Path } from "./path.ts";
import type { Seed } from "./seed.ts";
import type { Tuning } from "./tuning.ts";

/** What the brain is told to look after. */
export interface WatchConfig {
  readonly bond: string;
  /** In order of preference: the primary first. */
  readonly ports: readonly WatchedPort[];
  readonly reselect: "when-calm" | "never";
  readonly tuning: Tuning;
}

export interface WatchedPort {
  readonly name: string;
  readonly medium: "wired" | "radio";
  readonly metered: boolean;
  /** The router of this port, as the probes name it; undefined: none is declared, carrier is all there is. */
  readonly router: string | undefined;
  /** Targets beyond the router. */
  readonly far: readonly string[];
}

/** Everything the brain knows. Replaced, never changed; bounded by the number of ports and targets. */
export interface State {
  readonly config: WatchConfig;
  readonly seed: Seed;
  readonly now: number;
  readonly nextId: number;
  readonly ports: readonly PortWatch[];
  readonly paths: readonly Path[];
  /** What the kernel says carries traffic; "" none. */
  readonly active: string;
  readonly movedAt: number;
  readonly order: { readonly kind: "auto" } | { readonly kind: "pin"; readonly port: string };
  readonly drained: readonly string[];
  /** Decisions rest until then: after a suspend everything is probed anew first. */
  readonly graceUntil: number;
  readonly redundancy: number;
  /** Open outage: since when, and why. */
  readonly outage: { readonly since: number; readonly cause: Cause } | undefined;
  readonly lossySince: number | undefined;
  readonly stopped: boolean;
  /** When it asked to be woken; being woken much later means that the clock or the process stood still. */
  readonly wakeAt: number;
}

export interface PortWatch {
  readonly name: string;
  readonly carrier: boolean;
  /** Since when answers have come without a gap, for the way back. */
  readonly calmSince: number;
  /** Incidents, half forgotten with time. */
  readonly penalty: number;
  readonly penaltyAt: number;
  readonly heardAt: number;
}

export type Cause =
  | "carrier-lost"
  | "path-dead"
  | "uplink-dead"
  | "lossy"
  | "reselect"
  | "operator"
  | "drained"
  | "none-active";

/** How much a port can do now, by the evidence: nothing, carrier only, its router answers, the far side answers. */
export type Grade = 0 | 1 | 2 | 3;

export type Event =
  | { readonly type: "tick"; readonly at: number }
  | { readonly type: "carrier"; readonly at: number; readonly port: string; readonly up: boolean }
  | { readonly type: "kernel-active"; readonly at: number; readonly port: string }
  | {
      readonly type: "answer";
      readonly at: number;
      readonly port: string;
      readonly target: string;
      readonly id: number;
    }
  | { readonly type: "heard"; readonly at: number; readonly port: string }
  | { readonly type: "pin"; readonly at: number; readonly port: string }
  | { readonly type: "auto"; readonly at: number }
  | { readonly type: "drain" | "undrain"; readonly at: number; readonly port: string }
  | { readonly type: "stop"; readonly at: number };

export type Effect =
  | { readonly do: "record"; readonly event: Recorded }
  | { readonly do: "probe"; readonly port: string; readonly target: string; readonly id: number }
  | { readonly do: "set-active"; readonly port: string; readonly cause: Cause }
  | { readonly do: "refresh"; readonly port: string }
  | { readonly do: "set-primary"; readonly port: string }
  /** Wake me at this time at the latest. */
  | { readonly do: "wake"; readonly at: number };

/** What is written down, with its evidence. Always before the act it announces. */
export type Recorded =
  | { readonly what: "started"; readonly active: string }
  | {
      readonly what: "moved";
      readonly from: string;
      readonly to: string;
      readonly cause: Cause;
      readonly noticedAfterMs: number;
      readonly evidence: string;
    }
  | { readonly what: "kernel-moved"; readonly from: string; readonly to: string }
  | { readonly what: "carrier"; readonly port: string; readonly up: boolean }
  | {
      readonly what: "path-dead" | "path-alive";
      readonly port: string;
      readonly target: string;
      readonly evidence: string;
    }
  | { readonly what: "redundancy"; readonly usable: number; readonly declared: number }
  | { readonly what: "outage-begins"; readonly cause: Cause; readonly evidence: string }
  | { readonly what: "outage-ends"; readonly lastedMs: number; readonly cause: Cause }
  | { readonly what: "suspended"; readonly gapMs: number }
  | { readonly what: "stopped" };
