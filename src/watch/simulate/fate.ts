import type { Wire } from "./world.ts";

/** How many packets a port's wire lets through until it loses the next, on the way out, in, and beyond the router: drawn
 *  beforehand, which comes to the same as drawing for each packet and tells how far nothing will happen. Counted down. */
export interface Fate {
  out: number;
  in: number;
  beyond: number;
}

/** What a wire's losses have in store; `random` gives numbers in [0, 1). */
export function fateOf(wire: Wire, random: () => number): Fate {
  return {
    out: packetsUntilLoss(wire.lossOut, random),
    in: packetsUntilLoss(wire.lossIn, random),
    beyond: packetsUntilLoss(wire.lossBeyond, random),
  };
}

/** Packets that get through before one is lost, where this share is lost: a geometric number. */
export function packetsUntilLoss(share: number, random: () => number): number {
  if (share <= 0) return Number.POSITIVE_INFINITY;
  return share >= 1 ? 0 : Math.floor(Math.log(1 - random()) / Math.log(1 - share));
}
