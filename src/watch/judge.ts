import { lessLossy } from "./decide.ts";
import { isSaturated, type Path, pathWith, withoutHeat } from "./path.ts";
import { isGone, isLinked, isUnprobed, penaltyNow, reviveMsOf } from "./standing.ts";
import { type Note, type PortWatch, portOf, portWith, type State, withJudged } from "./state.ts";

/** Verdicts on paths, and the calm and the lossiness that follow from them: everything but the decision. */
export function judge(state: State, note: Note): State {
  const paths = judgedPaths(state, note);
  const judged = paths === state.paths ? state : withJudged(state, paths, state.ports, state.lossySince);
  const ports = calmedPorts(state, judged);
  const next = ports === state.ports ? judged : withJudged(judged, paths, ports, state.lossySince);
  const active = portOf(next, next.active);
  const isLossy = active?.carrier === true && lessLossy(next, active) !== undefined;
  const lossySince = isLossy ? (state.lossySince ?? state.now) : undefined;
  return lossySince === state.lossySince ? next : withJudged(next, next.paths, next.ports, lossySince);
}

/** The same list if nothing changes, as nearly always. */
function judgedPaths(state: State, note: Note): readonly Path[] {
  let { paths } = state;
  for (let index = 0; index < state.paths.length; index++) {
    const path = state.paths[index] as Path;
    const next = verdict(state, path, note);
    if (next !== path) paths = paths.with(index, next);
  }
  return paths;
}

function calmedPorts(before: State, state: State): readonly PortWatch[] {
  let { ports } = state;
  for (let index = 0; index < state.ports.length; index++) {
    const port = state.ports[index] as PortWatch;
    const next = withCalm(before, state, port);
    if (next !== port) ports = ports.with(index, next);
  }
  return ports;
}

function verdict(state: State, path: Path, note: Note): Path {
  const port = portOf(state, path.port);
  if (port === undefined || !isLinked(port) || isUnprobed(state, port)) return path;
  switch (path.health) {
    case "alive": {
      if (!isConvicted(state, path, port)) return path;
      const usual = `${(Math.max(path.loss, path.recentLoss) * 100).toFixed(1)} %`;
      say(note, "path-dead", path, `${path.run.losses} probes in a row without an answer, usual loss ${usual}`);
      return pathWith(path, { health: "dead" });
    }
    case "dead": {
      const { count, since } = path.answers;
      const lasted = state.now - since;
      if (count < state.config.tuning.reviveAnswers || lasted < reviveMsOf(state, port)) return path;
      say(note, "path-alive", path, `${count} answers in a row over ${Math.round(lasted / 100) / 10} s`);
      return pathWith(withoutHeat(path), { health: "alive" });
    }
    case "silent":
    case "unknown": {
      if (path.answers.count > 0) {
        if (path.health === "silent") say(note, "path-alive", path, "its first answer");
        return pathWith(path, { health: "alive" });
      }
      if (path.health === "silent" || !hasBeenAsked(state, path)) return path;
      const evidence = `no answer to ${path.probes} probes or more; this may be a target that never answers`;
      say(note, "path-silent", path, evidence);
      return pathWith(path, { health: "silent" });
    }
  }
}

function say(
  note: Note,
  what: "path-dead" | "path-alive" | "path-silent",
  { port, target }: Path,
  evidence: string,
): void {
  note({ what, port, target, evidence });
}

function hasBeenAsked(state: State, path: Path): boolean {
  const { learnMs, learnProbes, farStandbyEveryMs } = state.config.tuning;
  const probes = path.far ? Math.min(learnProbes, Math.floor(learnMs / farStandbyEveryMs) + 1) : learnProbes;
  return state.now - path.probedSince >= learnMs && path.probes >= probes && state.now >= state.graceUntil;
}

/** A path that answered an earlier brain must be silent for so long. */
const HEARSAY_MS = 500;

/** Is the run under way too unlikely to be this path's usual loss, and has it lasted as long as it must? */
function isConvicted(state: State, path: Path, port: PortWatch): boolean {
  const { tuning } = state.config;
  if (path.run.evidence < tuning.deathEvidence || state.now < state.graceUntil) return false;
  const lasted = state.now - path.run.since;
  // That it ever answered is hearsay: the first answers of a life may take their time.
  if (path.rtt.least === Number.POSITIVE_INFINITY && lasted < HEARSAY_MS) return false;
  if (port.medium === "radio" && lasted < tuning.radioRunMs) return false;
  if (path.port !== state.active && lasted < tuning.standbyRunMs) return false;
  if (path.far && lasted < tuning.farRunMs) return false;
  // A full line is not a dead line: answers came ever later, and the router is still heard.
  return !(isSaturated(path) && port.heardAt >= path.run.since && lasted < tuning.saturationGraceMs);
}

/** Calm begins anew with every death, lack of carrier, or more loss than a port to return to may have. */
function withCalm(before: State, state: State, port: PortWatch): PortWatch {
  if (!isDisturbed(state, port)) return port;
  // Several targets that die behind one port are one incident.
  const died = hasDead(state, port) && !hasDead(before, port);
  return portWith(died ? withIncident(state, port) : port, { calmSince: state.now });
}

function hasDead(state: State, port: PortWatch): boolean {
  for (const path of state.paths) if (path.port === port.name && path.health === "dead") return true;
  return false;
}

/** One more incident: the way back becomes twice as long. */
export function withIncident(state: State, port: PortWatch): PortWatch {
  const penalty = Math.min(state.config.tuning.mostPenalty, penaltyNow(port, state) + 1);
  return portWith(port, { penalty, penaltyAt: state.now });
}

/** More losses in a row than chance deals out on a line fit to return to. */
const MANY_LOSSES = 3;

function isDisturbed(state: State, port: PortWatch): boolean {
  if (!isLinked(port) || (port.unheard && port.name !== state.active)) return true;
  if (isUnprobed(state, port)) return false;
  for (const path of state.paths) {
    if (path.port !== port.name) continue;
    if ((path.health === "dead" || path.run.losses >= MANY_LOSSES) && !isGone(state, path)) return true;
    if (!path.far && path.loss >= state.config.tuning.lossyAt / 2) return true;
  }
  return false;
}
