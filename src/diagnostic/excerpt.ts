import type { Diagnostic, Span } from "./diagnostic.ts";
import { type LineIndex, lineIndex } from "./line-index.ts";
import { mask, secretRanges } from "./secrets.ts";
import type { TextStyle } from "./text-style.ts";
import { type Cell, cellsOf, isPlain, visible } from "./visible.ts";
import { wrap } from "./wrap.ts";

/** A source text made ready for excerpts: its lines found, its secrets known. */
export interface Source {
  readonly text: string;
  readonly lines: LineIndex;
  readonly secrets: readonly { readonly start: number; readonly end: number }[];
}

/** Indexes a text once for any number of excerpts. */
export function sourceOf(text: string): Source {
  return { text, lines: lineIndex(text), secrets: secretRanges(text) };
}

interface Label {
  readonly span: Span;
  readonly line: number;
  readonly isMain: boolean;
  readonly note?: string;
}

/** The places of a diagnostic as framed source lines with markers under them: the main place first by file, its notes
 *  beside the markers. Secrets are masked, unprintable characters escaped. Empty when the diagnostic has no place. */
export function excerpt(
  diagnostic: Diagnostic,
  source: (file: string) => Source | undefined,
  style: TextStyle,
  clean: (text: string) => string,
): readonly string[] {
  const labels = labelsOf(diagnostic, source);
  const files = [...new Set(labels.map((label) => label.span.file))];
  const digits = String(Math.max(0, ...labels.map((label) => label.line))).length;
  return files.flatMap((file, index) => {
    const own = labels.filter((label) => label.span.file === file);
    const main = own.find((label) => label.isMain) ?? own[0];
    const text = source(file);
    if (main === undefined) return [];
    const column = text === undefined ? "" : `:${main.line}:${text.lines.position(main.span.start).column}`;
    const arrow = index === 0 && diagnostic.at !== undefined ? "-->" : ":::";
    const place = `${" ".repeat(digits)}${style.paint("gutter", arrow)} ${style.paint("place", visible(file) + column)}`;
    return text === undefined
      ? [
          place,
          ...own.flatMap((label) => (label.note === undefined ? [] : [`${" ".repeat(digits)}  ${clean(label.note)}`])),
        ]
      : [place, ...framed(own, text, diagnostic.severity, digits, style, clean)];
  });
}

function labelsOf(diagnostic: Diagnostic, source: (file: string) => Source | undefined): readonly Label[] {
  const at = (span: Span) => source(span.file)?.lines.position(span.start).line ?? 0;
  const main = diagnostic.at === undefined ? [] : [{ span: diagnostic.at, line: at(diagnostic.at), isMain: true }];
  const also = (diagnostic.also ?? []).map(({ at: span, note }) => ({ span, line: at(span), isMain: false, note }));
  return [...main, ...also];
}

function framed(
  labels: readonly Label[],
  source: Source,
  severity: Diagnostic["severity"],
  digits: number,
  style: TextStyle,
  clean: (text: string) => string,
): readonly string[] {
  const bar = style.paint("gutter", "|");
  const empty = `${" ".repeat(digits)} ${bar}`;
  const out = [empty];
  let previous: number | undefined;
  for (const line of [...new Set(labels.map((label) => label.line))].sort((a, b) => a - b)) {
    if (previous !== undefined && line > previous + 1) out.push(style.paint("gutter", "..."));
    const shown = shownLine(source, line, labels, style.columns - digits - 3);
    out.push(
      `${style.paint("gutter", String(line).padStart(digits))} ${bar} ${style.paint("source", shown.text)}`.trimEnd(),
    );
    for (const label of labels.filter((one) => one.line === line)) {
      const role = label.isMain ? severity : "place";
      const [from, width] = shown.columnsOfSpan(label.span);
      const marks = (label.isMain ? "^" : "-").repeat(width);
      const room = style.columns - digits - 3;
      const notes = noteBeside(label.note === undefined ? "" : clean(label.note), from, width, room);
      out.push(
        `${empty} ${" ".repeat(from)}${style.paint(role, marks)}${notes.beside === "" ? "" : ` ${style.paint("note", notes.beside)}`}`,
      );
      for (const below of notes.below) out.push(`${empty} ${" ".repeat(notes.indent)}${style.paint("note", below)}`);
    }
    previous = line;
  }
  out.push(empty);
  return out;
}

/** A note stands beside its marker while at least 32 columns are left there, else below it. */
function noteBeside(note: string, from: number, width: number, room: number) {
  if (note === "") return { beside: "", below: [], indent: 0 };
  const besideAt = from + width + 1;
  const indent = room - besideAt >= 32 ? besideAt : Math.min(from, Math.max(0, room - 48));
  const lines = wrap(note, room - indent);
  return indent === besideAt
    ? { beside: lines[0] ?? "", below: lines.slice(1), indent }
    : { beside: "", below: lines, indent };
}

function shownLine(source: Source, number: number, labels: readonly Label[], room: number) {
  const { start, end } = source.lines.line(number);
  const line = source.text.slice(start, end);
  if (line.length <= room && isPlain(line) && !source.secrets.some((one) => one.start < end && one.end > start))
    return { text: line, columnsOfSpan: (span: Span) => columnsInPlain(span, start, end) };
  const first = Math.min(...labels.filter((label) => label.line === number).map((label) => label.span.start));
  const part = partAround(line, start, first, room);
  const shown = windowed({ ...part, cells: masked(part.cells, source) }, first, Math.max(room, 20));
  const before = (offset: number) => {
    let columns = shown.lead;
    for (const cell of shown.cells) {
      if (cell.offset >= offset) break;
      columns += cell.columns;
    }
    return columns;
  };
  const columnsOfSpan = (span: Span): readonly [number, number] => {
    const from = before(span.start);
    return [from, Math.max(1, before(Math.min(span.end, end)) - from)];
  };
  return { text: shown.text, columnsOfSpan };
}

/** Cells of a line, and whether more of it stands before and behind them. */
interface Part {
  readonly cells: readonly Cell[];
  readonly isCutBefore: boolean;
  readonly isCutBehind: boolean;
}

/** A line, or the part of an endless one that holds all that can be shown around a place. */
function partAround(line: string, start: number, marked: number, room: number): Part {
  const from = Math.max(0, marked - start - 64);
  // No half of a character of two units.
  const whole = /[\udc00-\udfff]/.test(line.charAt(from)) ? from + 1 : from;
  const to = marked - start + 4 * Math.max(room, 20);
  const cells = cellsOf(line.slice(whole, to), start + whole);
  return { cells, isCutBefore: whole > 0, isCutBehind: to < line.length };
}

/** Where a marker stands, and how wide it is, under a line that shows as it is. */
function columnsInPlain(span: Span, start: number, end: number): readonly [number, number] {
  const column = (offset: number) => Math.min(Math.max(offset, start), end) - start;
  const from = column(span.start);
  return [from, Math.max(1, column(span.end) - from)];
}

/** A secret becomes one masked cell; the rest of its cells vanish, so markers still fit. */
function masked(cells: readonly Cell[], source: Source): readonly Cell[] {
  const [from, to] = [cells[0]?.offset ?? 0, cells.at(-1)?.offset ?? 0];
  const secrets = source.secrets.filter((one) => one.start <= to && one.end > from);
  if (secrets.length === 0) return cells;
  return cells.map((cell) => {
    const range = secrets.find((one) => cell.offset >= one.start && cell.offset < one.end);
    if (range === undefined) return cell;
    const isFirst = cell.offset === range.start || cell === cells[0];
    return isFirst ? { ...cell, text: mask, columns: mask.length } : { ...cell, text: "", columns: 0 };
  });
}

/** The part of a too long line that holds the marker, with "…" where it was cut. */
function windowed({ cells, isCutBefore, isCutBehind }: Part, markedOffset: number, room: number) {
  const total = cells.reduce((sum, cell) => sum + cell.columns, 0);
  if (total <= room && !isCutBefore && !isCutBehind)
    return { cells, text: cells.map((cell) => cell.text).join(""), lead: 0 };
  const marked = Math.max(
    0,
    cells.findIndex((cell) => cell.offset >= markedOffset),
  );
  const from = Math.max(0, marked - 16);
  const lead = from > 0 || isCutBefore ? 1 : 0;
  const kept: Cell[] = [];
  let columns = lead + 1;
  for (const cell of cells.slice(from)) {
    if (columns + cell.columns > room) break;
    kept.push(cell);
    columns += cell.columns;
  }
  const isCut = from + kept.length < cells.length || isCutBehind;
  return {
    cells: kept,
    text: `${lead === 1 ? "…" : ""}${kept.map((cell) => cell.text).join("")}${isCut ? "…" : ""}`,
    lead,
  };
}
