import type { Span } from "../diagnostic/diagnostic.ts";

/** A word as the shell passes it on: quotes and backslashes done, expansions left as they are written. */
export interface ShellWord {
  readonly text: string;
  readonly at: Span;
  /** Something in it would be replaced ($NAME, $(command), backquotes): what it stands for is not known here. */
  readonly expands: boolean;
  /** Something in it is quoted: it is no keyword, and no assignment where the name is. */
  readonly quoted: boolean;
  /** A quote in it is never closed. */
  readonly unclosed: boolean;
  /** Where the runs of its text stand. */
  readonly pieces: readonly Piece[];
}

interface Piece {
  /** Offset in the text. */
  readonly from: number;
  /** Offset in the file. */
  readonly at: number;
}

/** One simple command: words between operators. Keywords such as `if` are words like any other. */
export interface ShellCommand {
  readonly words: readonly ShellWord[];
  readonly redirects: readonly { readonly operator: string; readonly target: ShellWord }[];
  readonly at: Span;
  /** The operator it stands behind: "" for the first on a line, else ";", "&&", "||", "|", "&", "(" or ")". */
  readonly after: string;
  /** The operator that ends it; "" at the end of a line. */
  readonly before: string;
}

/** The place of a part of a word's text: offsets in the text, end exclusive. */
export function partOfWord(word: ShellWord, start: number, end: number): Span {
  const place = (offset: number): number => {
    const piece = lastUpTo(word.pieces, offset);
    return piece === undefined ? word.at.start : Math.min(word.at.end, piece.at + offset - piece.from);
  };
  const from = place(start);
  return { file: word.at.file, start: from, end: end > start ? Math.max(from, place(end - 1) + 1) : from };
}

/** The last of the pieces that begins at an offset or before it. */
function lastUpTo(pieces: readonly Piece[], offset: number): Piece | undefined {
  let [low, high] = [0, pieces.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((pieces[middle]?.from ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return pieces[low - 1];
}

interface Scan {
  readonly file: string;
  readonly text: string;
  at: number;
  /** Quotes that were once looked for to the end of the file and not found: from then on a line is the limit. */
  readonly endless: Set<string>;
  /** Where the next closing brace or end of a line stands, as far as it was looked for; the text's end where none does. */
  braceStop: number;
  /** Words that end the here-documents begun on this line. */
  heredocs: string[];
}

/** Splits a text into simple commands, as a POSIX shell does. Nothing is run or expanded. Never throws; linear time. */
export function readCommands(file: string, text: string): readonly ShellCommand[] {
  const scan: Scan = { file, text, at: 0, endless: new Set(), braceStop: -1, heredocs: [] };
  const commands: ShellCommand[] = [];
  let after = "";
  while (scan.at < text.length) {
    const command = readCommand(scan, after);
    if (command.words.length > 0 || command.redirects.length > 0) commands.push(command);
    after = command.before;
  }
  return commands;
}

const operator = /&&|\|\||;;|[;&|()]/y;
/* What the two can begin with: most words begin with neither, and needn't be asked by an expression. */
const operators = ";&|()";
const redirecting = "0123456789<>";
const redirect = /\d{0,3}(?:<<-|<<|>>|>&|<&|>\||[<>])/y;

function readCommand(scan: Scan, after: string): ShellCommand {
  const words: ShellWord[] = [];
  const redirects: ShellCommand["redirects"][number][] = [];
  const { text, file } = scan;
  let start = -1;
  let end = scan.at;
  const done = (before: string): ShellCommand => ({
    words,
    redirects,
    at: { file, start: start < 0 ? end : start, end },
    after,
    before,
  });
  for (;;) {
    skipBlanks(scan);
    if (scan.at >= text.length) return done("");
    if (text[scan.at] === "\n") {
      scan.at++;
      skipHeredocs(scan);
      return done("");
    }
    const ends = operators.includes(text.charAt(scan.at)) ? match(operator, scan) : undefined;
    if (ends !== undefined) return done(ends);
    if (start < 0) start = scan.at;
    const into = redirecting.includes(text.charAt(scan.at)) ? match(redirect, scan) : undefined;
    if (into !== undefined) {
      skipBlanks(scan);
      const target = readWord(scan);
      redirects.push({ operator: into, target });
      if (into.endsWith("<<") || into.endsWith("<<-")) scan.heredocs.push(target.text);
    } else words.push(readWord(scan));
    end = scan.at;
  }
}

function match(pattern: RegExp, scan: Scan): string | undefined {
  pattern.lastIndex = scan.at;
  const found = pattern.exec(scan.text)?.[0];
  if (found !== undefined) scan.at += found.length;
  return found;
}

const blanks = /(?:[ \t\r\v\f]|\\\r?\n)+/y;
const blank = " \t\r\v\f\\";

function skipBlanks(scan: Scan): void {
  // A single space between words is what stands there mostly.
  if (scan.text[scan.at] === " ") scan.at++;
  if (scan.at < scan.text.length && blank.includes(scan.text.charAt(scan.at))) match(blanks, scan);
  if (scan.text[scan.at] === "#") scan.at = lineEnd(scan.text, scan.at);
}

function skipHeredocs(scan: Scan): void {
  for (const word of scan.heredocs) {
    while (scan.at < scan.text.length) {
      const end = lineEnd(scan.text, scan.at);
      const line = scan.text.slice(scan.at, end);
      scan.at = end + 1;
      if (line.trim() === word) break;
    }
  }
  scan.heredocs = [];
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}

interface Draft {
  text: string[];
  length: number;
  readonly pieces: Piece[];
  expands: boolean;
  quoted: boolean;
  unclosed: boolean;
}

/* What ends a run of characters that mean themselves. A table, because most of every script is such runs. */
const ending = new Set([..." \t\r\v\f\n\\'\"$`;&|()<>"].map((char) => char.charCodeAt(0)));
const endsRun = Uint8Array.from({ length: 128 }, (_, code) => Number(ending.has(code)));

/** Where the run of characters that mean themselves ends. */
function runEnd(text: string, from: number): number {
  let at = from;
  while (at < text.length && endsRun[text.charCodeAt(at)] !== 1) at++;
  return at;
}

/* What begins a part of a word that is more than its characters. */
const special = "\\'\"$`";

/** Reads one word; empty where none begins. */
function readWord(scan: Scan): ShellWord {
  const { file, text } = scan;
  const start = scan.at;
  const end = runEnd(text, start);
  // Most words are one run and nothing else.
  if (end > start && !special.includes(text.charAt(end) || " ")) {
    scan.at = end;
    const pieces = [{ from: 0, at: start }];
    const at = { file, start, end };
    return { text: text.slice(start, end), at, expands: false, quoted: false, unclosed: false, pieces };
  }
  return readParts(scan);
}

/** Reads one word of several parts. */
function readParts(scan: Scan): ShellWord {
  const { file, text } = scan;
  const start = scan.at;
  const draft: Draft = { text: [], length: 0, pieces: [], expands: false, quoted: false, unclosed: false };
  while (scan.at < text.length) {
    const at = scan.at;
    const end = runEnd(text, at);
    if (end > at) {
      scan.at = end;
      add(draft, text.slice(at, end), at);
      continue;
    }
    const char = text.charAt(at);
    if (char === "\\") takeEscape(scan, draft);
    else if (char === "'") takeSingle(scan, draft);
    else if (char === '"') takeDouble(scan, draft);
    else if (char === "$" && text[at + 1] === "'") takeAnsi(scan, draft);
    else if (char === "$" || char === "`") takeExpansion(scan, draft, text.length);
    else break;
  }
  const { pieces, expands, quoted, unclosed } = draft;
  return { text: draft.text.join(""), at: { file, start, end: scan.at }, expands, quoted, unclosed, pieces };
}

function add(draft: Draft, text: string, at: number): void {
  draft.pieces.push({ from: draft.length, at });
  draft.text.push(text);
  draft.length += text.length;
}

function takeEscape(scan: Scan, draft: Draft): void {
  const { text, at } = scan;
  const next = text.startsWith("\r\n", at + 1) ? "\r\n" : text.charAt(at + 1);
  scan.at = at + 1 + next.length;
  if (next === "\n" || next === "\r\n") return;
  draft.quoted = true;
  add(draft, next === "" ? "\\" : next, at + 1);
}

function takeSingle(scan: Scan, draft: Draft): void {
  const { text, at } = scan;
  draft.quoted = true;
  let end = scan.endless.has("'") ? -1 : text.indexOf("'", at + 1);
  if (end < 0) {
    scan.endless.add("'");
    draft.unclosed = true;
    end = lineEnd(text, at);
  }
  add(draft, text.slice(at + 1, end), at + 1);
  scan.at = draft.unclosed ? end : end + 1;
}

/** Where a double-quoted part that begins before `from` ends, or -1. */
function closingDouble(scan: Scan, from: number, limit: number): number {
  for (let at = from; at < limit; at++) {
    const char = scan.text[at];
    if (char === "\\") at++;
    else if (char === '"') return at;
  }
  return -1;
}

function takeDouble(scan: Scan, draft: Draft): void {
  const { text } = scan;
  const open = scan.at;
  draft.quoted = true;
  let end = closingDouble(scan, open + 1, scan.endless.has('"') ? lineEnd(text, open) : text.length);
  if (end < 0) {
    scan.endless.add('"');
    draft.unclosed = true;
    end = lineEnd(text, open);
  }
  scan.at = open + 1;
  let from = scan.at;
  const flush = (): void => {
    if (scan.at > from) add(draft, text.slice(from, scan.at), from);
  };
  while (scan.at < end) {
    const char = text[scan.at];
    const next = text[scan.at + 1];
    if (char === "\\" && next !== undefined && '$`"\\\n'.includes(next)) {
      flush();
      scan.at++;
      from = next === "\n" ? scan.at + 1 : scan.at;
      scan.at++;
    } else if (char === "$" || char === "`") {
      flush();
      takeExpansion(scan, draft, end);
      from = scan.at;
    } else scan.at++;
  }
  flush();
  scan.at = draft.unclosed ? Math.max(end, scan.at) : Math.max(end + 1, scan.at);
}

const ansiEscapes: Readonly<Record<string, string>> = {
  n: "\n",
  t: "\t",
  r: "\r",
  a: "\x07",
  b: "\b",
  f: "\f",
  v: "\v",
};
const ansi = /\$'((?:[^'\\\n]|\\[^\n])*)'/y;

/** $'…' of bash, as NetworkManager writes values with line feeds in them. */
function takeAnsi(scan: Scan, draft: Draft): void {
  const { at } = scan;
  ansi.lastIndex = at;
  const found = ansi.exec(scan.text);
  if (found === null) {
    takeExpansion(scan, draft, scan.text.length);
    return;
  }
  draft.quoted = true;
  scan.at += found[0].length;
  const text = (found[1] ?? "").replace(
    /\\(?:([0-7]{1,3})|x([0-9a-fA-F]{1,2})|(.))/gu,
    (_all, octal?: string, hex?: string, letter?: string) =>
      octal !== undefined
        ? String.fromCharCode(Number.parseInt(octal, 8) & 255)
        : hex !== undefined
          ? String.fromCharCode(Number.parseInt(hex, 16))
          : (ansiEscapes[letter ?? ""] ?? letter ?? ""),
  );
  add(draft, text, at + 2);
}

const variable = /\$(?:[A-Za-z_]\w*|[0-9@*#?$!-])/y;
const braceStops = /[}\n]/g;
const backquoted = /`(?:[^`\\\n]|\\[^\n])*`?/y;

/** An expansion, kept as it stands. A command in it ends with its parenthesis, at the latest with its line. */
function takeExpansion(scan: Scan, draft: Draft, limit: number): void {
  const { text, at } = scan;
  if (text.startsWith("$(", at)) scan.at = closingParenthesis(text, at + 1, limit);
  else if (text.startsWith("${", at) && isBraceClosed(scan)) scan.at = scan.braceStop + 1;
  else if (match(text[at] === "`" ? backquoted : variable, scan) === undefined) {
    // A dollar sign by itself.
    scan.at = at + 1;
    add(draft, "$", at);
    return;
  }
  scan.at = Math.min(scan.at, Math.max(limit, at + 1));
  draft.expands = true;
  add(draft, text.slice(at, scan.at), at);
}

/** Whether a brace that is opened here is closed on its line. */
function isBraceClosed(scan: Scan): boolean {
  const { text, at } = scan;
  if (scan.braceStop < at) {
    braceStops.lastIndex = at;
    scan.braceStop = braceStops.exec(text)?.index ?? text.length;
  }
  return text[scan.braceStop] === "}";
}

function closingParenthesis(text: string, from: number, limit: number): number {
  let depth = 0;
  for (let at = from; at < limit; at++) {
    const char = text[at];
    if (char === "\n") return at;
    if (char === "(") depth++;
    if (char === ")" && --depth === 0) return at + 1;
  }
  return limit;
}
