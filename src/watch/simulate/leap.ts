import type { Path } from "../path.ts";
import type { State } from "../state.ts";
import type { Wire } from "./world.ts";

/** May a run leap over the time until the next change? Only where nothing is lost and nothing is being decided: there the
 *  brain would do nothing but probe and be answered. */
export function mayLeap(state: State, wires: Iterable<Wire>): boolean {
  if (state.quietUntil !== Number.POSITIVE_INFINITY) return false;
  for (const wire of wires) {
    if (wire.lossOut > 0 || wire.lossIn > 0 || wire.lossBeyond > 0 || wire.heardEveryMs > 0) return false;
  }
  return true;
}

/** The state as if so much time had passed with every probe answered. */
export function leap(state: State, ms: number): State {
  const paths = state.paths.map((path, index) => leapt(path, ms, state.paced[index] ?? 0, state.config.tuning));
  return { ...state, now: state.now + ms, wakeAt: state.wakeAt + ms, paths };
}

function leapt(path: Path, ms: number, pace: number, tuning: State["config"]["tuning"]): Path {
  const answers = pace > 0 && pace < Number.POSITIVE_INFINITY ? ms / pace : 0;
  return {
    ...path,
    sentAt: path.sentAt + ms,
    aliveAsOf: path.aliveAsOf + ms,
    outstanding: path.outstanding.map((one) => ({ ...one, sentAt: one.sentAt + ms, expiresAt: one.expiresAt + ms })),
    loss: path.loss * (1 - tuning.lossWeight) ** answers,
    recentLoss: path.recentLoss * (1 - tuning.recentWeight) ** answers,
  };
}
