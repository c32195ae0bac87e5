import type { Effect } from "./effect.ts";
import type { Event } from "./event.ts";
import { probe, REVIEW_MS, wakeAfter } from "./pace.ts";
import { answered, hasExpired, heatOf, type Path } from "./path.ts";
import { isUnprobed, WARM } from "./standing.ts";
import { type PortWatch, type State, withPulse } from "./state.ts";

type Step = readonly [State, readonly Effect[]];

/** The short way for nearly every step of a brain's life: while nothing is lost, an answer or a probe due changes one path
 *  and no verdict. undefined: this event needs thought. */
export function quietly(state: State, event: Event): Step | undefined {
  if (event.at >= state.quietUntil || event.at >= state.wakeAt + state.config.tuning.latenessMs) return undefined;
  if (event.type === "answer") return quietAnswer(state, event.port, event.target, event.id, event.at);
  if (event.type !== "tick") return undefined;
  for (const path of state.paths) if (hasExpired(path, event.at)) return undefined;
  const effects: Effect[] = [];
  return [probe(state, Math.max(state.now, event.at), state, effects), effects];
}

const nothing: readonly Effect[] = [];

function quietAnswer(state: State, port: string, target: string, id: number, at: number): Step | undefined {
  const index = state.paths.findIndex((path) => path.port === port && path.target === target);
  const path = state.paths[index];
  if (path === undefined) return [state, nothing];
  if (path.health !== "alive") return undefined;
  const after = answered(path, id, at, state.config.tuning);
  if (after === path) return [state, nothing];
  const paths = state.paths.with(index, after);
  const { seed, nextId, paced } = state;
  const now = Math.max(state.now, at);
  const wakeAt = wakeAfter(state, now, paths);
  const heard = withPulse(state, { now, paths, seed, nextId, wakeAt, quietUntil: state.quietUntil, paced });
  return [heard, wakeAt === state.wakeAt ? nothing : [{ do: "wake", at: wakeAt }]];
}

/** Until when only a loss or an event can change anything: for ever if all is as it should be, for a while where time
 *  decides something, not at all where answers or losses are being counted. */
export function quietUntil(state: State): number {
  // The first answer ends an outage: it must not go by unnoticed.
  if (state.outage !== undefined) return Number.NEGATIVE_INFINITY;
  if (!state.paths.every((path) => isSteady(state, path)) || !state.ports.every((port) => isSteadyPort(state, port))) {
    return Number.NEGATIVE_INFINITY;
  }
  const isAtRest =
    state.order.kind === "auto" &&
    state.lossySince === undefined &&
    state.redundancy === state.ports.length &&
    state.active === state.ports[0]?.name;
  return isAtRest ? Number.POSITIVE_INFINITY : state.now + REVIEW_MS;
}

function isSteady(state: State, path: Path): boolean {
  switch (path.health) {
    case "alive":
      return (
        path.run.losses === 0 && path.loss < state.config.tuning.lossyAt && heatOf(path, state.config.tuning) < WARM
      );
    case "dead":
      return path.port !== state.active && path.answers.count === 0;
    case "silent":
      return true;
    case "unknown":
      return state.ports.some((port) => port.name === path.port && isUnprobed(state, port));
  }
}

function isSteadyPort(state: State, port: PortWatch): boolean {
  return (port.carrier || port.name !== state.active) && !port.drained && port.changes === 0;
}
