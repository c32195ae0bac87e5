import { heatOf, type Path } from "./path.ts";
import { type PortWatch, portOf, type State } from "./state.ts";

/** How far a port is known to reach now, by the evidence. Ordered: more is better.
 *  none: no carrier. dead: known not to answer. unproven: probed, not answered yet. assumed: carrier is all that can be
 *  known. router: its router answers and nothing beyond it does. whole: everything that can answer does. */
export const standing = { none: 0, dead: 1, unproven: 2, assumed: 3, router: 4, whole: 5 } as const;
export type Standing = (typeof standing)[keyof typeof standing];

/** Where a port stands by the verdicts on its paths. */
export function standingOf(state: State, port: PortWatch): Standing {
  return judged(state, port, isAlive);
}

/** Like standingOf, but a streak of answers over `compareMs` already counts as life: enough to flee to, not to return to.
 *  A port that fell again and again must show it for longer. */
export function refugeOf(state: State, port: PortWatch): Standing {
  const { compareMs, reviveMs } = state.config.tuning;
  const needed = Math.min(reviveMs, compareMs * 2 ** Math.max(0, penaltyNow(port, state) - 1));
  return judged(state, port, (path) => isAlive(path) || (path.answers.count >= 2 && hasLasted(state, path, needed)));
}

function isAlive(path: Path): boolean {
  return path.health === "alive";
}

function hasLasted(state: State, path: Path, ms: number): boolean {
  return state.now - path.answers.since >= ms;
}

function judged(state: State, port: PortWatch, lives: (path: Path) => boolean): Standing {
  if (!port.carrier) return standing.none;
  const paths = state.paths.filter((path) => path.port === port.name);
  if (paths.length === 0 || isUnprobed(state, port)) return standing.assumed;
  const router = paths.find((path) => !path.far);
  const far = paths.filter((path) => path.far && tells(state, path));
  // A router that fell silent is outvoted only by a far answer to a probe sent after it did.
  const silentSince = router === undefined || lives(router) ? Number.NEGATIVE_INFINITY : silenceOf(router);
  if (far.some((path) => lives(path) && path.aliveAsOf >= silentSince)) return standing.whole;
  const farIsDead = far.length > 0 && far.every((path) => path.health === "dead" || path.health === "silent");
  if (router === undefined) return farIsDead ? standing.dead : standing.unproven;
  if (lives(router)) return farIsDead ? standing.router : standing.whole;
  if (router.health === "unknown") return standing.unproven;
  // Where nothing ever answered anywhere, silence is no evidence.
  return router.health === "dead" || state.paths.some((path) => hasAnswered(path)) ? standing.dead : standing.unproven;
}

function silenceOf(router: Path): number {
  return router.run.losses > 0 ? router.run.since : router.answers.since;
}

/** A far target that never answered here says something only if it answers elsewhere. */
function tells(state: State, path: Path): boolean {
  if (path.health === "alive" || path.health === "dead") return true;
  return state.paths.some((other) => other.far && other.target === path.target && other.health === "alive");
}

function hasAnswered(path: Path): boolean {
  return path.health === "alive" || path.health === "dead";
}

/** A standby that can't be probed: carrier is all there is. */
export function isUnprobed(state: State, port: PortWatch): boolean {
  return port.probes === "while-active" && port.name !== state.active;
}

/** Has this port answered a probe sent at or after `since`, beyond its router (and more than once) if it must? A port that isn't probed is
 *  taken by its carrier. */
export function isFresh(state: State, port: PortWatch, since: number, reach: "router" | "far"): boolean {
  if (standingOf(state, port) === standing.assumed) return true;
  return state.paths.some(
    (path) =>
      path.port === port.name &&
      (reach === "router" || (path.far && path.answers.count > 1)) &&
      path.aliveAsOf >= since,
  );
}

/** Is a port losing right now what it used to answer: more than once in a row? */
export function isLosing(state: State, port: PortWatch, reach: "router" | "far"): boolean {
  return state.paths.some((path) => path.port === port.name && path.far === (reach === "far") && path.run.losses > 1);
}

/** Has a port just shared in a trouble, or shown one of its own? Then a first answer isn't enough: it must answer until that
 *  is no longer likely, and the active port, asked at the same pace, has had a fair chance to answer too. */
export function isHot(state: State, port: PortWatch, reach: "router" | "far"): boolean {
  if (isUnprobed(state, port)) return false;
  const asked = state.paths.filter((path) => path.port === port.name && path.health !== "silent");
  const router = asked.find((path) => !path.far);
  const far = asked.filter((path) => path.far);
  const isFarHot = far.length > 0 && far.every((path) => isWarm(state, path));
  if (reach === "router") return router === undefined ? isFarHot : isWarm(state, router);
  // What lies beyond a router that failed a moment ago may answer now and not in a second.
  const isRouterHot =
    router !== undefined && isWarm(state, router) && state.now - router.heat.since < state.config.tuning.dwellMs;
  return isFarHot || isRouterHot;
}

function isWarm(state: State, path: Path): boolean {
  if (path.run.losses > 1) return true;
  // Slowly probed it takes long to cool: answers without a gap for so long do as well.
  const isBack = path.answers.count > 1 && hasLasted(state, path, state.config.tuning.reviveMs);
  return !isBack && heatOf(path, state.config.tuning) >= WARM;
}

/** A quarter of a death: two losses a moment ago on a clean line. */
export const WARM = 0.25;

/** The usual loss of a port's router path (or the best of its far paths), 0–1. */
export function lossOf(state: State, port: PortWatch): number {
  let far = 1;
  for (const path of state.paths) {
    if (path.port !== port.name || !hasAnswered(path)) continue;
    if (!path.far) return path.loss;
    far = Math.min(far, path.loss);
  }
  return state.paths.some((path) => path.port === port.name && hasAnswered(path)) ? far : 0;
}

/** Incidents not yet forgotten. */
export function penaltyNow(port: PortWatch, state: State): number {
  if (port.penalty === 0) return 0;
  return port.penalty * 0.5 ** ((state.now - port.penaltyAt) / state.config.tuning.penaltyHalfLifeMs);
}

/** How long a dead path of this port must answer before it counts as alive, ms. */
export function reviveMsOf(state: State, port: PortWatch): number {
  const { reviveMs, longestReviveMs } = state.config.tuning;
  return Math.min(longestReviveMs, reviveMs * 2 ** Math.max(0, penaltyNow(port, state) - 1));
}

/** Does the active port fail right now, by losses still going on? `reach` says which of its paths must. */
export function failingSince(state: State, evidence: number, reach: "router" | "far"): number | undefined {
  let since: number | undefined;
  for (const path of state.paths) {
    if (path.port !== state.active || (reach === "far") !== path.far) continue;
    if (path.far && !tells(state, path)) continue;
    if (path.run.evidence < evidence) return undefined;
    since = Math.min(since ?? path.run.since, path.run.since);
  }
  if (since !== undefined || reach === "far") return since;
  return portOf(state, state.active) === undefined ? undefined : failingSince(state, evidence, "far");
}
