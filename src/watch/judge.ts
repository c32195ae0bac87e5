import { lessLossy } from "./decide.ts";
import { isSaturated, type Path, withoutHeat } from "./path.ts";
import { isUnprobed, penaltyNow, reviveMsOf } from "./standing.ts";
import { type Note, type PortWatch, portOf, type State, withCalmSince, withJudged } from "./state.ts";

/** Verdicts on paths, and the calm and the lossiness that follow from them: everything but the decision. */
export function judge(state: State, note: Note): State {
  const paths = kept(state.paths, (path) => verdict(state, path, note));
  const judged = paths === state.paths ? state : withJudged(state, paths, state.ports, state.lossySince);
  const ports = kept(judged.ports, (port) => withCalm(state, judged, port));
  const next = ports === state.ports ? judged : withJudged(judged, paths, ports, state.lossySince);
  const active = portOf(next, next.active);
  const isLossy = active?.carrier === true && lessLossy(next, active) !== undefined;
  const lossySince = isLossy ? (state.lossySince ?? state.now) : undefined;
  return lossySince === state.lossySince ? next : withJudged(next, next.paths, next.ports, lossySince);
}

/** A list changed item by item; the same list if no item did. */
function kept<T>(list: readonly T[], change: (item: T) => T): readonly T[] {
  let changed: T[] | undefined;
  for (let index = 0; index < list.length; index++) {
    const item = list[index] as T;
    const next = change(item);
    if (next === item) continue;
    changed ??= [...list];
    changed[index] = next;
  }
  return changed ?? list;
}

function verdict(state: State, path: Path, note: Note): Path {
  const port = portOf(state, path.port);
  if (port === undefined || !port.carrier || isUnprobed(state, port)) return path;
  const say = (what: "path-dead" | "path-alive" | "path-silent", evidence: string): void =>
    note({ what, port: path.port, target: path.target, evidence });
  switch (path.health) {
    case "alive": {
      if (!isConvicted(state, path, port)) return path;
      const usual = `${(Math.max(path.loss, path.recentLoss) * 100).toFixed(1)} %`;
      say("path-dead", `${path.run.losses} probes in a row without an answer, usual loss ${usual}`);
      return { ...path, health: "dead" };
    }
    case "dead": {
      const { count, since } = path.answers;
      const lasted = state.now - since;
      if (count < state.config.tuning.reviveAnswers || lasted < reviveMsOf(state, port)) return path;
      say("path-alive", `${count} answers in a row over ${Math.round(lasted / 100) / 10} s`);
      return { ...withoutHeat(path), health: "alive" };
    }
    case "silent":
    case "unknown": {
      if (path.answers.count > 0) {
        if (path.health === "silent") say("path-alive", "its first answer");
        return { ...path, health: "alive" };
      }
      if (path.health === "silent" || !hasBeenAsked(state, path)) return path;
      say("path-silent", `no answer to ${path.probes} probes or more; this may be a target that never answers`);
      return { ...path, health: "silent" };
    }
  }
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
  // A full line is not a dead line: answers came ever later, and the router is still heard.
  return !(isSaturated(path) && port.heardAt >= path.run.since && lasted < tuning.saturationGraceMs);
}

/** Calm begins anew with every death, lack of carrier, or more loss than a port to return to may have. */
function withCalm(before: State, state: State, port: PortWatch): PortWatch {
  if (!isDisturbed(state, port)) return port;
  // Several targets that die behind one port are one incident.
  const died = deadOf(state, port) > 0 && deadOf(before, port) === 0;
  return withCalmSince(died ? withIncident(state, port) : port, state.now);
}

function deadOf(state: State, port: PortWatch): number {
  return state.paths.filter((path) => path.port === port.name && path.health === "dead").length;
}

/** One more incident: the way back becomes twice as long. */
export function withIncident(state: State, port: PortWatch): PortWatch {
  const penalty = Math.min(state.config.tuning.mostPenalty, penaltyNow(port, state) + 1);
  return { ...port, penalty, penaltyAt: state.now };
}

/** More losses in a row than chance deals out on a line fit to return to. */
const MANY_LOSSES = 3;

function isDisturbed(state: State, port: PortWatch): boolean {
  if (!port.carrier) return true;
  if (isUnprobed(state, port)) return false;
  return state.paths.some(
    (path) =>
      path.port === port.name &&
      (path.health === "dead" ||
        path.run.losses >= MANY_LOSSES ||
        (!path.far && path.loss >= state.config.tuning.lossyAt / 2)),
  );
}
