import { decide } from "./decide.ts";
import type { Cause, Effect, Recorded } from "./effect.ts";
import type { Event } from "./event.ts";
import { judge, withIncident } from "./judge.ts";
import {
  moved,
  onBack,
  onCarrier,
  onGap,
  onGone,
  onHearing,
  onKernelActive,
  onRadio,
  onRefused,
  watchFlapping,
} from "./on-link.ts";
import { afterOrder, farewell, onConfig, onDrain, onDrift, onOrder, warn } from "./on-order.ts";
import { watchOutage } from "./outage.ts";
import { paces, probe } from "./pace.ts";
import { allowed, answered, expired, type Path, unsent } from "./path.ts";
import { quietly, quietUntil } from "./quiet.ts";
import { discount, watchRedundancy } from "./redundancy.ts";
import { type Note, portOf, portWith, type State, stateWith, withPort, withPulse } from "./state.ts";

/** The brain: what happened goes in, what to do comes out, in the order in which to do it. Records come before the
 *  acts they announce, so that a crash always leaves evidence. Total: an event about an unknown port changes nothing. */
export function step(before: State, event: Event): readonly [State, readonly Effect[]] {
  if (before.phase === "stopped") return [before, []];
  return quietly(before, event) ?? thoughtfully(before, event);
}

function thoughtfully(before: State, event: Event): readonly [State, readonly Effect[]] {
  const effects: Effect[] = [];
  const note = (recorded: Recorded): void => void effects.push({ do: "record", event: recorded });
  let state = afterDelay(withPaths(before, Math.max(before.now, event.at), before.paths), before.now, note);
  if (state.phase === "new") {
    note({ what: "started", active: state.active });
    // Or a port without one would seem to be silent for another reason.
    for (const port of state.ports) if (!port.carrier) note({ what: "carrier", port: port.name, up: false });
    effects.push({ do: "set-primary", port: undefined });
  }
  state = takeIn(state, event, note, effects);
  if (event.type === "stop") {
    const last = farewell(state, note);
    return [stateWith(state, { phase: "stopped" }), [...effects, ...last]];
  }
  state = judge(withExpired(state), note);
  state = watchOutage(watchRedundancy(watchFlapping(state, note), note), note);
  state = warn(afterOrder(act(state, note, effects), note), note);
  // A brain that is new has no wake to rely on.
  if (state.phase === "new") state = stateWith(state, { phase: "running", wakeAt: Number.NEGATIVE_INFINITY });
  return [probe(state, state.now, { quietUntil: quietUntil(state), paced: paces(state) }, effects), effects];
}

function withPaths(state: State, now: number, paths: readonly Path[]): State {
  const { seed, nextId, wakeAt, paced } = state;
  return withPulse(state, { now, paths, seed, nextId, wakeAt, quietUntil: state.quietUntil, paced });
}

function withExpired(state: State): State {
  const { now, config } = state;
  let { paths } = state;
  for (let index = 0; index < paths.length; index++) {
    const path = paths[index] as Path;
    const next = expired(path, now, config.tuning);
    if (next !== path) paths = paths.with(index, next);
  }
  return paths === state.paths ? state : withPaths(state, now, paths);
}

/** Enough to read what has piled up. */
const READING_MS = 50;

/** Woken late, the process (or the host) stood still: for a moment, and answers lie unread; or for long. */
function afterDelay(state: State, last: number, note: Note): State {
  const { gapMs, latenessMs } = state.config.tuning;
  const late = state.now - state.wakeAt;
  if (late < latenessMs || state.phase === "new") return state;
  if (late >= gapMs) return onGap(state, state.now - last, note);
  return stateWith(state, { paths: state.paths.map((path) => allowed(path, state.now + Math.min(late, READING_MS))) });
}

function takeIn(state: State, event: Event, note: Note, effects: Effect[]): State {
  switch (event.type) {
    case "tick":
    case "stop":
      return state;
    case "carrier":
      return onCarrier(state, event.port, event.up, note);
    case "hearing":
      return onHearing(state, event, note);
    case "radio":
      return onRadio(state, event, note);
    case "port-gone":
      return onGone(state, event.port, note);
    case "port-back":
      return onBack(state, event.port, note);
    case "kernel-active":
      return onKernelActive(state, event.port, note);
    case "refused":
      return onRefused(state, event.port, event.active, note);
    case "answer":
      return onAnswer(state, event.port, event.target, event.id, event.at);
    case "unsent":
      return withPaths(
        state,
        state.now,
        state.paths.map((path) =>
          path.port === event.port && path.target === event.target ? unsent(path, event.id) : path,
        ),
      );
    case "heard":
      return withPort(state, event.port, (port) => portWith(port, { heardAt: state.now }));
    case "pin":
      return onOrder(state, { kind: "pin", port: event.port, obeyed: false }, note);
    case "auto":
    case "reselect-now":
      return onOrder(state, { kind: event.type }, note);
    case "drain":
    case "undrain":
      return onDrain(state, event.port, event.type, note);
    case "suspended":
      return onGap(state, event.gapMs, note);
    case "config":
      return onConfig(state, event.config, note);
    case "drift":
      return onDrift(state, event.option, event.value, note, effects);
  }
}

function onAnswer(state: State, port: string, target: string, id: number, at: number): State {
  const index = state.paths.findIndex((path) => path.port === port && path.target === target);
  const path = state.paths[index];
  if (path === undefined) return state;
  const after = answered(path, id, at, state.config.tuning);
  return after === path ? state : withPaths(state, state.now, state.paths.with(index, after));
}

function act(state: State, note: Note, effects: Effect[]): State {
  const move = decide(state);
  if (move === undefined) return state;
  const { to, cause, evidence } = move;
  const before = isToBlame(state, cause) ? withBlame(state, note) : state;
  note({ what: "moved", from: state.active, to, cause, noticedAfterMs: state.now - move.since, evidence });
  effects.push({ do: "set-active", port: to, cause }, { do: "refresh", port: to });
  return moved(before, to);
}

/** Dead or cut off, a port has been punished already; left for its losses it is now, and so is one that never answered while
 *  it was used, and of which nothing but its carrier will be known again. */
function isToBlame(state: State, cause: Cause): boolean {
  const left = portOf(state, state.active);
  const wasBlind = left !== undefined && left.probes !== "always";
  return cause === "lossy" || (cause === "path-dead" && wasBlind && left.penaltyAt < state.now);
}

function withBlame(state: State, note: Note): State {
  const blamed = withPort(state, state.active, (port) => portWith(withIncident(state, port), { calmSince: state.now }));
  return discount(blamed, state.active, note);
}
