import type { Recorded } from "./effect.ts";

/** One entry of the host's history. */
export interface StoredEvent {
  /** Grows from entry to entry, with gaps; never given twice, not even after a power cut. */
  readonly id: number;
  /** Wall clock, ms since 1970. Jumps when the clock is set: the order of events is that of their ids. */
  readonly at: number;
  /** /proc/sys/kernel/random/boot_id; "" where it isn't known. */
  readonly bootId: string;
  /** CLOCK_MONOTONIC, ms; to be compared within one boot only. */
  readonly monotonicMs: number;
  readonly event: Kept;
}

/** All that a history is made of: what the brain records, what the store has to say of itself, what the kernel's log told, what drills were held,
 *  what changes were made and what a UPS said. */
export type Kept = Recorded | StoreSaid | KernelSaid | DrillSaid | ChangeSaid | UpsSaid;

/** What a UPS said, or that it says nothing any more. */
export interface UpsSaid {
  readonly what: "ups";
  /** As holdfast.yaml calls it. */
  readonly ups: string;
  /** back: the mains feed again. silent: it hasn't answered for a minute; answers: again. */
  readonly change: "on-battery" | "low-battery" | "back" | "silent" | "answers";
  /** 0 to 100; null: not told. */
  readonly chargePercent: number | null;
  /** How long it will last, by its own estimate; null: not told. */
  readonly runtimeMs: number | null;
  /** on-battery: ports whose way needs something that hangs on the mains. */
  readonly ports: readonly string[];
  /** back: how long the mains were gone; else null. */
  readonly lastedMs: number | null;
  /** silent: why; else "". */
  readonly reason: string;
}

/** What became of a change of this host's network, told by whoever carried it out. */
export interface ChangeSaid {
  readonly what: "change";
  /** "applied": in place and proven; it goes back unless it is confirmed. "stuck": it could not be put back completely. */
  readonly state: "applied" | "confirmed" | "rolled-back" | "stuck";
  /** Its id: "000042-k3f9qa". */
  readonly transaction: string;
  /** "bond0: miimon 100 → 50" */
  readonly summary: string;
  /** Who did this: "alice (uid 1000) from 10.0.0.2"; "" nobody did, or it isn't known. */
  readonly who: string;
}

/** What a drill on this host says of itself, so that nobody takes its outages for others. */
export type DrillSaid =
  | { readonly what: "drill-begins"; readonly cuts: number }
  /** It is over and has no verdict: somebody stopped it, or it could not go on. */
  | { readonly what: "drill-stopped" }
  | {
      readonly what: "drilled";
      readonly verdict: "held" | "missed";
      /** The longest outage of it, ms; null: it never ended while watched. */
      readonly outageMs: number | null;
      /** Which cut: "carrier-em1"; "" none was made. */
      readonly cut: string;
    };

/** What the store says of itself. */
export type StoreSaid =
  /** Events can't be brought to the disk: they wait in memory. `reason` is an errno: ENOSPC, EIO, EROFS, … */
  | { readonly what: "store-trouble"; readonly reason: string }
  /** The disk takes events again. `lost` of them were more than the memory holds and are gone. */
  | { readonly what: "store-resumed"; readonly forMs: number; readonly lost: number }
  /** Parts of the journal could not be read when it was opened. */
  | { readonly what: "store-damaged"; readonly regions: number; readonly bytes: number };

/** What is read out of the kernel's own log, and not said by the brain's words. */
export type KernelSaid =
  | { readonly what: "kernel-enslaved" | "kernel-released"; readonly bond: string; readonly port: string }
  | { readonly what: "kernel-bond"; readonly bond: string; readonly text: string };
