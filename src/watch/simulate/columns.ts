import { coolingOf, noHeat, type Outstanding, type Path } from "../path.ts";

const NEVER = Number.POSITIVE_INFINITY;

/** The numbers of every path, a column each. */
export interface Columns {
  /** Between probes; what a round trip takes here, and by how much more chance may prolong it. Ms. */
  readonly pace: Float64Array;
  readonly delay: Float64Array;
  readonly jitter: Float64Array;
  /** 1: beyond the router. 1: an answer is no news. */
  readonly far: Float64Array;
  readonly lives: Float64Array;
  /** The next probe is due, and the answer under way comes: infinite, never. */
  readonly due: Float64Array;
  readonly arrives: Float64Array;
  /** Of the latest probe. */
  readonly id: Float64Array;
  readonly sentAt: Float64Array;
  readonly expiresAt: Float64Array;
  readonly spread: Float64Array;
  readonly probes: Float64Array;
  readonly smooth: Float64Array;
  readonly deviation: Float64Array;
  readonly least: Float64Array;
  readonly loss: Float64Array;
  readonly recentLoss: Float64Array;
  readonly heat: Float64Array;
  readonly cooling: Float64Array;
  readonly count: Float64Array;
  readonly since: Float64Array;
  readonly aliveAsOf: Float64Array;
}

/** Room for so many paths. */
export function newColumns(paths: number): Columns {
  const column = (): Float64Array => new Float64Array(paths);
  return {
    pace: column(),
    delay: column(),
    jitter: column(),
    far: column(),
    lives: column(),
    due: column(),
    arrives: column(),
    id: column(),
    sentAt: column(),
    expiresAt: column(),
    spread: column(),
    probes: column(),
    smooth: column(),
    deviation: column(),
    least: column(),
    loss: column(),
    recentLoss: column(),
    heat: column(),
    cooling: column(),
    count: column(),
    since: column(),
    aliveAsOf: column(),
  };
}

/** Writes a path into its row; `pace` is ms between its probes. What the wire is like the caller knows. */
export function fill(columns: Columns, index: number, path: Path, pace: number): void {
  const { rtt, heat, answers } = path;
  const live = liveOf(path);
  columns.pace[index] = pace;
  columns.lives[index] = Number(path.health === "alive" && path.run.losses === 0 && rtt.least < NEVER);
  columns.due[index] = pace === NEVER ? NEVER : path.sentAt + pace * path.spread;
  columns.id[index] = live?.id ?? 0;
  columns.sentAt[index] = path.sentAt;
  columns.expiresAt[index] = live?.expiresAt ?? 0;
  columns.spread[index] = path.spread;
  columns.probes[index] = path.probes;
  columns.smooth[index] = rtt.smooth;
  columns.deviation[index] = rtt.deviation;
  columns.least[index] = rtt.least;
  columns.loss[index] = path.loss;
  columns.recentLoss[index] = path.recentLoss;
  columns.heat[index] = heat.evidence;
  columns.cooling[index] = heat.evidence > 0 ? coolingOf(heat) : 0;
  columns.count[index] = answers.count;
  columns.since[index] = answers.since;
  columns.aliveAsOf[index] = path.aliveAsOf;
}

/** The path of which a row is the continuation. */
export function pathOf(columns: Columns, path: Path, index: number): Path {
  const row = (column: Float64Array): number => column[index] as number;
  const id = row(columns.id);
  const { since, usual } = path.heat;
  const old = path.outstanding.filter(({ expired }) => expired);
  const before = liveOf(path);
  const spared = before?.id === id ? before.spared : false;
  return {
    port: path.port,
    target: path.target,
    far: path.far,
    health: path.health,
    sentAt: row(columns.sentAt),
    spread: row(columns.spread),
    outstanding:
      id === 0
        ? old
        : [...old, { id, sentAt: row(columns.sentAt), expiresAt: row(columns.expiresAt), expired: false, spared }],
    probes: row(columns.probes),
    probedSince: path.probedSince,
    rtt: { smooth: row(columns.smooth), deviation: row(columns.deviation), least: row(columns.least) },
    loss: row(columns.loss),
    recentLoss: row(columns.recentLoss),
    run: path.run,
    heat: row(columns.heat) === 0 ? noHeat : { evidence: row(columns.heat), since, usual },
    answers: { count: row(columns.count), since: row(columns.since) },
    aliveAsOf: row(columns.aliveAsOf),
  };
}

/** The probe whose answer is awaited; undefined: none. */
export function liveOf({ outstanding }: Path): Outstanding | undefined {
  const last = outstanding.at(-1);
  return last?.expired === false ? last : undefined;
}
