import type { Path } from "./path.ts";
import type { Grade, PortWatch, State } from "./state.ts";

/** A target that answers on no port says nothing about any port. */
function tells(state: State, path: Path): boolean {
  return state.paths.some((other) => other.target === path.target && other.health !== "unknown");
}

/** What a port can do now, by what its paths show. A path with no verdict yet counts as alive only once it answered. */
export function gradeOf(state: State, port: PortWatch): Grade {
  if (!port.carrier) return 0;
  const paths = state.paths.filter((path) => path.port === port.name && tells(state, path));
  if (paths.length === 0) return 3;
  const far = paths.filter((path) => path.far);
  const router = paths.find((path) => !path.far);
  // A router that fell silent is outvoted only by a far answer to a probe sent after it did.
  const silentSince = router?.health === "dead" ? router.run.since : Number.NEGATIVE_INFINITY;
  if (far.some((path) => isAlive(path) && path.aliveAsOf >= silentSince)) return 3;
  if (router !== undefined && !isAlive(router)) return 1;
  return far.length === 0 ? (router === undefined ? 1 : 3) : 2;
}

function isAlive(path: Path): boolean {
  return path.health === "alive";
}

/** Like gradeOf, but two answers in a row already count as life: enough to flee to, not enough to return to. */
export function refugeGrade(state: State, port: PortWatch): Grade {
  const hopeful = state.paths.map((path) =>
    path.port === port.name && path.health === "dead" && path.answers.count >= 2
      ? { ...path, health: "alive" as const }
      : path,
  );
  return gradeOf({ ...state, paths: hopeful }, port);
}

/** Has this port shown life after `since`? A port without probes can't, and is taken by its carrier. */
export function isFresh(state: State, port: PortWatch, since: number): boolean {
  const paths = state.paths.filter((path) => path.port === port.name && tells(state, path));
  return paths.length === 0 || paths.some((path) => path.aliveAsOf >= since);
}

/** The usual loss of a port's router path (or the best of its far paths), 0–1. */
export function lossOf(state: State, port: PortWatch): number {
  const paths = state.paths.filter((path) => path.port === port.name && path.health !== "unknown");
  const router = paths.find((path) => !path.far);
  return router?.loss ?? Math.min(1, ...paths.map((path) => path.loss));
}

/** Since when the first loss of the runs under way on a port; undefined: no losses. */
export function runSince(state: State, port: string): number | undefined {
  const runs = state.paths.filter((path) => path.port === port && path.run.losses > 0).map((path) => path.run.since);
  return runs.length === 0 ? undefined : Math.min(...runs);
}
