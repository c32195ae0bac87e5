import { positionIn, px, type TimeWindow } from "./scale.ts";

type Run = readonly [number, number];

const columnWidth = 2;

/** Where a track's lost packets are drawn: they stand on `base`, in SVG units. */
export interface TrackPlace {
  readonly left: number;
  readonly width: number;
  readonly base: number;
  readonly height: number;
}

/** Share of packets lost per picture column, 0..1. `runLengthMs` is what a run of a single packet stands for. */
function lossPerColumn(
  runs: readonly Run[],
  window: TimeWindow,
  columns: number,
  runLengthMs: number,
): readonly number[] {
  const shares = new Array<number>(columns).fill(0);
  const perColumn = Math.max((window.to - window.from) / columns, 1e-9);
  for (const [from, to] of runs) {
    const start = Math.max(from, window.from);
    const end = Math.min(Math.max(to, from + runLengthMs), window.to);
    const first = Math.max(0, Math.floor((start - window.from) / perColumn));
    const last = Math.min(columns - 1, Math.floor((end - window.from) / perColumn));
    for (let column = first; column <= last && end > start; column++) {
      const columnFrom = window.from + column * perColumn;
      const covered = Math.min(end, columnFrom + perColumn) - Math.max(start, columnFrom);
      shares[column] = Math.min(1, (shares[column] ?? 0) + Math.max(0, covered) / perColumn);
    }
  }
  return shares;
}

/** SVG path data of the lost packets of one track. A long loss has its exact edges; short ones are counted per column and
 *  drawn as high as the share lost, at least a quarter high and a column wide, for what was lost must be seen. */
export function lossPath(runs: readonly Run[], window: TimeWindow, place: TrackPlace, runLengthMs: number): string {
  const perColumn = ((window.to - window.from) * columnWidth) / place.width;
  const inside = runs.filter(([from, to]) => to >= window.from && from <= window.to);
  const long = inside.filter(([from, to]) => to - from >= 2 * perColumn);
  const short = inside.filter(([from, to]) => to - from < 2 * perColumn);
  const at = positionIn(window, place.width);
  const solid = long.map(([from, to]) => bar(place, at(from), at(to) - at(from), place.height));
  const shares = lossPerColumn(short, window, Math.floor(place.width / columnWidth), runLengthMs);
  return [...solid, ...columnBars(shares, place)].join("");
}

function columnBars(shares: readonly number[], place: TrackPlace): readonly string[] {
  const levels = shares.map((share) => (share <= 0 ? 0 : Math.max(0.25, Math.round(share * 20) / 20)));
  const bars: string[] = [];
  for (let start = 0; start < levels.length; ) {
    const level = levels[start] ?? 0;
    let end = start + 1;
    while (end < levels.length && levels[end] === level) end++;
    if (level > 0) bars.push(bar(place, start * columnWidth, (end - start) * columnWidth, level * place.height));
    start = end;
  }
  return bars;
}

function bar(place: TrackPlace, x: number, width: number, height: number): string {
  return `M${px(place.left + x)} ${px(place.base)}v${px(-height)}h${px(width)}v${px(height)}z`;
}
