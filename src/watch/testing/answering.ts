import type { Effect } from "../effect.ts";
import type { Event } from "../event.ts";
import { start } from "../start.ts";
import type { State, WatchConfig } from "../state.ts";
import { step } from "../step.ts";

/** A world that consists of answers: whether a probe that leaves then through that port is answered by that target. */
export type Answering = (probe: { readonly at: number; readonly port: string; readonly target: string }) => boolean;

/** What a brain did, with its moments (ms). */
export interface Done {
  readonly at: number;
  readonly effect: Effect;
}

/** Lets a brain live in such a world, every answer after `roundTripMs`, and gives what it did. */
export function liveAmong(
  config: WatchConfig,
  world: { readonly seed: number; readonly untilMs: number; readonly roundTripMs: number; readonly answers: Answering },
): readonly Done[] {
  const done: Done[] = [];
  const coming: { at: number; event: Event }[] = [];
  let state: State = start(config, {
    at: 0,
    seed: world.seed,
    active: config.ports[0]?.name ?? "",
    withCarrier: config.ports.map(({ name }) => name),
  });
  let wakeAt = 0;
  const tell = (event: Event): void => {
    const [after, effects] = step(state, event);
    state = after;
    for (const effect of effects) {
      done.push({ at: event.at, effect });
      if (effect.do === "wake") wakeAt = effect.at;
      if (effect.do !== "probe" || !world.answers({ at: event.at, ...effect })) continue;
      const { port, target, id } = effect;
      const at = event.at + world.roundTripMs;
      coming.push({ at, event: { type: "answer", at, port, target, id } });
    }
  };
  while (true) {
    const next = coming[0];
    const at = Math.min(next?.at ?? Number.POSITIVE_INFINITY, wakeAt);
    if (at >= world.untilMs) return done;
    if (next !== undefined && next.at <= wakeAt) coming.shift();
    tell(next !== undefined && next.at <= wakeAt ? next.event : { type: "tick", at });
  }
}
