import { isUnprobed, lossOf, reviveMsOf, type Standing, standing, standingOf } from "./standing.ts";
import { type Note, type PortWatch, portOf, type State, withPort } from "./state.ts";

/** Counts the ports that could carry traffic now, and says so when the number changes: lost at once, regained when the
 *  port has been without trouble for a while, and not before enough is known to count at all. */
export function watchRedundancy(state: State, note: Note): State {
  const stands = state.ports.map((port) => standingOf(state, port));
  const isLearning = state.redundancy === undefined && state.now < state.learnUntil;
  if (isLearning && stands.includes(standing.unproven)) return state;
  // Where another port is still losing too, this may be the group's trouble: wait for the verdict.
  if (state.ports.some((port) => port.counted && isInDoubt(state, port))) return state;
  const held = stands.filter((_, index) => isHeld(state, state.ports[index]));
  const best = Math.max(...(held.length > 0 ? held : stands));
  const counts = state.ports.map((port, index) => {
    const suffices = isUsable(stands[index] ?? standing.none, best) && !isLossyStandby(state, port);
    return suffices && (port.counted || state.redundancy === undefined || hasSettled(state, port));
  });
  if (state.redundancy !== undefined && counts.every((counted, index) => counted === state.ports[index]?.counted)) {
    return state;
  }
  const ports = state.ports.map((port, index) => ({ ...port, counted: counts[index] ?? false }));
  return counted({ ...state, ports }, note);
}

/** As good as any other port, as far as can be known. Where nothing ever answered, carrier must do. */
function isUsable(stand: Standing, best: number): boolean {
  if (stand <= standing.dead) return false;
  if (best === standing.unproven) return true;
  return stand === standing.assumed || (stand > standing.assumed && stand >= best);
}

/** A standby that loses much of what the active port doesn't lose. The other way round traffic leaves the active port. */
function isLossyStandby(state: State, port: PortWatch): boolean {
  const active = portOf(state, state.active);
  if (active === undefined || active === port || isUnprobed(state, port)) return false;
  const loss = lossOf(state, port);
  return loss >= state.config.tuning.lossyAt && lossOf(state, active) < loss / 3;
}

/** The port can't be relied on for now, whatever the verdicts on its paths: says so. */
export function discount(state: State, name: string, note: Note): State {
  const next = withPort(state, name, (port) => ({ ...port, counted: false }));
  if (state.redundancy === undefined || portOf(state, name)?.counted !== true) return next;
  return counted(next, note);
}

/** Says how many ports are counted, if that is news. */
function counted(state: State, note: Note): State {
  const { ports } = state;
  const usable = ports.filter((port) => port.counted).length;
  const missing = ports.filter((port) => !port.counted).map((port) => port.name);
  const isNews = usable !== (state.redundancy ?? ports.length);
  if (isNews) note({ what: "redundancy", usable, declared: ports.length, missing });
  return { ...state, redundancy: usable };
}

function isHeld(state: State, port: PortWatch | undefined): boolean {
  return port !== undefined && (port.counted || hasSettled(state, port));
}

function isInDoubt(state: State, port: PortWatch): boolean {
  const { standbyRunMs } = state.config.tuning;
  if (port.name === state.active || !port.carrier) return false;
  return state.paths.some(
    (path) =>
      path.port === port.name &&
      path.health === "alive" &&
      path.run.losses > 1 &&
      state.now - path.run.since < 2 * standbyRunMs,
  );
}

function hasSettled(state: State, port: PortWatch): boolean {
  return state.now - port.calmSince >= Math.min(reviveMsOf(state, port), state.config.tuning.reviveMs);
}
