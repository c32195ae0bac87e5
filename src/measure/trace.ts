import type { Sight } from "./sight.ts";

/** Raw record of one drill, as the guest's runner saw it. All times: ms (fractions allowed) on the guest's monotonic clock, 0 = start of the drill. */
export interface Trace {
  readonly scenario: string;
  /** 0-based. */
  readonly repeat: number;
  readonly flows: readonly FlowTrace[];
  readonly tcp: readonly TcpTrace[];
  /** fault: the first operation of the fault was done; mended: the last operation of the mending was done; end: sending stopped. */
  readonly faultAtMs: number;
  readonly mendedAtMs: number;
  readonly endAtMs: number;
  /** The first operation of the mending was done. Absent: the mending was one operation, at `mendedAtMs`. */
  readonly mendFromMs?: number;
  /** false: the lab was not back where it started when watching ended (flows healthy, same port active). */
  readonly settled?: boolean;
  /** false: the promised flows were not all healthy before the fault, although it was waited for. */
  readonly calmBefore?: boolean;
  /** Operations as done. */
  readonly operations: readonly { readonly atMs: number; readonly text: string }[];
  /** What the kernel said of the bond (its log), in order. */
  readonly kernel: readonly { readonly atMs: number; readonly text: string }[];
  /** What Holdfast's agent wrote down, in order. Absent: none ran. */
  readonly agent?: readonly { readonly atMs: number; readonly text: string }[];
  /** Active port over time, from the kernel's log, first entry at or before 0. "" means none. */
  readonly activePort: readonly { readonly atMs: number; readonly port: string }[];
  /** A real ssh session from a machine of the LAN. Absent: none was asked for. */
  readonly ssh?: SshTrace;
  /** What host, LAN and access points said of each other before, while the fault lasted, and after. Absent: there are no radios.
   *  Their moments: ms, 0 = start of the drill. */
  readonly sights?: readonly Sight[];
  /** While these lasted the runner did something else, and no session said anything. Absent: none. */
  readonly pauses?: readonly { readonly fromMs: number; readonly toMs: number }[];
}

/** One direction of a flow. */
export interface FlowTrace {
  readonly flow: string;
  readonly direction: "toHost" | "fromHost";
  /** When packet N was sent (index = sequence number), whether or not the kernel took it. The interval may change over time: dense around the fault, sparser when an outage lasts. */
  readonly sentAtMs: readonly number[];
  /** When packet N arrived first; null: never. Same length as sentAtMs. */
  readonly receivedAtMs: readonly (number | null)[];
}

export interface TcpTrace {
  readonly flow: string;
  /** When heartbeats arrived, at either end (both ends' arrivals are kept apart). */
  readonly toHostAtMs: readonly number[];
  readonly fromHostAtMs: readonly number[];
  /** When the session broke (reset, timeout) and with which errno; absent: it lives. */
  readonly brokeAtMs?: number;
  readonly error?: string;
  /** Never established. */
  readonly refused?: string;
}

/** A session in which a program on the host counts aloud. */
export interface SshTrace {
  readonly flow: string;
  /** When numbers arrived at the client. */
  readonly heardAtMs: readonly number[];
  /** The last number. */
  readonly counted: number;
  /** Every number was the one after the last. */
  readonly isInOrder: boolean;
  /** When the session ended, with the client's last words; absent: it lives. */
  readonly brokeAtMs?: number;
  readonly error?: string;
}
