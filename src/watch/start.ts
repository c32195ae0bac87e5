import { newPath, type Path, pathWith } from "./path.ts";
import type { Seed } from "./seed.ts";
import type { PortWatch, State, WatchConfig, WatchedPort } from "./state.ts";

/** What the kernel says when the brain starts. */
export interface Seen {
  readonly at: number;
  readonly seed: Seed;
  readonly active: string;
  readonly withCarrier: readonly string[];
  /** Paths that answered an earlier brain until it was killed, as `pathKey` names them: their silence is news. */
  readonly answered?: readonly string[];
}

/** A path's name for those who remember it. */
export function pathKey({ port, target }: Pick<Path, "port" | "target">): string {
  return `${port} ${target}`;
}

/** The state at the beginning: carriers and the active port as the kernel says, every path unknown. The first step
 *  writes down that it started and clears the kernel's primary. */
export function start(config: WatchConfig, seen: Seen): State {
  const { at } = seen;
  const ports = preferred(config.ports);
  return {
    config,
    seed: seen.seed | 0,
    now: at,
    nextId: 1,
    ports: ports.map((port) => newPort(port, seen.withCarrier.includes(port.name), at)),
    paths: ports.flatMap((port) => pathsOf(port, at)).map((path) => recalled(path, seen)),
    active: seen.active,
    movedAt: Number.NEGATIVE_INFINITY,
    order: { kind: "auto" },
    graceUntil: at,
    learnUntil: at + config.tuning.learnMs,
    redundancy: undefined,
    outage: undefined,
    lossySince: undefined,
    warned: "",
    primaryClearedAt: at,
    phase: "new",
    wakeAt: at,
    quietUntil: Number.NEGATIVE_INFINITY,
    paced: [],
  };
}

/** Without carrier, whatever it was, it isn't now. */
function recalled(path: Path, { answered = [], withCarrier }: Seen): Path {
  const lives = answered.includes(pathKey(path)) && withCarrier.includes(path.port);
  return lives ? pathWith(path, { health: "alive" }) : path;
}

/** In order of preference: as declared, but a metered port that isn't the first comes last. */
export function preferred(ports: readonly WatchedPort[]): readonly WatchedPort[] {
  const [first, ...rest] = ports;
  if (first === undefined) return [];
  return [first, ...rest.filter((port) => !port.metered), ...rest.filter((port) => port.metered)];
}

/** A port of which nothing but its carrier is known. */
export function newPort(port: WatchedPort, carrier: boolean, at: number): PortWatch {
  return {
    name: port.name,
    metered: port.metered,
    medium: port.medium,
    probes: port.probes,
    carrier,
    joined: true,
    unheard: false,
    gone: false,
    drained: false,
    counted: false,
    calmSince: at,
    penalty: 0,
    penaltyAt: at,
    heardAt: Number.NEGATIVE_INFINITY,
    changes: 0,
    changedAt: Number.NEGATIVE_INFINITY,
    vainStays: 0,
    vainAt: at,
    refusals: 0,
    shunnedUntil: Number.NEGATIVE_INFINITY,
  };
}

/** The paths of a port: to its router, and to each target beyond. */
export function pathsOf(port: WatchedPort, at: number): readonly Path[] {
  const router = port.router === undefined ? [] : [newPath(port.name, port.router, false, at)];
  return [...router, ...port.far.map((target) => newPath(port.name, target, true, at))];
}
