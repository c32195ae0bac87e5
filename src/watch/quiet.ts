import { homeAt } from "./decide.ts";
import type { Effect } from "./effect.ts";
import type { Event } from "./event.ts";
import { LUKEWARM, probe, REVIEW_MS, wakeAfter } from "./pace.ts";
import { answered, hasExpired, heatOf, type Path } from "./path.ts";
import { isUnprobed, reviveMsOf, standing, standingOf } from "./standing.ts";
import { type PortWatch, portWith, type State, stateWith, withPort, withPulse } from "./state.ts";

type Step = readonly [State, readonly Effect[]];

/** The short way for nearly every step of a brain's life: while nothing is lost, an answer or a probe due changes one path
 *  and no verdict. undefined: this event needs thought. */
export function quietly(state: State, event: Event): Step | undefined {
  if (event.type === "answer") {
    if (!isCalmAt(state, event.at)) return undefined;
    return quietAnswer(state, event.port, event.target, event.id, event.at);
  }
  if ((event.type !== "tick" && event.type !== "heard") || !isQuietAt(state, event.at)) return undefined;
  if (event.type === "heard") return [quietlyHeard(state, event.port, event.at), nothing];
  const effects: Effect[] = [];
  return [probe(state, Math.max(state.now, event.at), state, effects), effects];
}

/** Does a tick at this moment (monotonic ms) decide nothing, whatever may have happened meanwhile? */
export function isQuietAt(state: State, at: number): boolean {
  if (!isCalmAt(state, at)) return false;
  for (const path of state.paths) if (hasExpired(path, at)) return false;
  return true;
}

function isCalmAt({ quietUntil, wakeAt, config }: State, at: number): boolean {
  return at < quietUntil && at < wakeAt + config.tuning.latenessMs;
}

/** A router that speaks all the time says nothing new while no probe is lost: it is only remembered when it did. */
function quietlyHeard(state: State, port: string, at: number): State {
  const now = Math.max(state.now, at);
  return withPort(stateWith(state, { now }), port, (one) => portWith(one, { heardAt: now }));
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
  const soonest = Math.min(...deadlines(state));
  return soonest === Number.POSITIVE_INFINITY ? soonest : Math.max(soonest, state.now + REVIEW_MS);
}

/** When time alone may decide something. What lies behind was thought of just now, and came to nothing for another reason. */
function deadlines(state: State): readonly number[] {
  const { now, config } = state;
  const times = [state.graceUntil, state.learnUntil, state.movedAt + config.tuning.dwellMs];
  const places = state.ports.map((port) => port.name);
  const ahead = places.slice(0, Math.max(0, places.indexOf(state.active)));
  for (const port of state.ports) {
    times.push(port.shunnedUntil);
    if (!hasLife(state, port)) continue;
    if (!port.counted) times.push(port.calmSince + Math.min(reviveMsOf(state, port), config.tuning.reviveMs));
    if (ahead.includes(port.name) && config.reselect === "when-calm") times.push(soonestHome(state, port));
  }
  const later = times.filter((at) => at > now);
  return isUnsettled(state) ? [...later, now] : later;
}

/** Is there something whose time can't be told? */
function isUnsettled(state: State): boolean {
  if (state.redundancy === undefined || state.lossySince !== undefined) return true;
  if (state.order.kind !== "auto" && !(state.order.kind === "pin" && state.order.port === state.active)) return true;
  return state.paths.some((path) => path.loss >= state.config.tuning.lossyAt / 2);
}

/** Dead and cut off, a port needs an event for anything to happen to it. */
function hasLife(state: State, port: PortWatch): boolean {
  return port.carrier && standingOf(state, port) > standing.dead;
}

/** The way home becomes shorter while one waits, by what is forgotten meanwhile: not before this. */
function soonestHome(state: State, port: PortWatch): number {
  const at = homeAt(state, port);
  return at <= state.now ? at : Math.max(state.now + REVIEW_MS, homeAt(stateWith(state, { now: at }), port));
}

function isSteady(state: State, path: Path): boolean {
  switch (path.health) {
    case "alive":
      return (
        path.run.losses === 0 && path.loss < state.config.tuning.lossyAt && heatOf(path, state.config.tuning) < LUKEWARM
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
