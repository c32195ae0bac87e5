import { isUnprobed, lossOf, lossyAtOf, reviveMsOf, type Standing, standing, standingOf } from "./standing.ts";
import { type Note, type PortWatch, portOf, portWith, type State, stateWith, withPort } from "./state.ts";

/** Counts the ports that could carry traffic now, and says so when the number changes: lost at once, regained when the
 *  port has been without trouble for a while, and not before enough is known to count at all. */
export function watchRedundancy(state: State, note: Note): State {
  if (state.redundancy === undefined && state.now < state.learnUntil && isUnproven(state)) return state;
  // Where another port is still losing too, this may be the group's trouble: wait for the verdict.
  for (const port of state.ports) if (port.counted && isInDoubt(state, port)) return state;
  const best = bestOf(state);
  if (state.redundancy !== undefined && isAsCounted(state, best)) return state;
  const ports = state.ports.map((port) => portWith(port, { counted: counts(state, port, best) }));
  return counted(stateWith(state, { ports }), note);
}

function isUnproven(state: State): boolean {
  return state.ports.some((port) => standingOf(state, port) === standing.unproven);
}

/** How far the best port reaches: of those that can be relied on, or of all. */
function bestOf(state: State): number {
  let best = Number.NEGATIVE_INFINITY;
  let held = Number.NEGATIVE_INFINITY;
  for (const port of state.ports) {
    const stand = standingOf(state, port);
    best = Math.max(best, stand);
    if (port.counted || hasSettled(state, port)) held = Math.max(held, stand);
  }
  return held === Number.NEGATIVE_INFINITY ? best : held;
}

function isAsCounted(state: State, best: number): boolean {
  for (const port of state.ports) if (counts(state, port, best) !== port.counted) return false;
  return true;
}

function counts(state: State, port: PortWatch, best: number): boolean {
  if (!isUsable(standingOf(state, port), best) || isLossyStandby(state, port)) return false;
  return port.counted || state.redundancy === undefined || hasSettled(state, port);
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
  return loss >= lossyAtOf(state, port) && lossOf(state, active) < loss / 3;
}

/** The port can't be relied on for now, whatever the verdicts on its paths: says so. */
export function discount(state: State, name: string, note: Note): State {
  const next = withPort(state, name, (port) => portWith(port, { counted: false }));
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
  return stateWith(state, { redundancy: usable });
}

function isInDoubt(state: State, port: PortWatch): boolean {
  const { standbyRunMs } = state.config.tuning;
  if (port.name === state.active || !port.carrier) return false;
  for (const { port: name, health, run } of state.paths) {
    if (name !== port.name || health !== "alive" || run.losses <= 1) continue;
    if (state.now - run.since < 2 * standbyRunMs) return true;
  }
  return false;
}

function hasSettled(state: State, port: PortWatch): boolean {
  return state.now - port.calmSince >= Math.min(reviveMsOf(state, port), state.config.tuning.reviveMs);
}
