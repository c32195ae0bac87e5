import type { Role, TextStyle } from "../../diagnostic/text-style.ts";
import { columnsOf, visible } from "../../diagnostic/visible.ts";

/** A piece of a line and its colour. */
export type Piece = readonly [text: string, role?: Role];

/** One cell of a row: cut to its width with an ellipsis, or filled up to it. */
export interface Cell {
  readonly pieces: readonly Piece[];
  readonly align?: "right";
}

/** One line of a screen, never wider than so many columns: what is too long ends in "…". */
export function setLine(pieces: readonly Piece[], columns: number, style: TextStyle): string {
  const fitting = cut(
    pieces.map(([text, role]) => [visible(text), role ?? "note"] as const),
    columns,
  );
  return fitting
    .map(([text, role]) => (role === "note" ? text : style.paint(role, text)))
    .join("")
    .trimEnd();
}

/** A cell's pieces for `setLine`, exactly so wide. */
export function fitted({ pieces, align }: Cell, width: number): readonly Piece[] {
  const safe = pieces.map(([text, role]) => [visible(text), role ?? "note"] as const);
  const fill = width - widthOf(safe);
  if (fill < 0) return cut(safe, width);
  const space: readonly Piece[] = fill === 0 ? [] : [[" ".repeat(fill)]];
  return align === "right" ? [...space, ...safe] : [...safe, ...space];
}

/** Terminal columns that pieces take. */
export function widthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, [text]) => sum + columnsOf(visible(text)), 0);
}

function cut(pieces: readonly (readonly [string, Role])[], columns: number): readonly (readonly [string, Role])[] {
  if (widthOf(pieces) <= columns) return pieces;
  const kept: (readonly [string, Role])[] = [];
  let left = columns - 1;
  for (const [text, role] of pieces) {
    let part = "";
    for (const char of text) {
      const needs = columnsOf(char);
      if (needs > left) return [...kept, [`${part}…`, role]];
      part += char;
      left -= needs;
    }
    kept.push([part, role]);
  }
  return kept;
}

/** Rows of cells below each other: a column is as wide as its widest cell; the one named `gives` gives way where all would be too wide,
 *  and takes what is left over where it is told to `fill`. */
export function setTable(
  rows: readonly (readonly Cell[])[],
  { columns, gives }: { readonly columns: number; readonly gives: number },
): readonly (readonly Piece[])[] {
  const count = Math.max(0, ...rows.map((cells) => cells.length));
  const needs = Array.from({ length: count }, (_, at) =>
    Math.max(0, ...rows.map((cells) => widthOf(cells[at]?.pieces ?? []))),
  );
  const over = needs.reduce((sum, need) => sum + need, 0) + GAP * Math.max(0, count - 1) - columns;
  const widths = needs.map((need, at) => (at === gives && over > 0 ? Math.max(4, need - over) : need));
  return rows.map((cells) =>
    cells.flatMap((cell, at): readonly Piece[] => [
      ...(at === 0 ? [] : [[" ".repeat(GAP)] as const]),
      ...fitted(cell, widths[at] ?? 0),
    ]),
  );
}

/** Columns between two cells. */
export const GAP = 2;
