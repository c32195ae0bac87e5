import type { Effect } from "../effect.ts";
import type { Event } from "../event.ts";
import { answered } from "../path.ts";
import { refugeOf, standing, standingOf } from "../standing.ts";
import { portOf, type State } from "../state.ts";

/** What a step did that a brain must never do; undefined if it did nothing of the kind. */
export function offence(before: State, event: Event, after: State, effects: readonly Effect[]): string | undefined {
  const moves = effects.filter((effect) => effect.do === "set-active");
  if (moves.length > 1) return "two moves in one step";
  return offenceInOrder(effects) ?? offenceInMove(before, event, after, effects) ?? offenceInSize(after);
}

function offenceInOrder(effects: readonly Effect[]): string | undefined {
  const move = effects.findIndex((effect) => effect.do === "set-active");
  const record = effects.findIndex((effect) => effect.do === "record" && effect.event.what === "moved");
  if (move >= 0 && (record < 0 || record > move)) return "a move without its record before it";
  if (move < 0 && record >= 0) return "a record of a move that wasn't made";
  const [wakes, last] = [effects.filter((effect) => effect.do === "wake").length, effects.at(-1)];
  if (wakes > 1 || (wakes === 1 && last?.do !== "wake")) return "more to do after the wake";
  return undefined;
}

function offenceInMove(before: State, event: Event, after: State, effects: readonly Effect[]): string | undefined {
  const move = effects.find((effect) => effect.do === "set-active");
  if (move?.do !== "set-active") return undefined;
  // A refusal tells where traffic is, and that is what the move leaves.
  const left = recordedFrom(effects) ?? before.active;
  const [to, from] = [portOf(after, move.port), portOf(after, left)];
  if (to === undefined || !to.carrier) return `a move to ${move.port}, which has no carrier`;
  if (after.active !== move.port) return "a move the state doesn't know of";
  if (from === undefined || from.name === to.name || move.cause === "operator" || event.type === "kernel-active")
    return undefined;
  // The move itself made the brain forget the streak of answers it went by: see it as it was before.
  const known = withAnswer(before, event);
  const seen = portOf(known, move.port);
  const then = seen === undefined ? standing.none : refugeOf({ ...known, active: left, now: after.now }, seen);
  const reached = Math.max(then, refugeOf({ ...after, active: left }, to));
  const had = standingOf({ ...after, active: left }, from);
  if (had !== standing.none && reached < had && !from.drained) return `a move to a worse port (${had} to ${reached})`;
  return undefined;
}

/** The state with the answer that this step is about. */
function withAnswer(state: State, event: Event): State {
  if (event.type !== "answer") return state;
  const { port, target, id, at } = event;
  const paths = state.paths.map((path) => {
    if (path.port !== port || path.target !== target) return path;
    const after = answered(path, id, at, state.config.tuning);
    return after !== path && path.health !== "dead" ? { ...after, health: "alive" as const } : after;
  });
  return { ...state, paths };
}

function recordedFrom(effects: readonly Effect[]): string | undefined {
  for (const effect of effects) {
    if (effect.do === "record" && effect.event.what === "moved") return effect.event.from;
  }
  return undefined;
}

const MOST_OUTSTANDING = 64;

function offenceInSize(after: State): string | undefined {
  if (after.paths.some((path) => path.outstanding.length > MOST_OUTSTANDING)) return "probes remembered without end";
  if (after.ports.length !== after.config.ports.length) return "ports that nobody declared";
  for (const path of after.paths) {
    const numbers = [path.loss, path.recentLoss, path.rtt.smooth, path.rtt.deviation, path.run.evidence];
    if (!numbers.every(Number.isFinite)) return `a number out of all bounds on ${path.port} to ${path.target}`;
    if (path.loss < 0 || path.loss > 1) return "a loss that isn't a share";
  }
  if (Number.isNaN(after.wakeAt) || (after.phase === "running" && after.wakeAt <= after.now - 1))
    return "a wake that never comes";
  return undefined;
}
