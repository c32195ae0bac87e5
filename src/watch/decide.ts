import { gradeOf, isFresh, lossOf, refugeGrade, runSince } from "./grade.ts";
import type { Cause, PortWatch, State } from "./state.ts";

export interface Move {
  readonly to: string;
  readonly cause: Cause;
  readonly evidence: string;
  /** From when the trouble is known to have begun. */
  readonly since: number;
}

/** Where traffic should go instead, and why; undefined: stay. */
export function decide(state: State): Move | undefined {
  const active = state.ports.find((port) => port.name === state.active);
  if (active === undefined) return fleeTo(state, undefined, "none-active", "the bond has no active port", state.now);
  if (!active.carrier) {
    return fleeTo(state, active, "carrier-lost", `${active.name} lost its carrier`, state.now);
  }
  if (state.now < state.graceUntil) return undefined;
  if (state.order.kind === "pin") return obey(state, active, state.order.port);
  return emergency(state, active) ?? leaveDrained(state, active) ?? leaveLossy(state, active) ?? goHome(state, active);
}

/** The best other port with a carrier. Without a carrier of its own the active port is no better than anything. */
function fleeTo(
  state: State,
  from: PortWatch | undefined,
  cause: Cause,
  evidence: string,
  since: number,
): Move | undefined {
  const best = ranked(state, from).find((port) => port.carrier);
  return best && { to: best.name, cause, evidence, since };
}

/** Another port shows life where the active one shows none: the only evidence that counts. */
function emergency(state: State, active: PortWatch): Move | undefined {
  const mine = gradeOf(state, active);
  if (mine === 3) return undefined;
  const since = runSince(state, active.name) ?? state.now;
  const better = ranked(state, active).find(
    (port) => port.carrier && refugeGrade(state, port) > mine && isFresh(state, port, since),
  );
  if (better === undefined) return undefined;
  const cause = mine === 2 ? "uplink-dead" : "path-dead";
  return { to: better.name, cause, evidence: comparison(state, active, better), since };
}

function comparison(state: State, active: PortWatch, better: PortWatch): string {
  const lost = state.paths.filter((path) => path.port === active.name && path.health === "dead");
  const words = lost.map((path) => `${path.target} lost ${path.run.losses} in a row through ${active.name}`);
  return `${words.join(", ") || `nothing answers through ${active.name}`}; answers through ${better.name}`;
}

function leaveDrained(state: State, active: PortWatch): Move | undefined {
  if (!state.drained.includes(active.name)) return undefined;
  const mine = gradeOf(state, active);
  const other = ranked(state, active).find(
    (port) => !state.drained.includes(port.name) && gradeOf(state, port) >= mine,
  );
  return other && { to: other.name, cause: "drained", evidence: `${active.name} is drained`, since: state.now };
}

function leaveLossy(state: State, active: PortWatch): Move | undefined {
  const { tuning } = state.config;
  if (state.lossySince === undefined || state.now - state.lossySince < tuning.lossyForMs) return undefined;
  if (state.now - state.movedAt < tuning.dwellMs) return undefined;
  const better = lessLossy(state, active);
  if (better === undefined) return undefined;
  const share = (port: PortWatch): string => `${Math.round(lossOf(state, port) * 100)} %`;
  const evidence = `${active.name} loses ${share(active)} of its probes, ${better.name} ${share(better)}`;
  return { to: better.name, cause: "lossy", evidence, since: state.lossySince };
}

/** A usable port that loses less than a third of what the active one loses. */
export function lessLossy(state: State, active: PortWatch): PortWatch | undefined {
  const mine = lossOf(state, active);
  if (mine < state.config.tuning.lossyAt) return undefined;
  const grade = gradeOf(state, active);
  return ranked(state, active).find((port) => gradeOf(state, port) >= grade && lossOf(state, port) < mine / 3);
}

/** Back to a port that stands before the active one in preference, once it has been calm for long enough. */
function goHome(state: State, active: PortWatch): Move | undefined {
  if (state.config.reselect === "never") return undefined;
  const { tuning } = state.config;
  if (state.now - state.movedAt < tuning.dwellMs) return undefined;
  const mine = gradeOf(state, active);
  for (const port of state.ports) {
    if (port.name === active.name) return undefined;
    const isWelcome = gradeOf(state, port) >= mine && !state.drained.includes(port.name);
    if (isWelcome && lossOf(state, port) < tuning.lossyAt && isCalm(state, port)) {
      const evidence = `${port.name} has answered without a gap for ${Math.round((state.now - port.calmSince) / 1000)} s`;
      return { to: port.name, cause: "reselect", evidence, since: state.now };
    }
  }
  return undefined;
}

function isCalm(state: State, port: PortWatch): boolean {
  const { tuning } = state.config;
  const factor = 2 ** Math.max(0, penaltyNow(port, state) - 1);
  const needed = Math.min(tuning.longestCalmMs, tuning.calmMs * factor);
  return state.now - port.calmSince >= needed;
}

/** Incidents not yet forgotten. */
export function penaltyNow(port: PortWatch, state: State): number {
  return port.penalty * 0.5 ** ((state.now - port.penaltyAt) / state.config.tuning.penaltyHalfLifeMs);
}

/** A pinned port keeps the traffic unless it has no carrier (that is fleeTo's case: never strand the host). */
function obey(state: State, active: PortWatch, pinned: string): Move | undefined {
  const port = state.ports.find((one) => one.name === pinned);
  if (port === undefined || port.name === active.name || !port.carrier) return undefined;
  return { to: pinned, cause: "operator", evidence: `${pinned} is pinned`, since: state.now };
}

/** Every other port, the best first: by what it can do, not drained, not metered, by loss class, then by preference. */
function ranked(state: State, except: PortWatch | undefined): readonly PortWatch[] {
  const key = (port: PortWatch): number => {
    const watched = state.config.ports.find((one) => one.name === port.name);
    const grade = refugeGrade(state, port) * 1000;
    const drained = state.drained.includes(port.name) ? -400 : 0;
    const metered = watched?.metered === true ? -200 : 0;
    const lossy = lossOf(state, port) >= state.config.tuning.lossyAt ? -100 : 0;
    return grade + drained + metered + lossy;
  };
  return state.ports.filter((port) => port !== except).toSorted((a, b) => key(b) - key(a));
}
