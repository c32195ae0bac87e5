import type { Cause } from "./effect.ts";
import { heatOf, isSaturated, type Path } from "./path.ts";
import {
  failingSince,
  isFresh,
  isHot,
  isLosing,
  isUnprobed,
  lossOf,
  lossyAtOf,
  penaltyNow,
  refugeOf,
  reviveMsOf,
  standing,
  standingOf,
  vainStaysNow,
  WARM,
} from "./standing.ts";
import { type PortWatch, portOf, type State } from "./state.ts";

/** A change of the active port, and why. */
export interface Move {
  readonly to: string;
  readonly cause: Cause;
  readonly evidence: string;
  /** From when the trouble is known to have begun. */
  readonly since: number;
}

/** Where traffic should go instead, and why; undefined: stay. */
export function decide(state: State): Move | undefined {
  const active = portOf(state, state.active);
  if (active === undefined) {
    // A port nobody told us of carries traffic: somebody's will, and no reason to act.
    return state.active === "" ? flee(state, undefined, "none-active", "the bond has no active port") : undefined;
  }
  if (!active.carrier) return flee(state, active, "carrier-lost", `${active.name} has no carrier`);
  if (state.now < state.graceUntil) return undefined;
  if (state.order.kind === "pin") return obey(state, active, state.order);
  return (
    emergency(state, active) ??
    leaveDrained(state, active) ??
    leaveUnsteady(state, active) ??
    leaveLossy(state, active) ??
    goHome(state, active)
  );
}

/** The best other port with a carrier. Without a carrier of its own the active port is no better than anything. */
function flee(state: State, from: PortWatch | undefined, cause: Cause, evidence: string): Move | undefined {
  const best = ranked(state, from).find((port) => port.carrier);
  return best && { to: best.name, cause, evidence, since: state.now };
}

/** Another port shows life where the active one shows none, now: the only evidence that counts. */
function emergency(state: State, active: PortWatch): Move | undefined {
  const mine = standingOf(state, active);
  if (mine !== standing.dead && mine !== standing.router) return undefined;
  const { deathEvidence, caution, dwellMs, mostVainStays } = state.config.tuning;
  // Soon after a move a mistake would be the beginning of a ping-pong: then it takes more.
  const evidence = state.now - state.movedAt < dwellMs ? deathEvidence * caution : deathEvidence;
  const reach = mine === standing.router ? "far" : "router";
  const since = failingSince(state, evidence, reach);
  if (since === undefined) return undefined;
  const least = mine === standing.router ? standing.whole : standing.assumed;
  const better = bestWhere(
    state,
    active,
    (port) =>
      refugeOf(state, port) >= least &&
      vainStaysNow(port, state) <= mostVainStays - 1 &&
      isFresh(state, port, since, reach) &&
      !isHot(state, port, reach) &&
      !(reach === "far" && isRouterDead(state, port)) &&
      (mine === standing.dead || !port.drained || active.drained),
  );
  if (better === undefined) return undefined;
  const cause = mine === standing.router ? "uplink-dead" : "path-dead";
  return { to: better.name, cause, evidence: comparison(state, active, better), since };
}

/** The LAN works here: a port whose router fails isn't better, whatever was heard through it a moment ago. */
function isRouterDead(state: State, port: PortWatch): boolean {
  return state.paths.some((path) => path.port === port.name && !path.far && path.health === "dead");
}

function comparison(state: State, active: PortWatch, better: PortWatch): string {
  const lost = state.paths.filter((path) => path.port === active.name && path.run.losses > 0);
  const words = lost.map((path) => `${path.target} lost ${path.run.losses} in a row through ${active.name}`);
  const here = words.join(", ") || `nothing answers through ${active.name}`;
  const assumed = standingOf(state, better) === standing.assumed;
  return assumed
    ? `${here}; ${better.name} has carrier and can't be probed`
    : `${here}; answers through ${better.name}`;
}

function leaveDrained(state: State, active: PortWatch): Move | undefined {
  if (!active.drained) return undefined;
  // There is no hurry: a port that fails off and on would draw the traffic to and fro.
  const isFit = (port: PortWatch): boolean =>
    standingOf(state, port) >= standing.assumed &&
    (isUnprobed(state, port) ? port.penalty === 0 || state.now >= homeAt(state, port) : isCalm(state, port));
  const other = ranked(state, active).find((port) => !port.drained && isFit(port));
  return other && { to: other.name, cause: "drained", evidence: `${active.name} is drained`, since: state.now };
}

/** A path that comes and goes faster than it can die, seen by what it has lost of late: for a port that answered meanwhile. */
function leaveUnsteady(state: State, active: PortWatch): Move | undefined {
  const { tuning } = state.config;
  // Soon after a move it would take twice what can be had: the slow judgement of loss stands.
  if (state.now - state.movedAt < tuning.dwellMs) return undefined;
  // A server beyond the router that limits its answers comes and goes as well, and nothing is wrong with the line.
  const path = state.paths.find((one) => one.port === active.name && !one.far && isUnsteady(state, one, active));
  if (path === undefined) return undefined;
  const { since } = path.heat;
  const least = standingOf(state, active);
  const better = ranked(state, active).find(
    (port) => standingOf(state, port) >= least && isSteadier(state, port, path),
  );
  if (better === undefined) return undefined;
  const span = Math.round(state.now - since);
  const evidence = `${path.target} comes and goes through ${active.name} for ${span} ms; answers through ${better.name}`;
  return { to: better.name, cause: "lossy", evidence, since };
}

/** Less than a death needs: that another port answers all the while is the rest of the evidence. With 2 % lost as a rule it is
 *  reached once in half a year. */
const UNSTEADY = 0.8;

function isUnsteady(state: State, path: Path, port: PortWatch): boolean {
  const { tuning } = state.config;
  if (path.health !== "alive" || heatOf(path, tuning) < UNSTEADY || isSaturated(path)) return false;
  // Pauses, and minutes in which a neighbour speaks, leave heat behind; it is cold again by then, if only for a moment.
  return port.medium !== "radio" || state.now - path.heat.since >= tuning.radioUnsteadyMs;
}

/** Reaches as far, can be probed, and has answered all the while. */
function isSteadier(state: State, port: PortWatch, than: Path): boolean {
  if (port.drained || isUnprobed(state, port) || standingOf(state, port) < standing.router) return false;
  return state.paths.some(
    (path) =>
      path.port === port.name &&
      !path.far &&
      path.health === "alive" &&
      path.run.losses === 0 &&
      path.aliveAsOf > than.heat.since &&
      path.recentLoss < than.recentLoss / 4 &&
      heatOf(path, state.config.tuning) < WARM,
  );
}

/** Without trouble for as long as it takes to believe in a path again. */
function isCalm(state: State, port: PortWatch): boolean {
  return state.now - port.calmSince >= state.config.tuning.reviveMs && !isHot(state, port, "far");
}

function leaveLossy(state: State, active: PortWatch): Move | undefined {
  const { lossyForMs, dwellMs } = state.config.tuning;
  const lossyAt = lossyAtOf(state, active);
  if (state.lossySince === undefined || state.now - state.movedAt < dwellMs) return undefined;
  // Half of everything lost needs no ten seconds of thought.
  const patienceMs = lossyForMs * Math.min(1, Math.max(0.2, lossyAt / lossOf(state, active)));
  if (state.now - state.lossySince < patienceMs) return undefined;
  const better = lessLossy(state, active);
  if (better === undefined) return undefined;
  const share = (port: PortWatch): string => `${Math.round(lossOf(state, port) * 100)} %`;
  const evidence = `${active.name} loses ${share(active)} of its probes, ${better.name} ${share(better)}`;
  return { to: better.name, cause: "lossy", evidence, since: state.lossySince };
}

/** A port that reaches as far and loses less than a third of what the active one loses. */
export function lessLossy(state: State, active: PortWatch): PortWatch | undefined {
  const mine = lossOf(state, active);
  if (mine < lossyAtOf(state, active)) return undefined;
  const least = Math.max(standingOf(state, active), standing.router);
  return bestWhere(
    state,
    active,
    (port) =>
      standingOf(state, port) >= least &&
      (!port.drained || active.drained) &&
      lossOf(state, port) < mine / 3 &&
      !isLosing(state, port, "router"),
  );
}

/** Back to a port that stands before the active one in preference, once it has been calm for long enough. */
function goHome(state: State, active: PortWatch): Move | undefined {
  const isOrdered = state.order.kind === "reselect-now";
  if (state.config.reselect === "never" && !isOrdered && !isLastResort(active)) return undefined;
  if (!isOrdered && state.now - state.movedAt < state.config.tuning.dwellMs) return undefined;
  const mine = Math.max(standingOf(state, active), standing.assumed);
  for (const port of state.ports) {
    if (port.name === active.name) return undefined;
    const isWelcome = standingOf(state, port) >= mine && !port.drained && state.now >= port.shunnedUntil;
    if (!isWelcome || isLosing(state, port, "router")) continue;
    if (isOrdered) return { to: port.name, cause: "operator", evidence: "asked to go back now", since: state.now };
    if (state.now < homeAt(state, port)) continue;
    const evidence = `${port.name} has answered without a gap for ${Math.round((state.now - port.calmSince) / 1000)} s`;
    return { to: port.name, cause: "reselect", evidence, since: state.now };
  }
  return undefined;
}

/** A drained port is held only while there is no other: leaving it isn't a matter of taste. */
function isLastResort(active: PortWatch): boolean {
  return active.drained;
}

/** When traffic may return to a port if it stays calm until then, monotonic ms. */
export function homeAt(state: State, port: PortWatch): number {
  const { calmMs, longestCalmMs } = state.config.tuning;
  return port.calmSince + Math.min(longestCalmMs, calmMs * 2 ** Math.max(0, penaltyNow(port, state) - 1));
}

/** A pinned port gets and keeps the traffic as long as it has carrier. Lost for lack of it, it gets it back once it works;
 *  until then the others are ruled as ever. */
function obey(state: State, active: PortWatch, order: { readonly port: string; readonly obeyed: boolean }) {
  const pinned = portOf(state, order.port);
  if (pinned === undefined || pinned.name === active.name) return undefined;
  const works = standingOf(state, pinned) >= standing.assumed && hasSettled(state, pinned);
  if (pinned.carrier && state.now >= pinned.shunnedUntil && (!order.obeyed || works)) {
    const evidence = order.obeyed ? `${pinned.name} is pinned and works again` : `${pinned.name} is pinned`;
    return { to: pinned.name, cause: "operator", evidence, since: state.now } as const;
  }
  return emergency(state, active);
}

function hasSettled(state: State, port: PortWatch): boolean {
  return state.now - Math.max(port.changedAt, port.calmSince) >= reviveMsOf(state, port);
}

/** The best other port that may be taken and is fit. Where none is, as nearly always, nothing is ranked. */
function bestWhere(state: State, except: PortWatch, isFit: (port: PortWatch) => boolean): PortWatch | undefined {
  return state.ports.some((port) => port !== except && isFit(port)) ? ranked(state, except).find(isFit) : undefined;
}

/** Every other port that may be taken, the best first: by what it can do, a drained one last but before a dead one, a lossy
 *  one after its equals, then by preference. */
function ranked(state: State, except: PortWatch | undefined): readonly PortWatch[] {
  const key = (port: PortWatch): number => {
    const refuge = refugeOf(state, port);
    const reach = port.drained ? Math.min(refuge, standing.dead + 0.5) : refuge;
    // A standby that is losing right now is no refuge from anything.
    const doubt = isUnprobed(state, port) || !isLosing(state, port, "router") ? 0 : 0.3;
    return reach - doubt - (lossOf(state, port) >= state.config.tuning.lossyAt ? 0.1 : 0);
  };
  return state.ports
    .filter((port) => port !== except && state.now >= port.shunnedUntil)
    .toSorted((a, b) => key(b) - key(a));
}
