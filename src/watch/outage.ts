import type { Cause } from "./effect.ts";
import { firstLoss, isLinked, isLosing, isUnprobed, refugeOf, standing, standingOf } from "./standing.ts";
import { type Note, type PortWatch, portOf, type State, stateWith } from "./state.ts";

/** Opens an outage when the active port reaches less than it should, and closes it when it is shown to be over. */
export function watchOutage(state: State, note: Note): State {
  return state.outage === undefined ? begin(state, note) : end(state, note);
}

function begin(state: State, note: Note): State {
  const active = portOf(state, state.active);
  const cause = causeOf(state, active);
  if (cause === undefined || (state.now < state.learnUntil && !hasWorked(state))) return state;
  const since = sinceOf(state, cause);
  const isGroup = !state.ports.some((port) => port !== active && isBetter(state, port, cause));
  const lost = state.paths.filter((path) => path.run.losses > 0).map((path) => `${path.target} through ${path.port}`);
  const evidence = lost.length > 0 ? `lost: ${lost.join(", ")}` : `${state.active || "no port"} carries nothing`;
  note({ what: "outage-begins", cause, since, extent: isGroup ? "group" : "port", evidence });
  return stateWith(state, { outage: { since, cause } });
}

/** A host that is still starting hasn't lost anything. */
function hasWorked(state: State): boolean {
  return state.paths.some((path) => path.health === "alive" || path.health === "dead");
}

function causeOf(state: State, active: PortWatch | undefined): Cause | undefined {
  if (active === undefined) return "none-active";
  switch (standingOf(state, active)) {
    case standing.none:
      return "carrier-lost";
    case standing.dead:
      return "path-dead";
    case standing.router:
      return "uplink-dead";
    default:
      return undefined;
  }
}

function isBetter(state: State, port: PortWatch, cause: Cause): boolean {
  const stands = refugeOf(state, port);
  if (cause === "carrier-lost" || cause === "none-active") return isLinked(port);
  if (cause === "uplink-dead") return stands === standing.whole && !isLosing(state, port, "far");
  // An alive verdict from before the trouble is worth nothing while the port loses too.
  return stands >= standing.assumed && !isLosing(state, port, "router");
}

/** When the first of the losses was sent that the cause comes of. */
function sinceOf(state: State, cause: Cause): number {
  if (cause !== "path-dead" && cause !== "uplink-dead") return state.now;
  const asked = state.paths.filter((path) => path.port === state.active && (cause === "path-dead" || path.far));
  return firstLoss(asked) ?? state.now;
}

function end(state: State, note: Note): State {
  const active = portOf(state, state.active);
  if (state.outage === undefined || active === undefined || causeOf(state, active) !== undefined) return state;
  const proof = proofOf(state, active, Math.max(state.movedAt, state.outage.since));
  if (proof === undefined) return state;
  // A port that shared the trouble must first hold: its ups and downs are one outage.
  const isUndisturbed = active.calmSince <= state.outage.since;
  if (!isUndisturbed && state.now - active.calmSince < state.config.tuning.reviveMs) return state;
  const over = isUndisturbed ? proof : streakSince(state, active);
  const lastedMs = Math.max(0, over - state.outage.since);
  note({ what: "outage-ends", lastedMs, cause: state.outage.cause });
  return stateWith(state, { outage: undefined });
}

/** Since when the active port has answered without a gap: it was believed only later. Not before the outage or the move. */
function streakSince(state: State, active: PortWatch): number {
  const began = Math.max(state.movedAt, state.outage?.since ?? state.movedAt);
  let since = Math.max(active.calmSince, began);
  for (const path of state.paths) {
    // An older streak is that of a path that was never lost.
    const isPart = path.port === active.name && path.health === "alive" && path.answers.count > 0;
    if (isPart && path.answers.since >= began) since = Math.min(since, path.answers.since);
  }
  return since;
}

/** When the first probe left of which an answer shows that traffic flows again; where nothing is probed, the move itself. */
function proofOf(state: State, active: PortWatch, since: number): number | undefined {
  const paths = state.paths.filter((path) => path.port === active.name && path.health === "alive");
  if (paths.length === 0) return canProve(state, active) ? undefined : since;
  const shown = paths.map((path) => path.aliveAsOf).filter((at) => at >= since);
  return shown.length === 0 ? undefined : Math.min(...shown);
}

function canProve(state: State, active: PortWatch): boolean {
  if (isUnprobed(state, active)) return false;
  return state.paths.some((path) => path.port === active.name && path.health !== "silent");
}
