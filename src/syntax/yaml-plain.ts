import type { Span } from "../diagnostic/diagnostic.ts";
import type { ListTree, MapEntry, MapTree, ScalarTree, Tree } from "./yaml-tree.ts";

/* Nine configurations in ten are block maps, dashes, plain words and brackets that close on their line. Those are read here, an
 * order of magnitude faster than a whole YAML parser does; for anything else the answer is "unsure", and the parser decides.
 * `yaml-plain.test.ts` holds the two against each other. */

/** Thrown, and caught in this file, where the text is beyond this reader. */
const unsure = Symbol("unsure");

interface Cursor {
  readonly file: string;
  readonly text: string;
  /** Lines with something in them: where the line's first character stands, and how far it is indented. */
  readonly lines: readonly Line[];
  at: number;
  nodes: number;
}

interface Line {
  readonly start: number;
  readonly end: number;
  readonly indent: number;
}

/** What takes the time is linear in the text; this bounds the memory. */
const maxNodes = 50_000;
const maxDepth = 16;

/** The tree of a text in plain block style, or undefined where a whole parser must look at it. Never wrong: a text with a syntax
 *  problem, a key said twice or anything unusual is not read here. */
export function readPlainTree(file: string, text: string): Tree | undefined {
  const lines = linesOf(text);
  const first = lines?.[0];
  if (lines === undefined || first === undefined) return undefined;
  const cursor: Cursor = { file, text, lines, at: 0, nodes: 0 };
  try {
    const tree = readBlock(cursor, first.indent, 0);
    return cursor.at === lines.length ? tree : undefined;
  } catch (problem) {
    if (problem === unsure) return undefined;
    throw problem;
  }
}

/* Comments, and the mark behind which the document begins. */
const preamble = /(?:#.*\n)*---\n/y;
const marker = /(?:^|\n)(?:---|\.\.\.|%)/g;

/** Lines without blank ones and comments; undefined where a character in the text may mean more than itself. */
function linesOf(text: string): readonly Line[] | undefined {
  preamble.lastIndex = 0;
  const skipped = preamble.test(text) ? preamble.lastIndex : 0;
  // Another document, or a directive.
  marker.lastIndex = Math.max(0, skipped - 1);
  if (/[\t\r\u0085\u2028\u2029\ufeff]/.test(text) || marker.test(text)) return undefined;
  const lines: Line[] = [];
  let from = skipped;
  while (from < text.length) {
    const feed = text.indexOf("\n", from);
    const end = feed === -1 ? text.length : feed;
    let start = from;
    while (start < end && text.charCodeAt(start) === 32) start++;
    if (start < end && text.charCodeAt(start) !== 35) lines.push({ start, end, indent: start - from });
    from = end + 1;
  }
  return lines;
}

function readBlock(cursor: Cursor, indent: number, depth: number): Tree {
  if (depth > maxDepth) throw unsure;
  const line = lineAt(cursor);
  return isDash(cursor.text, line.start) ? readList(cursor, indent, depth) : readMap(cursor, indent, depth, line.start);
}

function lineAt(cursor: Cursor): Line {
  const line = cursor.lines[cursor.at];
  if (line === undefined) throw unsure;
  return line;
}

function isDash(text: string, at: number): boolean {
  return text.charCodeAt(at) === 45 && (text[at + 1] === " " || text[at + 1] === "\n" || text[at + 1] === undefined);
}

function readList(cursor: Cursor, indent: number, depth: number): ListTree {
  const items: Tree[] = [];
  const start = lineAt(cursor).start;
  for (
    let line = cursor.lines[cursor.at];
    line !== undefined && line.indent === indent;
    line = cursor.lines[cursor.at]
  ) {
    if (!isDash(cursor.text, line.start)) break;
    const at = skipBlanks(cursor.text, line.start + 1);
    // A dash with its item below it, or a dash after a dash, is rare.
    if (at >= line.end || cursor.text[at] === "#" || isDash(cursor.text, at)) throw unsure;
    items.push(
      keyEnd(cursor.text, at) === undefined
        ? readValue(cursor, at, line, indent)
        : readMap(cursor, at - line.start + indent, depth + 1, at),
    );
  }
  const last = items.at(-1);
  const next = cursor.lines[cursor.at];
  if (last === undefined || (next !== undefined && next.indent > indent)) throw unsure;
  return { kind: "list", at: { file: cursor.file, start, end: last.at.end }, items };
}

/** A block map whose first key stands at `start`, perhaps behind a dash. */
function readMap(cursor: Cursor, indent: number, depth: number, start: number): MapTree {
  if (depth > maxDepth) throw unsure;
  const entries: MapEntry[] = [];
  const seen = new Set<string>();
  let at = start;
  for (;;) {
    const line = lineAt(cursor);
    const key = readKey(cursor, at);
    if (seen.has(key.text) || /^(__proto__|constructor|prototype|~|null|Null|NULL)$/.test(key.text)) throw unsure;
    seen.add(key.text);
    entries.push({
      key: key.text,
      keyAt: key.at,
      value: readEntryValue(cursor, key.after, key.at, line, indent, depth),
    });
    const next = cursor.lines[cursor.at];
    if (next === undefined || next.indent < indent) break;
    if (next.indent > indent || isDash(cursor.text, next.start)) throw unsure;
    at = next.start;
  }
  const last = entries.at(-1);
  return { kind: "map", at: { file: cursor.file, start, end: last?.value.at.end ?? start }, entries };
}

interface Key {
  readonly text: string;
  readonly at: Span;
  /** Behind the colon. */
  readonly after: number;
}

const plainKey = /[A-Za-z0-9_.][\w./+@-]*(?=:(?:[ \n]|$))/y;
const quotedKey = /"[^"\\\n]*"(?=:(?:[ \n]|$))|'[^'\n]*'(?=:(?:[ \n]|$))/y;

/** Where a key that begins at `at` ends, or undefined where none does. */
function keyEnd(text: string, at: number): number | undefined {
  const pattern = text[at] === '"' || text[at] === "'" ? quotedKey : plainKey;
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : undefined;
}

function readKey(cursor: Cursor, at: number): Key {
  const end = keyEnd(cursor.text, at);
  if (end === undefined) throw unsure;
  const isQuoted = cursor.text[at] === '"' || cursor.text[at] === "'";
  const text = isQuoted ? cursor.text.slice(at + 1, end - 1) : cursor.text.slice(at, end);
  return { text, at: { file: cursor.file, start: at, end }, after: end + 1 };
}

function readEntryValue(cursor: Cursor, after: number, keyAt: Span, line: Line, indent: number, depth: number): Tree {
  const at = skipBlanks(cursor.text, after);
  if (at < line.end && cursor.text[at] !== "#") return readValue(cursor, at, line, indent);
  if (at < line.end && at === after) throw unsure;
  cursor.at++;
  const next = cursor.lines[cursor.at];
  const isBelow =
    next !== undefined && (next.indent > indent || (next.indent === indent && isDash(cursor.text, next.start)));
  if (isBelow) return readBlock(cursor, next.indent, depth + 1);
  return count(cursor, { kind: "scalar", at: keyAt, value: null, source: "" });
}

/** A value that stands on its line and ends there. */
function readValue(cursor: Cursor, at: number, line: Line, indent: number): Tree {
  const first = cursor.text[at];
  const { tree, end } =
    first === "[" || first === "{" ? readFlow(cursor, at, line.end, 0) : readScalar(cursor, at, line.end);
  const rest = skipBlanks(cursor.text, end);
  if (rest < line.end && (cursor.text[rest] !== "#" || rest === end)) throw unsure;
  cursor.at++;
  const next = cursor.lines[cursor.at];
  // Further in, it would be the same scalar's next line.
  if (next !== undefined && next.indent > indent) throw unsure;
  return tree;
}

interface Read {
  readonly tree: Tree;
  readonly end: number;
}

function readScalar(cursor: Cursor, at: number, lineEnd: number): Read {
  const quoted = readQuoted(cursor, at);
  if (quoted !== undefined) return quoted;
  if (!/[A-Za-z0-9_./~(+-]/.test(cursor.text[at] ?? "")) throw unsure;
  let end = lineEnd;
  const comment = cursor.text.slice(at, lineEnd).indexOf(" #");
  if (comment !== -1) end = at + comment;
  while (end > at && cursor.text[end - 1] === " ") end--;
  const source = cursor.text.slice(at, end);
  if (source.includes(": ") || source.endsWith(":") || isDash(cursor.text, at)) throw unsure;
  return { tree: plainScalar(cursor, source, at, end), end };
}

const quotedScalar = /"((?:[^"\\\n]|\\["\\])*)"|'([^'\n]*)'(?!')/y;

function readQuoted(cursor: Cursor, at: number): Read | undefined {
  const first = cursor.text[at];
  if (first !== '"' && first !== "'") return undefined;
  quotedScalar.lastIndex = at;
  const found = quotedScalar.exec(cursor.text);
  if (found === null) throw unsure;
  const value = found[1]?.replace(/\\(.)/g, "$1") ?? found[2] ?? "";
  const end = quotedScalar.lastIndex;
  const tree: ScalarTree = { kind: "scalar", at: { file: cursor.file, start: at, end }, value, source: value };
  return { tree: count(cursor, tree), end };
}

function plainScalar(cursor: Cursor, source: string, start: number, end: number): ScalarTree {
  return count(cursor, { kind: "scalar", at: { file: cursor.file, start, end }, value: valueOfPlain(source), source });
}

/** As the core schema of YAML 1.2 resolves a plain scalar; the rarer forms of numbers are left to the parser. */
function valueOfPlain(source: string): ScalarTree["value"] {
  if (/^(?:~|null|Null|NULL)$/.test(source)) return null;
  if (/^(?:true|True|TRUE)$/.test(source)) return true;
  if (/^(?:false|False|FALSE)$/.test(source)) return false;
  if (/^(?:\d|-[1-9])\d{0,14}$/.test(source)) return Number(source);
  if (/^[-+]?(?:\d+(?:\.\d*)?|\.\d+)(?:e[-+]?\d+)?$|^0[xo]|^[-+]?\.(?:inf|nan)$/i.test(source)) throw unsure;
  return source;
}

/** A list or map in brackets that ends on its line, of plain words, quoted texts and such lists and maps. */
function readFlow(cursor: Cursor, start: number, lineEnd: number, depth: number): Read {
  if (depth > maxDepth) throw unsure;
  const isList = cursor.text[start] === "[";
  const close = isList ? "]" : "}";
  const items: Tree[] = [];
  const entries: MapEntry[] = [];
  const seen = new Set<string>();
  let at = skipBlanks(cursor.text, start + 1);
  while (cursor.text[at] !== close) {
    if (items.length + entries.length > 0) {
      if (cursor.text[at] !== ",") throw unsure;
      at = skipBlanks(cursor.text, at + 1);
    }
    const key = isList ? undefined : readKey(cursor, at);
    if (key !== undefined) {
      if (seen.has(key.text) || /^(__proto__|constructor|prototype|~|null|Null|NULL)$/.test(key.text)) throw unsure;
      seen.add(key.text);
      at = skipBlanks(cursor.text, key.after);
    }
    const { tree, end } = readFlowValue(cursor, at, lineEnd, depth);
    if (key === undefined) items.push(tree);
    else entries.push({ key: key.text, keyAt: key.at, value: tree });
    at = skipBlanks(cursor.text, end);
    if (at >= lineEnd) throw unsure;
  }
  const place = { file: cursor.file, start, end: at + 1 };
  const tree: Tree = isList ? { kind: "list", at: place, items } : { kind: "map", at: place, entries };
  return { tree: count(cursor, tree), end: at + 1 };
}

const flowWord = /[A-Za-z0-9_./~][\w./+@~:*%-]*/y;

function readFlowValue(cursor: Cursor, at: number, lineEnd: number, depth: number): Read {
  const first = cursor.text[at];
  if (first === "[" || first === "{") return readFlow(cursor, at, lineEnd, depth + 1);
  const quoted = readQuoted(cursor, at);
  const end = quoted?.end ?? flowWordEnd(cursor, at);
  // A key in a list of brackets, words with blanks between them, an adjacent colon.
  const next = cursor.text[skipBlanks(cursor.text, end)];
  if (next !== "," && next !== "]" && next !== "}") throw unsure;
  return quoted ?? { tree: plainScalar(cursor, cursor.text.slice(at, end), at, end), end };
}

function flowWordEnd(cursor: Cursor, at: number): number {
  flowWord.lastIndex = at;
  if (!flowWord.test(cursor.text) || cursor.text[flowWord.lastIndex - 1] === ":") throw unsure;
  return flowWord.lastIndex;
}

function count<T extends Tree>(cursor: Cursor, tree: T): T {
  if (++cursor.nodes > maxNodes) throw unsure;
  return tree;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (text.charCodeAt(at) === 32) at++;
  return at;
}
