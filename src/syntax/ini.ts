import type { Span } from "../diagnostic/diagnostic.ts";

/** The two grammars that are called INI here. "unit": systemd's (conf-parser.c). "keyfile": GLib's (gkeyfile.c), as NetworkManager
 *  reads it; its escapes (\s, \n, \\) and lists are left to the dialect. */
export type IniGrammar = "unit" | "keyfile";

/** A file of sections, in order; a repeated section or key stands as often as it was written. */
export interface IniFile {
  readonly sections: readonly IniSection[];
  readonly comments: readonly IniComment[];
  readonly problems: readonly IniProblem[];
}

export interface IniSection {
  readonly name: string;
  /** The header line. */
  readonly at: Span;
  readonly entries: readonly IniEntry[];
}

export interface IniEntry {
  readonly key: string;
  /** "unit": without white space at its ends, continuation lines joined. "keyfile": white space at its end is part of it. */
  readonly value: string;
  readonly keyAt: Span;
  readonly valueAt: Span;
  /** Where the pieces of a value on several lines stand; absent: the value stands as it is at `valueAt`. */
  readonly pieces?: readonly IniPiece[];
}

interface IniPiece {
  /** Offset in the value. */
  readonly from: number;
  /** Offset in the file. */
  readonly at: number;
}

export interface IniComment {
  /** With its mark, "#" or ";". */
  readonly text: string;
  readonly at: Span;
}

/** A line that is none. systemd skips it; GLib refuses the whole file. */
export interface IniProblem {
  readonly what: "outside-section" | "no-equals" | "no-key" | "bad-header";
  readonly at: Span;
}

/** Reads a file in one of the two grammars. Never throws; linear time; every line is an entry, a section, a comment or a problem. */
export function readIni(file: string, text: string, grammar: IniGrammar): IniFile {
  const reading: Reading = { file, rules: grammars[grammar], sections: [], comments: [], problems: [] };
  let open: Piece[] = [];
  eachLine(text, reading.rules.lineEnd, (start, end) => {
    const from = skipSpace(text, start, end);
    if (from < end && reading.rules.marks.includes(text.charAt(from))) {
      reading.comments.push({ text: text.slice(from, end), at: { file, start: from, end } });
      return;
    }
    const continues = reading.rules.continues && endsInBackslash(text, start, end);
    // Most entries are a line each.
    if (open.length === 0 && !continues) {
      takeLine(reading, { text: text.slice(start, end), at: start, pieces: undefined });
      return;
    }
    open.push({ at: start, text: continues ? `${text.slice(start, end - 1)} ` : text.slice(start, end) });
    if (continues) return;
    takeLine(reading, joined(open));
    open = [];
  });
  if (open.length > 0) takeLine(reading, joined(open));
  return { sections: reading.sections, comments: reading.comments, problems: reading.problems };
}

/** The place of a part of an entry's value: offsets in the value, end exclusive. */
export function partOfValue(entry: IniEntry, start: number, end: number): Span {
  const { file } = entry.valueAt;
  return {
    file,
    start: placeInFile(entry, start),
    end: Math.max(placeInFile(entry, end - 1) + 1, placeInFile(entry, start)),
  };
}

/** The words of an entry's value, as white space parts them, each with its place. */
export function wordsOf(entry: IniEntry): readonly { readonly text: string; readonly at: Span }[] {
  return [...entry.value.matchAll(/[^ \t\n\r]+/g)].map((match) => ({
    text: match[0],
    at: partOfValue(entry, match.index, match.index + match[0].length),
  }));
}

interface Rules {
  readonly marks: string;
  readonly continues: boolean;
  readonly lineEnd: RegExp;
  /** Whether white space at a value's end is part of it. */
  readonly keepsTail: boolean;
}

/** systemd's read_line() ends a line at a line feed, a carriage return or a NUL; GLib's reader at a line feed with or without a carriage
 *  return before it. */
const grammars: Readonly<Record<IniGrammar, Rules>> = {
  unit: { marks: "#;", continues: true, lineEnd: /\r\n|\n\r|[\n\r\0]/g, keepsTail: false },
  keyfile: { marks: "#", continues: false, lineEnd: /\r?\n/g, keepsTail: true },
};

interface Reading {
  readonly file: string;
  readonly rules: Rules;
  readonly sections: Section[];
  readonly comments: IniComment[];
  readonly problems: IniProblem[];
}

interface Section extends IniSection {
  readonly entries: IniEntry[];
}

interface Piece {
  readonly at: number;
  readonly text: string;
}

/** Tells the lines of a text as offsets, without their ends; a byte order mark at the start is no text. */
function eachLine(text: string, lineEnd: RegExp, tell: (start: number, end: number) => void): void {
  let start = text.startsWith("\uFEFF") ? 1 : 0;
  // Most files have nothing but line feeds.
  if (!/[\r\0]/.test(text)) {
    for (let end = text.indexOf("\n", start); end !== -1; end = text.indexOf("\n", start)) {
      tell(start, end);
      start = end + 1;
    }
  } else {
    for (const match of text.matchAll(lineEnd)) {
      if (match.index >= start) tell(start, match.index);
      start = match.index + match[0].length;
    }
  }
  if (start < text.length) tell(start, text.length);
}

function isSpace(char: string): boolean {
  return char === " " || char === "\t" || char === "\r" || char === "\n";
}

function skipSpace(text: string, start: number, end: number): number {
  let at = start;
  while (at < end && isSpace(text.charAt(at))) at++;
  return at;
}

function skipSpaceBack(text: string, start: number, end: number): number {
  let at = end;
  while (at > start && isSpace(text.charAt(at - 1))) at--;
  return at;
}

/** An odd number of backslashes: the last is not itself escaped. */
function endsInBackslash(text: string, start: number, end: number): boolean {
  let at = end;
  while (at > start && text.charAt(at - 1) === "\\") at--;
  return (end - at) % 2 === 1;
}

function takeLine(reading: Reading, line: Line): void {
  const { text } = line;
  const start = skipSpace(text, 0, text.length);
  const end = skipSpaceBack(text, start, text.length);
  if (start === end) return;
  const section = reading.sections.at(-1);
  const equals = text.charAt(start) === "[" ? -1 : text.indexOf("=", start);
  if (section !== undefined && equals > start) {
    section.entries.push(entryOf(reading, line, start, equals));
    return;
  }
  const at = { file: reading.file, start: placeInLine(line, start), end: placeInLine(line, end - 1) + 1 };
  if (text.charAt(start) === "[") {
    if (text.charAt(end - 1) !== "]") reading.problems.push({ what: "bad-header", at });
    else reading.sections.push({ name: text.slice(start + 1, end - 1), at, entries: [] });
  } else if (section === undefined) reading.problems.push({ what: "outside-section", at });
  else reading.problems.push({ what: equals === -1 ? "no-equals" : "no-key", at });
}

function entryOf(reading: Reading, line: Line, start: number, equals: number): IniEntry {
  const { text } = line;
  const { file, rules } = reading;
  const keyEnd = skipSpaceBack(text, start, equals);
  const from = skipSpace(text, equals + 1, text.length);
  const to = rules.keepsTail ? text.length : skipSpaceBack(text, from, text.length);
  const entry = {
    key: text.slice(start, keyEnd),
    value: text.slice(from, to),
    keyAt: { file, start: placeInLine(line, start), end: placeInLine(line, keyEnd - 1) + 1 },
    // An empty value stands behind the equals sign.
    valueAt:
      to > from
        ? { file, start: placeInLine(line, from), end: placeInLine(line, to - 1) + 1 }
        : empty(file, placeInLine(line, equals) + 1),
  };
  return line.pieces === undefined ? entry : { ...entry, pieces: shifted(line.pieces, from) };
}

function empty(file: string, at: number): Span {
  return { file, start: at, end: at };
}

interface Line {
  readonly text: string;
  /** Where it begins in the file. */
  readonly at: number;
  /** Of a line that goes on in others: where its pieces stand. */
  readonly pieces: readonly IniPiece[] | undefined;
}

/** Where a character of a line stands in the file. */
function placeInLine({ at, pieces }: Line, offset: number): number {
  return pieces === undefined ? at + offset : placeIn(pieces, offset);
}

function joined(parts: readonly Piece[]): Line {
  const pieces: IniPiece[] = [];
  let from = 0;
  for (const { at, text } of parts) {
    pieces.push({ from, at });
    from += text.length;
  }
  const [first] = parts;
  const text = parts.map((part) => part.text).join("");
  return { text, at: first?.at ?? 0, pieces: pieces.length > 1 ? pieces : undefined };
}

/** The same places, counted from where the value begins. */
function shifted(pieces: readonly IniPiece[], by: number): readonly IniPiece[] {
  const next = pieces.findIndex(({ from }) => from > by);
  const first = next === -1 ? pieces.length - 1 : next - 1;
  return pieces.slice(first).map(({ from, at }) => ({ from: from - by, at }));
}

function placeInFile(entry: IniEntry, offset: number): number {
  return entry.pieces === undefined ? entry.valueAt.start + offset : placeIn(entry.pieces, offset);
}

/** Binary search: a value may have as many lines as the file. */
function placeIn(pieces: readonly IniPiece[], offset: number): number {
  let low = 0;
  let high = pieces.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((pieces[middle]?.from ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  const piece = pieces[low] ?? { from: 0, at: 0 };
  return piece.at + offset - piece.from;
}
