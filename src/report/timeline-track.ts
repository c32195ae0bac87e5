import { px, type TimeWindow } from "./scale.ts";

/** Share of packets lost per picture column, 0..1. `runLengthMs` is what a run of a single packet stands for. */
export function lossPerColumn(
  runs: readonly (readonly [number, number])[],
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

/** SVG path data of the lost packets of one track: as high as the share lost, standing on `base`. A short loss in a long
 *  window is drawn at least one column wide and a quarter high, for what was lost must be seen. */
export function lossPath(
  shares: readonly number[],
  left: number,
  columnWidth: number,
  base: number,
  height: number,
): string {
  const levels = shares.map((share) => (share <= 0 ? 0 : Math.max(0.25, Math.round(share * 20) / 20)));
  const parts: string[] = [];
  for (let start = 0; start < levels.length; ) {
    const level = levels[start] ?? 0;
    let end = start + 1;
    while (end < levels.length && levels[end] === level) end++;
    if (level > 0) {
      const x = px(left + start * columnWidth);
      const width = px((end - start) * columnWidth);
      parts.push(`M${x} ${px(base)}v${px(-level * height)}h${width}v${px(level * height)}z`);
    }
    start = end;
  }
  return parts.join("");
}
