import { columnsOf, visible } from "../diagnostic/visible.ts";
import { wrap } from "../diagnostic/wrap.ts";

/** One cell of a terminal table: what it says, painted after it was measured. */
export interface TableCell {
  readonly text: string;
  readonly paint?: (text: string) => string;
  /** Takes this many columns of the table (1 when absent), the gaps between them too. */
  readonly span?: number;
}

export interface TableColumn {
  readonly align: "left" | "right";
  readonly width: number;
}

const gap = 2;

/** The width each column needs for its cells, in terminal columns; spanning cells don't widen. */
export function neededWidths(rows: readonly (readonly TableCell[])[], columnCount: number): readonly number[] {
  const widths = Array.from({ length: columnCount }, () => 0);
  for (const row of rows) {
    let at = 0;
    for (const cell of row) {
      if ((cell.span ?? 1) === 1) widths[at] = Math.max(widths[at] ?? 0, columnsOf(visible(cell.text)));
      at += cell.span ?? 1;
    }
  }
  return widths;
}

/** Lines of one table row: every cell is wrapped into its width, the row is as high as its highest cell. */
export function tableRow(cells: readonly TableCell[], columns: readonly TableColumn[]): readonly string[] {
  let at = 0;
  const blocks = cells.map((cell) => {
    const span = columns.slice(at, at + (cell.span ?? 1));
    at += cell.span ?? 1;
    const width = span.reduce((sum, each) => sum + each.width, gap * Math.max(0, span.length - 1));
    const align = span[0]?.align ?? "left";
    const texts = wrapCell(visible(cell.text), width);
    return { width, lines: texts.map((text) => ({ text, padded: pad(text, width, align, cell.paint) })) };
  });
  const height = Math.max(1, ...blocks.map((block) => block.lines.length));
  return Array.from({ length: height }, (_, line) =>
    blocks
      .map((block) => block.lines[line]?.padded ?? " ".repeat(block.width))
      .join(" ".repeat(gap))
      .trimEnd(),
  );
}

function pad(text: string, width: number, align: "left" | "right", paint: TableCell["paint"]): string {
  const fill = " ".repeat(Math.max(0, width - columnsOf(text)));
  const painted = text === "" ? "" : (paint ?? ((each: string) => each))(text);
  return align === "left" ? painted + fill : fill + painted;
}

/** A paragraph, indented and wrapped, never wider than `columns`. */
export function paragraph(
  text: string,
  indent: number,
  columns: number,
  paint: (text: string) => string,
): readonly string[] {
  const lines = wrap(visible(text), Math.max(20, columns - indent));
  return lines.map((line) => (line === "" ? "" : " ".repeat(indent) + paint(line)));
}

/** Cells are narrow and hold paths and names: a line may also break after a slash or a hyphen, before it cuts a word. */
function wrapCell(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of text.split(/(?<=[ /_-])/).flatMap((each) => fitting(each, width))) {
    if (columnsOf((line + piece).trimEnd()) <= width) {
      line += piece;
    } else {
      lines.push(line.trimEnd());
      line = piece;
    }
  }
  return [...lines, line.trimEnd()];
}

/** A piece without a place to break, cut into as many as its columns need. */
function fitting(piece: string, width: number): readonly string[] {
  if (columnsOf(piece.trimEnd()) <= width) return [piece];
  const parts: string[] = [];
  let part = "";
  for (const char of piece) {
    if (part !== "" && columnsOf(part + char) > width) {
      parts.push(part);
      part = "";
    }
    part += char;
  }
  return [...parts, part];
}

/** Shares a width among columns: a column that needs less than its share leaves the rest to the others. */
export function shareWidth(needs: readonly number[], width: number): readonly number[] {
  const shares = new Map<number, number>();
  const byNeed = needs.map((need, index) => ({ need, index })).sort((a, b) => a.need - b.need);
  let left = width - gap * Math.max(0, needs.length - 1);
  for (const [done, { need, index }] of byNeed.entries()) {
    const share = Math.max(8, Math.min(need, Math.floor(left / (needs.length - done))));
    shares.set(index, share);
    left -= share;
  }
  return needs.map((_, index) => shares.get(index) ?? 8);
}
