import type { Effect } from "./effect.ts";
import { heatOf, type Path, sent } from "./path.ts";
import { advance, draw } from "./seed.ts";
import { isLinked, isUnprobed, WARM } from "./standing.ts";
import { portOf, type State, withPulse } from "./state.ts";
import { spreadOf, takingTurns, turnAfter } from "./turns.ts";

/** How a path is probed while all is well, ms between probes. */
export function usualPace(state: State, path: Path): number {
  const { tuning } = state.config;
  const isActive = path.port === state.active;
  if (path.far) return isActive ? tuning.farActiveEveryMs * Math.max(1, askedFar(state)) : tuning.farStandbyEveryMs;
  return isActive ? tuning.activeEveryMs : tuning.standbyEveryMs;
}

/** Targets that share the probes beyond the active port's router: all that may answer. */
function askedFar(state: State): number {
  let count = 0;
  for (const path of state.paths) {
    if (path.far && path.port === state.active && (path.health === "alive" || path.health === "unknown")) count++;
  }
  return count;
}

/** Ms between probes of each path now: hurried where something must be known quickly, slow where nothing answers. */
export function paces(state: State): readonly number[] {
  const trouble = troubleOf(state);
  return state.paths.map((path) => {
    const port = portOf(state, path.port);
    if (port === undefined || !isLinked(port) || isUnprobed(state, port)) return Number.POSITIVE_INFINITY;
    return paceOf(state, path, trouble);
  });
}

interface Trouble {
  readonly router: boolean;
  readonly far: boolean;
  readonly isContested: boolean;
}

/** Is the active port in the middle of losing, and does another answer again while it doesn't? */
function troubleOf(state: State): Trouble {
  const { tuning } = state.config;
  const isRecent = (path: Path): boolean => isFailing(state, path) || isWarm(state, path);
  const mine = state.paths.filter((path) => path.port === state.active);
  const isRivalBack = state.paths.some(
    (path) =>
      path.port !== state.active &&
      path.answers.count > 0 &&
      (path.health === "dead" || heatOf(path, tuning) >= WARM) &&
      state.now - path.answers.since < 2 * tuning.longestBurstMs,
  );
  return {
    router: mine.some((path) => !path.far && isRecent(path)),
    far: isUplinkInDoubt(state, mine, isRecent),
    isContested:
      isRivalBack &&
      mine.some((path) => (path.health === "dead" || path.health === "silent") && path.answers.count === 0),
  };
}

/** One server that doesn't answer is no trouble while another does, and hurried it may begin to refuse. Nothing beyond the router
 *  that has answered a probe sent after the first loss: then it may be the uplink. */
function isUplinkInDoubt(state: State, mine: readonly Path[], isRecent: (path: Path) => boolean): boolean {
  const far = mine.filter((path) => path.far && path.health !== "silent");
  const latest = Math.max(...far.map((path) => path.aliveAsOf));
  const isUnheard = far.some((path) => isFailing(state, path) && path.run.since > latest);
  return isUnheard || (far.length > 0 && far.every(isRecent));
}

/** Is it losing in a row? On a line that often loses, only what is rare there: or it would be hurried without end. */
function isFailing(state: State, { run, loss }: Path): boolean {
  const { tuning } = state.config;
  if (run.losses === 0 || state.now - run.since >= tuning.longestBurstMs) return false;
  return loss < tuning.lossyAt || run.evidence >= tuning.deathEvidence * WARM;
}

/** One loss, and not three answers since. */
export const LUKEWARM = 0.05;

/** Did it fail a moment ago? It must be found out whether that goes on: a path that comes and goes answers in between. */
function isWarm(state: State, path: Path): boolean {
  const { tuning } = state.config;
  return heatOf(path, tuning) >= LUKEWARM && state.now - path.heat.since < tuning.longestBurstMs;
}

function paceOf(state: State, path: Path, trouble: Trouble): number {
  const { tuning } = state.config;
  const usual = usualPace(state, path);
  if (path.health === "silent") return patient(usual, state.now - path.probedSince, path, state);
  const isActive = path.port === state.active;
  const isShared = path.far ? trouble.router || trouble.far : trouble.router;
  const hurried = path.far ? tuning.farBurstEveryMs : tuning.burstEveryMs;
  const lostFor = path.run.losses > 0 ? state.now - path.run.since : 0;
  if (trouble.isContested) return hurried;
  if (isShared && path.health !== "unknown" && lostFor < tuning.longestBurstMs) return hurried;
  if (path.health === "dead") return patient(usual, lostFor, path, state);
  if (isRecovering(state, path)) return tuning.activeEveryMs;
  // Half lost, half answered: compare on equal terms before leaving for it.
  if (!isActive && !path.far && state.lossySince !== undefined) return tuning.activeEveryMs;
  if (path.run.losses === 0 || lostFor >= 2 * tuning.longestBurstMs) return usual;
  const alone = path.far && isActive ? Math.max(tuning.slowBurstEveryMs, usual / ALONE) : tuning.slowBurstEveryMs;
  return Math.min(usual, alone);
}

/** A far target that fails while another answers is asked so many times as often: five losses take longer than what a server that
 *  limits its answers needs to have one left. */
const ALONE = 3;

/** Answers in a row after which a line that lost much may have become a good one. */
const STREAK = 10;

/** Traffic waits to return to this port, and all that keeps it away is the loss of earlier: a good line shall unlearn it soon. */
function isRecovering(state: State, path: Path): boolean {
  if (path.far || path.answers.count < STREAK || path.loss < state.config.tuning.lossyAt / 2) return false;
  for (const port of state.ports) {
    if (port.name === state.active) return false;
    if (port.name === path.port) return true;
  }
  return false;
}

function patient(usual: number, sinceMs: number, path: Path, { config, outage }: State): number {
  const { deadEveryMs, farDeadEveryMs, farStandbyEveryMs } = config.tuning;
  // While nothing works, whoever answers first must not be overheard for ten seconds.
  const farSlowest = outage === undefined ? farDeadEveryMs : farStandbyEveryMs;
  const slowest = Math.max(usual, path.far ? farSlowest : deadEveryMs);
  return Math.min(slowest, usual + sinceMs / 8);
}

/** When a path's next probe is due, monotonic ms. */
function dueAt(path: Path, pace: number): number {
  return pace === Number.POSITIVE_INFINITY ? pace : path.sentAt + pace * path.spread;
}

function dueOf({ paced }: Plan, paths: readonly Path[], index: number): number {
  const path = paths[index];
  return path === undefined ? Number.POSITIVE_INFINITY : dueAt(path, paced[index] ?? Number.POSITIVE_INFINITY);
}

/** How it goes on: until when nothing needs thought, and how fast each path is probed (ms; infinite: not at all). */
export interface Plan {
  readonly quietUntil: number;
  readonly paced: readonly number[];
}

/** Sends what is due, and asks to be woken when there is something to look at again. */
export function probe(state: State, now: number, plan: Plan, effects: Effect[]): State {
  let { seed, nextId, paths } = state;
  for (let index = 0; index < state.paths.length; index++) {
    const path = state.paths[index];
    const pace = plan.paced[index];
    if (path === undefined || pace === undefined || dueAt(path, pace) > now) continue;
    const id = nextId++;
    seed = advance(seed);
    const turn = turnAfter(pace, takingTurns(paths, plan.paced, index), (other) => dueOf(plan, paths, other));
    const spread = spreadOf(draw(seed), state.config.tuning.jitter, now, turn);
    paths = paths.with(index, sent(path, id, now, spread, state.config.tuning));
    effects.push({ do: "probe", port: path.port, target: path.target, id });
  }
  const wakeAt = wakeAfter(plan, now, paths);
  if (wakeAt !== state.wakeAt) effects.push({ do: "wake", at: wakeAt });
  return withPulse(state, { now, paths, seed, nextId, wakeAt, quietUntil: plan.quietUntil, paced: plan.paced });
}

/** When to look again: at the next probe, the next expiry, or the next review. */
export function wakeAfter({ quietUntil, paced }: Plan, now: number, paths: readonly Path[]): number {
  let wakeAt = Math.min(quietUntil > now ? quietUntil : now + REVIEW_MS, now + LOOK_MS);
  for (let index = 0; index < paths.length; index++) {
    const path = paths[index];
    if (path === undefined) continue;
    wakeAt = Math.min(wakeAt, dueAt(path, paced[index] ?? Number.POSITIVE_INFINITY));
    for (const one of path.outstanding) if (!one.expired) wakeAt = Math.min(wakeAt, one.expiresAt);
  }
  return Math.max(wakeAt, now + 1);
}

/** Nothing that only time decides is in a greater hurry. */
export const REVIEW_MS = 100;
/** Woken at least so often, so that a stopped clock shows. */
export const LOOK_MS = 1_000;
