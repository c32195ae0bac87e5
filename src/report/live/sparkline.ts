import type { Piece } from "./line.ts";

/** What is remembered of a path: lists of one entry a step, the first at `from` (wall clock, ms). */
export interface Trace {
  readonly port: string;
  readonly target: string;
  readonly stepMs: number;
  readonly from: number;
  /** The longest round trip of the step, ms; null: none. */
  readonly worstMs: readonly (number | null)[];
  readonly sent: readonly number[];
  readonly lost: readonly number[];
}

const blocks = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"] as const;
/** Nothing answered. Its own sign, not only a colour. */
const LOST = "×";

interface Column {
  worst: number | null;
  sent: number;
  lost: number;
}

/** Round trips as a row of bars, the newest at the right: each cell stands for `cellMs`, and for the longest round trip in it. The highest bar
 *  is the longest of all, or twice the usual one where nothing is out of the ordinary. × no answer; a bar in colour: some were lost. */
export function sparkline(
  trace: Trace,
  shape: { readonly cells: number; readonly cellMs: number; readonly now: number },
): readonly Piece[] {
  const columns = gathered(trace, shape);
  const known = columns.flatMap(({ worst }) => (worst === null ? [] : [worst])).toSorted((a, b) => a - b);
  const usual = known[Math.floor(known.length / 2)] ?? 0;
  const top = Math.max(known.at(-1) ?? 0, usual * 2);
  const pieces: Piece[] = [];
  for (const { worst, sent, lost } of columns) {
    if (sent === 0) pieces.push([" "]);
    else if (worst === null) pieces.push([LOST, "error"]);
    else pieces.push([bar(worst, top), lost > 0 ? "warning" : "hint"]);
  }
  return joined(pieces);
}

/** A cell begins where the clock is a multiple of its span, so that bars move as a whole and never change behind. */
function gathered(
  { from, stepMs, worstMs, sent, lost }: Trace,
  shape: { cells: number; cellMs: number; now: number },
): readonly Column[] {
  const newest = Math.floor(shape.now / shape.cellMs);
  const columns = Array.from({ length: shape.cells }, (): Column => ({ worst: null, sent: 0, lost: 0 }));
  for (let step = 0; step < sent.length; step += 1) {
    const at = Math.floor((from + step * stepMs) / shape.cellMs) - newest + shape.cells - 1;
    const column = columns[at];
    if (column === undefined) continue;
    const worst = worstMs[step] ?? null;
    if (worst !== null) column.worst = Math.max(column.worst ?? 0, worst);
    column.sent += sent[step] ?? 0;
    column.lost += lost[step] ?? 0;
  }
  return columns;
}

function bar(ms: number, top: number): string {
  const level = top === 0 ? 1 : Math.ceil((ms / top) * blocks.length);
  return blocks[Math.min(blocks.length, Math.max(1, level)) - 1] ?? LOST;
}

/** Neighbours of one colour as one piece. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const merged: Piece[] = [];
  for (const [text, role] of pieces) {
    const last = merged.at(-1);
    if (last !== undefined && (last[1] === role || text === " "))
      merged[merged.length - 1] = [last[0] + text, last[1] ?? "note"];
    else merged.push([text, role ?? "note"]);
  }
  return merged;
}
