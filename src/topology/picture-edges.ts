import type { Point, Route } from "./picture-layout.ts";
import { coordinate } from "./svg.ts";

/** The path of a route as SVG path data, and the line it follows, finely sampled. */
export interface Drawn {
  readonly path: string;
  /** At least two points, from end to end. */
  readonly line: readonly Point[];
}

/** Draws a route: across columns with level tangents, straight down within a column, or bulging to the right around what is in between.
 *  A powerline waves along its line. */
export function drawRoute(route: Route): Drawn {
  const line = sampled(route);
  const path = route.edge.medium === "powerline" ? polyline(wave(line)) : polyline(line);
  return { path, line };
}

function sampled(route: Route): readonly Point[] {
  const line: Point[] = route.points.slice(0, 1);
  for (let n = 1; n < route.points.length; n++) {
    const [from, to] = [route.points[n - 1], route.points[n]];
    if (from === undefined || to === undefined) continue;
    line.push(...curve(from, to, route.bend));
  }
  return line;
}

/** Samples of one stretch, its beginning left out. */
function curve(from: Point, to: Point, bend: Route["bend"]): readonly Point[] {
  if (bend === "down" || (bend === "across" && from.y === to.y)) {
    const steps = Math.max(2, Math.round(Math.hypot(to.x - from.x, to.y - from.y) / 2));
    return Array.from({ length: steps }, (_, n) => between(from, to, (n + 1) / steps));
  }
  const middle = (to.x - from.x) / 2;
  const reach = bend === "beside" ? 34 : middle;
  const first = { x: from.x + reach, y: from.y };
  const second = { x: bend === "beside" ? to.x + reach : to.x - reach, y: to.y };
  const steps = Math.max(12, Math.round(Math.hypot(to.x - from.x, to.y - from.y) / 2));
  return Array.from({ length: steps }, (_, n) => bezier([from, first, second, to], (n + 1) / steps));
}

function between(from: Point, to: Point, t: number): Point {
  return { x: from.x + (to.x - from.x) * t, y: from.y + (to.y - from.y) * t };
}

function bezier([a, b, c, d]: readonly [Point, Point, Point, Point], t: number): Point {
  const ab = between(a, b, t);
  const bc = between(b, c, t);
  const cd = between(c, d, t);
  return between(between(ab, bc, t), between(bc, cd, t), t);
}

const waveLengthPx = 13;
const waveHeightPx = 4;

/** The same line with a wave on it, calm at both ends. */
function wave(line: readonly Point[]): readonly Point[] {
  const along = lengths(line);
  const total = along.at(-1) ?? 0;
  const waves = Math.max(1, Math.round((total - waveLengthPx) / waveLengthPx));
  const calm = (total - waves * waveLengthPx) / 2;
  return line.map((point, index) => {
    const at = (along[index] ?? 0) - calm;
    if (at <= 0 || at >= waves * waveLengthPx) return point;
    const before = line[index - 1] ?? point;
    const after = line[index + 1] ?? point;
    const length = Math.hypot(after.x - before.x, after.y - before.y) || 1;
    const lift = Math.sin((at / waveLengthPx) * 2 * Math.PI) * waveHeightPx;
    return { x: point.x - ((after.y - before.y) / length) * lift, y: point.y + ((after.x - before.x) / length) * lift };
  });
}

function lengths(line: readonly Point[]): readonly number[] {
  const found = [0];
  for (let n = 1; n < line.length; n++) {
    const [from, to] = [line[n - 1], line[n]];
    const step = from === undefined || to === undefined ? 0 : Math.hypot(to.x - from.x, to.y - from.y);
    found.push((found[n - 1] ?? 0) + step);
  }
  return found;
}

function polyline(line: readonly Point[]): string {
  return line.map((point, n) => `${n === 0 ? "M" : "L"}${coordinate(point.x)} ${coordinate(point.y)}`).join("");
}

/** The point half-way along a line, and its direction there, degrees clockwise from the right. */
export function midway(line: readonly Point[]): Point & { readonly turn: number } {
  const along = lengths(line);
  const half = (along.at(-1) ?? 0) / 2;
  const index = Math.max(
    1,
    along.findIndex((length) => length >= half),
  );
  const [before, after] = [line[index - 1], line[index]];
  if (before === undefined || after === undefined) return { x: 0, y: 0, turn: 0 };
  const turn = (Math.atan2(after.y - before.y, after.x - before.x) * 180) / Math.PI;
  return { x: (before.x + after.x) / 2, y: (before.y + after.y) / 2, turn };
}
