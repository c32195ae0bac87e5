import type { PathHistoryDocument, PathRemembered } from "../documents.ts";

/** Several steps of a path's history as one point of a chart. */
export interface ChartPoint {
  /** Wall clock at its begin, ms. */
  readonly at: number;
  /** Mean round trip and the longest, ms; null: nothing was answered. */
  readonly rttMs: number | null;
  readonly worstMs: number | null;
  readonly sent: number;
  readonly lost: number;
}

/** At most so many points of a path's history, each of equally many steps. */
export function pointsOf(document: PathHistoryDocument, path: PathRemembered, most: number): readonly ChartPoint[] {
  const steps = path.sent.length;
  const each = Math.max(1, Math.ceil(steps / most));
  const points: ChartPoint[] = [];
  for (let from = 0; from < steps; from += each) {
    const to = Math.min(steps, from + each);
    const worst = path.worstMs.slice(from, to).filter((ms) => ms !== null);
    points.push({
      at: document.from + from * document.stepMs,
      rttMs: meanOf(path, from, to),
      worstMs: worst.length === 0 ? null : Math.max(...worst),
      sent: sum(path.sent.slice(from, to)),
      lost: sum(path.lost.slice(from, to)),
    });
  }
  return points;
}

/** Steps with more answers weigh more. */
function meanOf({ rttMs, sent, lost }: PathRemembered, from: number, to: number): number | null {
  let total = 0;
  let answers = 0;
  for (let step = from; step < to; step++) {
    const ms = rttMs[step] ?? null;
    if (ms === null) continue;
    const weight = Math.max(1, (sent[step] ?? 0) - (lost[step] ?? 0));
    total += ms * weight;
    answers += weight;
  }
  return answers === 0 ? null : total / answers;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, each) => total + each, 0);
}

/** The top of a chart that shows all but the rarest spikes: 1, 2 or 5 times a power of ten, ms. */
export function ceilingOf(points: readonly ChartPoint[]): number {
  const values = points
    .flatMap(({ worstMs }) => (worstMs === null ? [] : [worstMs]))
    .toSorted((one, other) => one - other);
  const high = values[Math.ceil((values.length - 1) * 0.95)] ?? 1;
  const power = 10 ** Math.floor(Math.log10(Math.max(high, 0.01)));
  const factor = [1, 2, 5, 10].find((each) => each * power >= high) ?? 10;
  return factor * power;
}

/** What a chart shows, in figures. */
export interface ChartFacts {
  /** Median of the points' means, ms; null: nothing was answered. */
  readonly medianMs: number | null;
  readonly worstMs: number | null;
  readonly sent: number;
  readonly lost: number;
}

/** The figures of a chart. */
export function factsOf(points: readonly ChartPoint[]): ChartFacts {
  const means = points.flatMap(({ rttMs }) => (rttMs === null ? [] : [rttMs])).toSorted((one, other) => one - other);
  const worst = points.flatMap(({ worstMs }) => (worstMs === null ? [] : [worstMs]));
  return {
    medianMs: means[Math.floor((means.length - 1) / 2)] ?? null,
    worstMs: worst.length === 0 ? null : Math.max(...worst),
    sent: sum(points.map((point) => point.sent)),
    lost: sum(points.map((point) => point.lost)),
  };
}

/** Lines through points with an answer, as SVG path data of a 1000 × 100 field; a gap where nothing was answered. */
export function lineOf(points: readonly ChartPoint[], ceiling: number, value: "rttMs" | "worstMs"): string {
  let path = "";
  let isDrawing = false;
  for (const [index, point] of points.entries()) {
    const ms = point[value];
    if (ms === null) {
      isDrawing = false;
      continue;
    }
    const x = coordinate(xOf(index, points.length));
    const y = coordinate(100 - Math.min(1, ms / ceiling) * 100);
    path += isDrawing ? `L${x} ${y}` : `M${x} ${y}h.1`;
    isDrawing = true;
  }
  return path;
}

/** The middle of a point, of 1000. */
export function xOf(index: number, count: number): number {
  return ((index + 0.5) / count) * 1000;
}

function coordinate(value: number): string {
  return String(Math.round(value * 10) / 10);
}
