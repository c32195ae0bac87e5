import { formatCable, parseCableText } from "../config/cables.ts";
import { flow } from "../config/render-text.ts";
import { entryOf, plainOf } from "../syntax/yaml-place.ts";
import { type MapEntry, type MapTree, readTree, type Tree } from "../syntax/yaml-tree.ts";
import { isSame } from "./keeps.ts";

export interface Merging {
  /** What was asked for by name: the values at these places are replaced, or taken out where the new document has none. */
  readonly asked?: readonly string[];
  /** What the first says anyhow, spelt out: it isn't said again. */
  readonly meant?: string;
}

interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

interface Merge {
  readonly text: string;
  readonly wanted: string;
  readonly asked: ReadonlySet<string>;
  readonly edits: Edit[];
}

/** Adds to a file what another says beside it. What the first says stays to the letter, comments and blanks included, but for values that
 *  were asked for. Both must be sound. Doing it twice changes nothing. */
export function mergeDocument(file: string, text: string, wanted: string, { asked = [], meant = "" }: Merging): string {
  const [mine, theirs] = [readTree(file, text).tree, readTree(file, wanted).tree];
  if (mine?.kind !== "map" || theirs?.kind !== "map") return wanted;
  const merge: Merge = { text, wanted, asked: new Set(asked), edits: [] };
  mergeMaps(merge, "", mine, theirs, readTree(file, meant).tree);
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  // Of two at one place the later one belongs behind.
  return merge.edits
    .toReversed()
    .toSorted((one, other) => other.start - one.start)
    .reduce(
      (result, { start, end, text: put }) => result.slice(0, start) + put.replaceAll("\n", eol) + result.slice(end),
      text,
    );
}

function mergeMaps(merge: Merge, path: string, mine: MapTree, theirs: MapTree, meant?: Tree): void {
  const missing: MapEntry[] = [];
  for (const entry of theirs.entries) {
    const here = path === "" ? entry.key : `${path}.${entry.key}`;
    const own = entryOf(mine, entry.key);
    const said = entryOf(meant, entry.key)?.value;
    if (own !== undefined) mergeValues(merge, here, own.value, entry.value, said);
    else if (!isSame(entry.value, said)) missing.push(entry);
  }
  if (missing.length > 0) addEntries(merge, mine, missing);
  for (const { key, keyAt, value } of mine.entries) {
    const here = path === "" ? key : `${path}.${key}`;
    if (merge.asked.has(here) && entryOf(theirs, key) === undefined)
      merge.edits.push({ ...wholeLines(merge.text, keyAt.start, endOf(merge.text, value)), text: "" });
  }
}

function mergeValues(merge: Merge, path: string, mine: Tree, theirs: Tree, meant: Tree | undefined): void {
  if (mine.kind === "map" && theirs.kind === "map") {
    mergeMaps(merge, path, mine, theirs, meant);
    return;
  }
  const identity = identities.get(path);
  if (identity !== undefined && mine.kind === "list" && theirs.kind === "list") {
    mergeItems(merge, path, mine, theirs, identity);
    return;
  }
  if (merge.asked.has(path) && !isSame(mine, theirs))
    merge.edits.push({ start: mine.at.start, end: endOf(merge.text, mine), text: flow(plainOf(theirs) as never) });
}

/** By what an item of a list is the same as one of another. */
const identities: ReadonlyMap<string, (item: Tree) => readonly string[]> = new Map([
  ["bond", (item: Tree) => [nameOf(item, "bond0")]],
  ["bond.ports", (item: Tree) => [nameOf(item, "")]],
  [
    "topology.cables",
    (item: Tree) => {
      const read = parseCableText(String(plainOf(item)));
      return read.ok ? read.value.map(formatCable) : [];
    },
  ],
]);

function nameOf(item: Tree, without: string): string {
  const name = item.kind === "map" ? entryOf(item, "name")?.value : item;
  return name === undefined ? without : String(plainOf(name));
}

function mergeItems(
  merge: Merge,
  path: string,
  mine: Extract<Tree, { kind: "list" }>,
  theirs: Extract<Tree, { kind: "list" }>,
  identity: (item: Tree) => readonly string[],
): void {
  const known = new Map(mine.items.flatMap((item) => identity(item).map((id) => [id, item] as const)));
  const missing: Tree[] = [];
  for (const item of theirs.items) {
    const [id = ""] = identity(item);
    const own = known.get(id);
    if (own === undefined) missing.push(item);
    else if (own.kind === "map" && item.kind === "map") mergeMaps(merge, path, own, item);
    else if (own.kind === "scalar" && item.kind === "map")
      merge.edits.push({ start: own.at.start, end: endOf(merge.text, own), text: flow(plainOf(item) as never) });
  }
  if (missing.length > 0) addItems(merge, mine, missing);
}

/** Behind the last entry: on lines of their own, or within the braces. */
function addEntries(merge: Merge, mine: MapTree, missing: readonly MapEntry[]): void {
  const last = mine.entries.at(-1);
  if (last === undefined || isFlow(merge.text, mine, "{")) {
    const said = missing.map(({ key, value }) => flow({ [key]: plainOf(value) }).slice(1, -1)).join(", ");
    const at = last?.value.at.end ?? mine.at.start + 1;
    merge.edits.push({ start: at, end: at, text: last === undefined ? said : `, ${said}` });
    return;
  }
  const indent = indentOf(merge.text, last.keyAt.start);
  const at = behind(merge.text, Math.max(endOf(merge.text, last.value), last.keyAt.end), indent);
  const isTop = indent === "";
  const blocks = missing.map((entry) => {
    if (isWithin(merge.wanted, entry.keyAt.start))
      return `\n${indent}${flow({ [entry.key]: plainOf(entry.value) }).slice(1, -1)}`;
    const block = blockOf(
      merge.wanted,
      entry.keyAt.start,
      entry.value.at.end,
      indent,
      isTop ? "with-comments" : "alone",
    );
    return isTop ? `\n\n${block}` : `\n${block}`;
  });
  merge.edits.push({ start: at, end: at, text: blocks.join("") });
}

function addItems(merge: Merge, mine: Extract<Tree, { kind: "list" }>, missing: readonly Tree[]): void {
  const last = mine.items.at(-1);
  if (last === undefined || isFlow(merge.text, mine, "[")) {
    const said = missing.map((item) => flow(plainOf(item) as never)).join(", ");
    const at = last?.at.end ?? mine.at.start + 1;
    merge.edits.push({ start: at, end: at, text: last === undefined ? said : `, ${said}` });
    return;
  }
  const indent = indentOf(merge.text, last.at.start);
  const at = behind(merge.text, endOf(merge.text, last), indent);
  const blocks = missing.map((item) => `\n${itemOf(merge, item, indent)}`);
  merge.edits.push({ start: at, end: at, text: blocks.join("") });
}

function itemOf({ wanted }: Merge, item: Tree, indent: string): string {
  const start = wanted.lastIndexOf("\n", item.at.start) + 1;
  if (!/^ *- /.test(wanted.slice(start, item.at.start))) return `${indent}- ${flow(plainOf(item) as never)}`;
  return blockOf(wanted, start, item.at.end, indent, "alone");
}

/** The lines of a thing of the wanted document, moved to another depth. */
function blockOf(
  wanted: string,
  start: number,
  end: number,
  indent: string,
  comments: "alone" | "with-comments",
): string {
  let from = wanted.lastIndexOf("\n", start) + 1;
  const own = indentOf(wanted, start);
  while (comments === "with-comments") {
    const before = wanted.lastIndexOf("\n", from - 2) + 1;
    if (from === 0 || !wanted.slice(before, from).startsWith("#")) break;
    from = before;
  }
  const lines = wanted.slice(from, lineEnd(wanted, end)).split("\n");
  return lines.map((line) => (line === "" ? "" : indent + line.slice(Math.min(own.length, line.length)))).join("\n");
}

function isFlow(text: string, { at }: Tree, brace: string): boolean {
  return text[at.start] === brace;
}

/** The blanks before the first thing on the line of a place. */
function indentOf(text: string, at: number): string {
  return /^ */.exec(text.slice(text.lastIndexOf("\n", at - 1) + 1))?.[0] ?? "";
}

/** Where the line of a place ends, before its line break. */
function lineEnd(text: string, at: number): number {
  const end = text.indexOf("\n", at);
  if (end === -1) return text.length;
  return text[end - 1] === "\r" && end > at ? end - 1 : end;
}

/** Where a value ends: of a text in folds before its last line break, which ends the line and not the next one. */
function endOf(text: string, { at }: Tree): number {
  if (text[at.end - 1] !== "\n" || at.end <= at.start) return at.end;
  return text[at.end - 2] === "\r" ? at.end - 2 : at.end - 1;
}

/** Where the next thing of a map or a list belongs: behind its last one, and behind the comments below that, which speak of it too. */
function behind(text: string, last: number, indent: string): number {
  const more = new RegExp(`(?:\\r?\\n[ \\t]*)*\\r?\\n${indent === "" ? " " : indent} *#[^\\r\\n]*`, "y");
  let end = lineEnd(text, last);
  for (more.lastIndex = end; more.test(text); ) end = more.lastIndex;
  return end;
}

/** Whether other words stand before it on its line: it is part of a map in braces, say. */
function isWithin(text: string, at: number): boolean {
  return text.slice(text.lastIndexOf("\n", at - 1) + 1, at).trim() !== "";
}

function wholeLines(text: string, start: number, end: number): { readonly start: number; readonly end: number } {
  const next = text.indexOf("\n", end);
  return { start: text.lastIndexOf("\n", start - 1) + 1, end: next === -1 ? text.length : next + 1 };
}
