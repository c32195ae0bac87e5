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

/** All that a history is made of: what the brain records, what the store has to say of itself, what the kernel's log told, what drills were held. */
export type Kept = Recorded | StoreSaid | KernelSaid | DrillSaid;

/** What a drill on this host says of itself, so that nobody takes its outages for others. */
export type DrillSaid =
  | { readonly what: "drill-begins"; readonly cuts: number }
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
