import type { Event } from "../event.ts";
import type { Seed } from "../seed.ts";
import type { WatchConfig } from "../state.ts";

/** What a port hangs on, as nature has it. Shares are 0–1, of packets lost in that direction. */
export interface Wire {
  readonly carrier: boolean;
  readonly lossOut: number;
  readonly lossIn: number;
  /** Loss beyond the router: 1 is a dead uplink. */
  readonly lossBeyond: number;
  readonly delayMs: number;
  readonly jitterMs: number;
  /** Frames of the router heard beside the answers, a busy line; 0 none. */
  readonly heardEveryMs: number;
}

/** A good wire. */
export const goodWire: Wire = {
  carrier: true,
  lossOut: 0,
  lossIn: 0,
  lossBeyond: 0,
  delayMs: 0.5,
  jitterMs: 0.3,
  heardEveryMs: 0,
};

/** Something that happens to the world at a time, ms from its beginning. */
export type Change =
  | { readonly at: number; readonly kind: "wire"; readonly port: string; readonly set: Partial<Wire> }
  /** The agent's process stands still; packets wait for it. */
  | { readonly at: number; readonly kind: "stall"; readonly ms: number }
  /** The agent is killed, and started again after so long; the kernel goes on alone. */
  | { readonly at: number; readonly kind: "restart"; readonly ms: number }
  /** An answer nobody asked for: a guessed id. */
  | { readonly at: number; readonly kind: "forged"; readonly port: string }
  /** Somebody (not us) moves the bond, and the kernel says so. */
  | { readonly at: number; readonly kind: "kernel-moves"; readonly port: string }
  /** The kernel refuses the next move. */
  | { readonly at: number; readonly kind: "refusal" }
  /** An event as it is. */
  | { readonly at: number; readonly kind: "told"; readonly event: Told };

/** An event without its time. */
export type Told = Event extends infer One ? (One extends Event ? Omit<One, "at"> : never) : never;

/** A whole run, replayable: the same world gives the same run. Changes are in order of time. */
export interface World {
  readonly config: WatchConfig;
  readonly seed: Seed;
  readonly untilMs: number;
  readonly changes: readonly Change[];
  /** always: no step takes the short way, to see that it decides the same. */
  readonly thinking?: "always" | "when needed";
}
