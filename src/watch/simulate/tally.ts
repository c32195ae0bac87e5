import type { Cause, Recorded } from "../effect.ts";
import { offence } from "./invariants.ts";
import { type Gait, type Ran, run } from "./run.ts";
import { newWitness } from "./truth.ts";
import type { World } from "./world.ts";

/** What is worth counting of a run. Times are the world's, ms. */
export interface Tally {
  readonly moves: readonly Moved[];
  readonly records: readonly { readonly at: number; readonly event: Recorded }[];
  /** What a brain must never do, and when it did. */
  readonly offences: readonly string[];
  readonly ran: Ran;
}

/** One change of the active port by the brain. */
export interface Moved {
  readonly at: number;
  readonly from: string;
  readonly to: string;
  readonly cause: Cause;
}

/** Runs a world and counts. */
export function tally(world: World, gait: Gait): Tally {
  const moves: Moved[] = [];
  const records: { at: number; event: Recorded }[] = [];
  const offences: string[] = [];
  const witness = newWitness();
  const ran = run(
    world,
    ({ at, before, event, after, effects, truth }) => {
      if (effects.length === 0 || (effects.length === 1 && effects[0]?.do === "wake")) return;
      const bad = offence(before, event, after, effects) ?? witness.see(at, after, effects, truth);
      if (bad !== undefined) offences.push(`seed ${world.seed} at ${at.toFixed(1)} ms: ${bad}`);
      for (const effect of effects) {
        if (effect.do === "record") records.push({ at, event: effect.event });
        if (effect.do === "set-active") moves.push({ at, from: before.active, to: effect.port, cause: effect.cause });
      }
    },
    gait,
  );
  return { moves, records, offences, ran };
}
