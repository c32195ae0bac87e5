/** What the agent remembers of its paths for charts: in memory, bounded, gone when it ends. */

/** How a span of it is asked for. Times are wall clock, ms since 1970. */
export interface PathsQuery {
  readonly step: "second" | "minute";
  /** Absent: all that is remembered. */
  readonly from?: number;
  readonly to?: number;
  /** Absent: every port. */
  readonly port?: string;
}

/** The lists of a path are equally long, one entry a step: a step without a probe has nulls and zeros. Times are wall clock, ms. */
export interface PathsRemembered {
  /** 1,000 (the last ten minutes) or 60,000 (the last day). */
  readonly stepMs: number;
  /** Of the first entry; the others follow by stepMs. */
  readonly from: number;
  readonly paths: readonly PathRemembered[];
}

export interface PathRemembered {
  readonly port: string;
  readonly target: string;
  /** Mean of the step's round trips, ms. */
  readonly rttMs: readonly (number | null)[];
  /** The longest of them. */
  readonly worstMs: readonly (number | null)[];
  /** Probes of which it is known what became of them: two seconds after they left at the latest. */
  readonly sent: readonly number[];
  readonly lost: readonly number[];
}

export interface PathHistory {
  /** What became of a probe; `rttMs` undefined: it was lost. `at`: when it was sent, monotonic ms. */
  readonly note: (
    probe: { readonly port: string; readonly target: string; readonly at: number },
    rttMs?: number,
  ) => void;
  /** `now`: the same moment on both clocks. */
  readonly read: (query: PathsQuery, now: { readonly wall: number; readonly monotonic: number }) => PathsRemembered;
}

/** Ten minutes by the second, a day by the minute: 33 KB a path. */
const grains = { second: { stepMs: 1_000, count: 600 }, minute: { stepMs: 60_000, count: 1_440 } } as const;
/** More paths than any host probes; beyond, the one that was silent longest is forgotten. */
const mostPaths = 32;

/** Nothing remembered yet. */
export function pathHistory(): PathHistory {
  const paths: Remembered[] = [];
  return {
    note({ port, target, at }, rttMs) {
      const path = remembered(paths, port, target);
      path.latest = at;
      put(path.second, at, rttMs);
      put(path.minute, at, rttMs);
    },
    read(query, now) {
      const { stepMs, count } = grains[query.step];
      const offset = now.wall - now.monotonic;
      const newest = Math.floor(now.monotonic / stepMs);
      const stepOf = (wall: number): number => Math.floor((wall - offset) / stepMs);
      const last = query.to === undefined ? newest : Math.min(newest, stepOf(query.to));
      const first = Math.max(newest - count + 1, 0, query.from === undefined ? 0 : stepOf(query.from));
      const wanted = paths.filter(({ port }) => query.port === undefined || port === query.port);
      // Of an agent that has only begun nothing is known of the time before.
      const begun = Math.min(...wanted.map((path) => oldest(path[query.step])), last + 1);
      const start = query.from === undefined ? Math.max(first, begun) : first;
      return {
        stepMs,
        from: Math.round(start * stepMs + offset),
        paths: wanted.map((path) => entries(path, path[query.step], start, last)),
      };
    },
  };
}

interface Remembered {
  readonly port: string;
  readonly target: string;
  readonly second: Ring;
  readonly minute: Ring;
  latest: number;
}

/** A slot belongs to step `steps[slot]`; what is older there is overwritten. Typed arrays: nothing for the collector to look at. */
interface Ring {
  readonly stepMs: number;
  readonly steps: Float64Array;
  readonly sums: Float32Array;
  readonly worsts: Float32Array;
  readonly answered: Uint16Array;
  readonly lost: Uint16Array;
}

function newRing({ stepMs, count }: { readonly stepMs: number; readonly count: number }): Ring {
  return {
    stepMs,
    steps: new Float64Array(count).fill(-1),
    sums: new Float32Array(count),
    worsts: new Float32Array(count),
    answered: new Uint16Array(count),
    lost: new Uint16Array(count),
  };
}

function remembered(paths: Remembered[], port: string, target: string): Remembered {
  const known = paths.find((path) => path.target === target && path.port === port);
  if (known !== undefined) return known;
  if (paths.length >= mostPaths) {
    const stalest = Math.min(...paths.map(({ latest }) => latest));
    paths.splice(
      paths.findIndex(({ latest }) => latest === stalest),
      1,
    );
  }
  const path = { port, target, second: newRing(grains.second), minute: newRing(grains.minute), latest: 0 };
  paths.push(path);
  return path;
}

function put(ring: Ring, at: number, rttMs: number | undefined): void {
  const step = Math.floor(at / ring.stepMs);
  const slot = step % ring.steps.length;
  const there = ring.steps[slot] ?? -1;
  // A probe that was lost is told two seconds late: its slot may have been taken by then only if the clock leapt.
  if (there > step) return;
  if (there < step) {
    ring.steps[slot] = step;
    ring.sums[slot] = 0;
    ring.worsts[slot] = 0;
    ring.answered[slot] = 0;
    ring.lost[slot] = 0;
  }
  if (rttMs === undefined) {
    ring.lost[slot] = (ring.lost[slot] ?? 0) + 1;
    return;
  }
  ring.answered[slot] = (ring.answered[slot] ?? 0) + 1;
  ring.sums[slot] = (ring.sums[slot] ?? 0) + rttMs;
  ring.worsts[slot] = Math.max(ring.worsts[slot] ?? 0, rttMs);
}

function oldest({ steps }: Ring): number {
  let least = Number.POSITIVE_INFINITY;
  for (const step of steps) if (step >= 0 && step < least) least = step;
  return least;
}

function entries({ port, target }: Remembered, ring: Ring, first: number, last: number): PathRemembered {
  const rttMs: (number | null)[] = [];
  const worstMs: (number | null)[] = [];
  const sent: number[] = [];
  const lost: number[] = [];
  for (let step = first; step <= last; step += 1) {
    const slot = step % ring.steps.length;
    const isThere = ring.steps[slot] === step;
    const answers = isThere ? (ring.answered[slot] ?? 0) : 0;
    const losses = isThere ? (ring.lost[slot] ?? 0) : 0;
    rttMs.push(answers === 0 ? null : rounded((ring.sums[slot] ?? 0) / answers));
    worstMs.push(answers === 0 ? null : rounded(ring.worsts[slot] ?? 0));
    sent.push(answers + losses);
    lost.push(losses);
  }
  return { port, target, rttMs, worstMs, sent, lost };
}

function rounded(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
