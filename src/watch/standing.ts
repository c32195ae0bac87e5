import { heatOf, type Path } from "./path.ts";
import { type PortWatch, portOf, type State } from "./state.ts";

/** How far a port is known to reach now, by the evidence. Ordered: more is better.
 *  none: no carrier. dead: known not to answer. unproven: probed, not answered yet. assumed: carrier is all that can be
 *  known. router: its router answers and nothing beyond it does. whole: everything that can answer does. */
export const standing = { none: 0, dead: 1, unproven: 2, assumed: 3, router: 4, whole: 5 } as const;
export type Standing = (typeof standing)[keyof typeof standing];

/** Where a port stands by the verdicts on its paths. */
export function standingOf(state: State, port: PortWatch): Standing {
  return judged(state, port, Number.POSITIVE_INFINITY);
}

/** Like standingOf, but a streak of answers over `compareMs` already counts as life: enough to flee to, not to return to.
 *  A port that fell again and again must show it for longer. */
export function refugeOf(state: State, port: PortWatch): Standing {
  const { compareMs, reviveMs } = state.config.tuning;
  const needed = Math.min(reviveMs, compareMs * 2 ** Math.max(0, penaltyNow(port, state) - 1));
  return judged(state, port, needed);
}

/** By its verdict, or by a streak of answers that has lasted for so long, ms. */
function lives(state: State, path: Path, streakMs: number): boolean {
  return path.health === "alive" || (path.answers.count >= 2 && hasLasted(state, path, streakMs));
}

function hasLasted(state: State, path: Path, ms: number): boolean {
  return state.now - path.answers.since >= ms;
}

function judged(state: State, port: PortWatch, streakMs: number): Standing {
  if (!isLinked(port)) return standing.none;
  if ((port.probes === "unfit" || port.unheard) && port.name !== state.active) return standing.dead;
  if (isUnprobed(state, port)) return standing.assumed;
  let isProbed = false;
  let router: Path | undefined;
  for (const path of state.paths) {
    if (path.port !== port.name) continue;
    isProbed = true;
    if (!path.far) router ??= path;
  }
  if (!isProbed) return standing.assumed;
  // A router that fell silent is outvoted only by a far answer to a probe sent after it did.
  const silentSince =
    router === undefined || lives(state, router, streakMs) ? Number.NEGATIVE_INFINITY : silenceOf(router);
  let hasFar = false;
  let farIsDead = true;
  for (const path of state.paths) {
    if (!path.far || path.port !== port.name || !tells(state, path)) continue;
    if (lives(state, path, streakMs) && path.aliveAsOf >= silentSince) return standing.whole;
    hasFar = true;
    farIsDead &&= path.health === "dead" || path.health === "silent";
  }
  farIsDead &&= hasFar;
  if (router === undefined) return farIsDead ? standing.dead : standing.unproven;
  if (lives(state, router, streakMs)) return farIsDead ? standing.router : standing.whole;
  if (router.health === "unknown") return standing.unproven;
  // Where nothing ever answered anywhere, silence is no evidence.
  return router.health === "dead" || state.paths.some(hasAnswered) ? standing.dead : standing.unproven;
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
  return port.probes !== "always" && port.name !== state.active;
}

/** Has it a carrier and, being a radio, been let in? */
export function isLinked(port: PortWatch): boolean {
  return port.carrier && port.joined;
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
  for (const path of state.paths) {
    if (path.port !== port.name || path.far !== (reach === "far") || path.run.losses <= 1) continue;
    if (!isGone(state, path)) return true;
  }
  return false;
}

/** A far target that answers nowhere says nothing of a port through which another one answers: its server is gone. */
export function isGone(state: State, path: Path): boolean {
  if (!path.far || path.health === "alive") return false;
  const alive = state.paths.filter((other) => other.far && other.health === "alive");
  return alive.some(({ port }) => port === path.port) && !alive.some(({ target }) => target === path.target);
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
  let isKnown = false;
  for (const path of state.paths) {
    if (path.port !== port.name || !hasAnswered(path)) continue;
    if (!path.far) return path.loss;
    isKnown = true;
    far = Math.min(far, path.loss);
  }
  return isKnown ? far : 0;
}

/** The usual loss from which a port is one that loses much. A radio's neighbours' bursts are asked about more often
 *  than the quiet between them, and it looks worse than it is. */
export function lossyAtOf({ config: { tuning } }: State, { medium }: PortWatch): number {
  return medium === "radio" ? tuning.radioLossyAt : tuning.lossyAt;
}

/** Incidents not yet forgotten. */
export function penaltyNow(port: PortWatch, state: State): number {
  if (port.penalty === 0) return 0;
  return port.penalty * 0.5 ** ((state.now - port.penaltyAt) / state.config.tuning.penaltyHalfLifeMs);
}

/** Stays in vain not yet forgotten. */
export function vainStaysNow(port: PortWatch, state: State): number {
  return Math.max(0, port.vainStays - (state.now - port.vainAt) / state.config.tuning.vainStayMs);
}

/** How long a dead path of this port must answer before it counts as alive, ms. */
export function reviveMsOf(state: State, port: PortWatch): number {
  const { reviveMs, longestReviveMs } = state.config.tuning;
  return Math.min(longestReviveMs, reviveMs * 2 ** Math.max(0, penaltyNow(port, state) - 1));
}

/** Does the active port fail right now, by losses still going on? `reach` says which of its paths must. */
export function failingSince(state: State, evidence: number, reach: "router" | "far"): number | undefined {
  const failing: Path[] = [];
  for (const path of state.paths) {
    if (path.port !== state.active || (reach === "far") !== path.far) continue;
    if (path.far && !tells(state, path)) continue;
    if (path.run.evidence < evidence) return undefined;
    failing.push(path);
  }
  if (failing.length > 0 || reach === "far") return firstLoss(failing);
  return portOf(state, state.active) === undefined ? undefined : failingSince(state, evidence, "far");
}

/** When the first of the losses going on now was sent after which nothing answered any more: a target that died hours ago began nothing. */
export function firstLoss(paths: readonly Path[]): number | undefined {
  const losing = paths.filter(({ run }) => run.losses > 0);
  if (losing.length === 0) return undefined;
  const answered = Math.max(...paths.map(({ aliveAsOf }) => aliveAsOf));
  const since = Math.min(...losing.map(({ run }) => run.since).filter((at) => at >= answered));
  return since === Number.POSITIVE_INFINITY ? answered : since;
}
