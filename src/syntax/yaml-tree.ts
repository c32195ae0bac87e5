import {
  type Alias,
  type Document,
  isAlias,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  parseDocument,
  visit,
} from "yaml";
import type { Diagnostic, Span } from "../diagnostic/diagnostic.ts";
import { refuseHostile, refuseImpossible } from "./yaml-limits.ts";
import { readPlainTree } from "./yaml-plain.ts";
import { syntaxProblem } from "./yaml-syntax.ts";

/** A YAML document as the decoder reads it: three kinds of node, each with its place; no aliases, tags or prototypes. */
export type Tree = MapTree | ListTree | ScalarTree;

export interface MapTree {
  readonly kind: "map";
  readonly at: Span;
  readonly entries: readonly MapEntry[];
}

export interface MapEntry {
  readonly key: string;
  readonly keyAt: Span;
  readonly value: Tree;
}

export interface ListTree {
  readonly kind: "list";
  readonly at: Span;
  readonly items: readonly Tree[];
}

export interface ScalarTree {
  readonly kind: "scalar";
  readonly at: Span;
  readonly value: string | number | boolean | null;
  /** As it stands in the text, without quotes. */
  readonly source: string;
}

/** Nodes after aliases are followed: ten times what any honest file has, and what bounds an alias bomb. */
const maxNodes = 20_000;
const maxDepth = 32;
/** Slips of syntax that are told one by one: after the first few the parser guesses, and nobody mends more at a time. */
const maxTold = 100;
/** Names that mean something to JavaScript objects; no word of ours, and a trap for whoever copies maps carelessly. */
const forbiddenKeys = new Set(["__proto__", "constructor", "prototype"]);

/** Types the parser would hand over as something other than text, numbers, lists and maps. */
const oddTypes = /^tag:yaml\.org,2002:(binary|omap|pairs|set|timestamp|merge)$/;

/** How a language takes its YAML. */
export interface YamlManner {
  /** What the text is, for messages: "a holdfast.yaml". */
  readonly what: string;
  /** What a %YAML line may ask for without a word. */
  readonly versions: readonly string[];
  /** A key said twice in a map: an error, and the first counts; or every one of them is kept, in order, with a warning. */
  readonly repeatedKeys: "refused" | "kept";
  /** What stands after a second "---": an error, or passed over with a warning. */
  readonly furtherDocuments: "refused" | "passed-over";
}

/** Strictly, as a file of ours is read: what YAML parsers disagree on is refused. */
const strict: YamlManner = {
  what: "a holdfast.yaml",
  versions: ["1.2"],
  repeatedKeys: "refused",
  furtherDocuments: "refused",
};

/** As programs on libyaml read (netplan, Python's loaders): the values come as text, whatever the version, a key said twice
 *  is met twice, and one document is read. */
export function libyamlManner(what: string): YamlManner {
  return { what, versions: ["1.1", "1.2"], repeatedKeys: "kept", furtherDocuments: "passed-over" };
}

interface Walk {
  readonly file: string;
  readonly manner: YamlManner;
  readonly document: Document.Parsed;
  readonly problems: Diagnostic[];
  nodes: number;
  /** What each alias stands for; made when the first one is met. */
  targets?: ReadonlyMap<Alias, Node>;
}

interface ReadTree {
  readonly tree: Tree | undefined;
  readonly problems: readonly Diagnostic[];
  /** The structure itself is doubtful: what seems to stand where is a guess. */
  readonly broken: boolean;
}

/** Reads one YAML 1.2 document. Every syntax problem is a diagnostic; what could be read beside them is returned. Of a text that would
 *  cost too much there is no tree. A large host in plain block style costs what its length says; what only a whole parser reads is
 *  refused where that would take too long over it. */
export function readTree(file: string, text: string, manner: YamlManner = strict): ReadTree {
  const impossible = refuseImpossible(file, text);
  const plain = impossible === undefined ? readPlainTree(file, text) : undefined;
  if (plain !== undefined) return { tree: plain, problems: [], broken: false };
  const hostile = impossible ?? refuseHostile(file, text);
  return hostile === undefined
    ? readAnyTree(file, text, manner)
    : { tree: undefined, problems: [hostile], broken: true };
}

/** The same by a whole YAML parser, whatever it costs. */
export function readAnyTree(file: string, text: string, manner: YamlManner = strict): ReadTree {
  const document = parse(text);
  if (document === undefined) return { tree: undefined, problems: [beyondParser(file)], broken: true };
  const walk: Walk = { file, manner, document, problems: [], nodes: 0 };
  const isPassedOver = ({ code }: { code: string }) =>
    code === "MULTIPLE_DOCS" && manner.furtherDocuments === "passed-over";
  const slips = [...document.errors, ...document.warnings];
  for (const problem of slips.slice(0, maxTold)) {
    const told = syntaxProblem(file, text, problem);
    walk.problems.push(isPassedOver(problem) ? { ...told, severity: "warning" } : told);
  }
  countUntold(walk.problems, slips.length - maxTold);
  refuseVersion(walk);
  const tree = document.contents === null ? undefined : convert(walk, document.contents, 0);
  return { tree, problems: walk.problems, broken: document.errors.some((error) => !isPassedOver(error)) };
}

/** The last one told says how many more there are. */
function countUntold(problems: Diagnostic[], untold: number): void {
  const last = problems.at(-1);
  if (untold <= 0 || last === undefined) return;
  problems.splice(-1, 1, { ...last, message: `${last.message}; ${untold} more slips of syntax follow` });
}

function refuseVersion(walk: Walk): void {
  const version = walk.document.directives?.yaml;
  if (version?.explicit !== true || walk.manner.versions.includes(version.version)) return;
  problem(
    walk,
    "yaml-syntax",
    `YAML ${version.version} is asked for; ${walk.manner.what} is read as YAML 1.2`,
    "Remove the %YAML line.",
    0,
    0,
  );
}

function parse(text: string): Document.Parsed | undefined {
  // The parser's errors are data to us: a stack for each of ten thousand would cost more than the parsing.
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    // Duplicate keys are found by us: the parser compares every key with every other.
    return parseDocument(text, {
      prettyErrors: false,
      uniqueKeys: false,
      stringKeys: true,
      version: "1.2",
      schema: "core",
    });
  } catch {
    // The parser throws only for what it cannot hold, such as a stack too small for the nesting.
    return undefined;
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

function beyondParser(file: string): Diagnostic {
  const hint = "Write it in plain block style.";
  return {
    code: "yaml-syntax",
    severity: "error",
    message: "the text is beyond the YAML parser",
    hint,
    at: { file, start: 0, end: 0 },
  };
}

function problem(walk: Walk, code: string, message: string, hint: string, start: number, end: number): void {
  walk.problems.push({ code, severity: "error", message, hint, at: { file: walk.file, start, end } });
}

function spanOf(walk: Walk, node: Node): Span {
  const [start, end] = node.range ?? [0, 0];
  return { file: walk.file, start, end };
}

function convert(walk: Walk, node: Node, depth: number): Tree | undefined {
  const at = spanOf(walk, node);
  if (++walk.nodes > maxNodes || depth > maxDepth) {
    // Said once: every further node would say the same.
    if (walk.nodes === maxNodes + 1 || depth === maxDepth + 1)
      problem(
        walk,
        "yaml-too-large",
        "aliases or entries blow this file up beyond any configuration",
        "Write it without aliases.",
        at.start,
        at.end,
      );
    walk.nodes = maxNodes + 1;
    return undefined;
  }
  const tag = "tag" in node ? node.tag : undefined;
  if (typeof tag === "string" && oddTypes.test(tag)) {
    const [message, hint] = ["this tag (!!) asks for a type that is not read here", "Remove the tag."];
    problem(walk, "yaml-syntax", message, hint, at.start, at.end);
    return undefined;
  }
  if (isAlias(node)) {
    walk.targets ??= targetsIn(walk.document);
    const target = walk.targets.get(node);
    return target === undefined ? undefined : convert(walk, target, depth + 1);
  }
  if (isMap(node)) {
    const entries = convertEntries(walk, node.items, depth);
    return { kind: "map", at: blockPlace(at, node, entries.at(-1)?.value), entries };
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => (isNodeLike(item) ? convert(walk, item, depth + 1) : undefined));
    const said = items.filter((item) => item !== undefined);
    return { kind: "list", at: blockPlace(at, node, said.at(-1)), items: said };
  }
  if (isScalar(node)) return convertScalar(node, at);
  return undefined;
}

/** For each alias the last node before it that has its anchor. All at once: asked for one alias, the parser goes through the whole
 *  document, and a file of a few kilobytes can hold one that is followed twenty thousand times. */
function targetsIn(document: Document.Parsed): ReadonlyMap<Alias, Node> {
  const anchored = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node: (_key, node) => {
      if (isAlias(node)) {
        const target = anchored.get(node.source);
        if (target !== undefined) targets.set(node, target);
      } else if (node.anchor !== undefined && node.anchor !== "") anchored.set(node.anchor, node);
    },
  });
  return targets;
}

/** A block ends with its last value; the parser counts what follows, too. */
function blockPlace(at: Span, node: { readonly flow?: boolean }, last: Tree | undefined): Span {
  return node.flow === true || last === undefined ? at : { ...at, end: Math.max(at.start, last.at.end) };
}

function isNodeLike(item: unknown): item is Node {
  return isScalar(item) || isMap(item) || isSeq(item) || isAlias(item);
}

function convertScalar(
  node: Node & { readonly value: unknown; readonly source?: string | undefined },
  at: Span,
): ScalarTree {
  const value = node.value;
  const known = typeof value === "string" || typeof value === "number" || typeof value === "boolean" || value === null;
  return { kind: "scalar", at, value: known ? value : String(value), source: node.source ?? String(value ?? "") };
}

function convertEntries(walk: Walk, pairs: readonly unknown[], depth: number): readonly MapEntry[] {
  const seen = new Map<string, Span>();
  const entries: MapEntry[] = [];
  for (const pair of pairs) {
    if (!isPair(pair) || !isNodeLike(pair.key)) continue;
    const keyAt = spanOf(walk, pair.key);
    if (!isScalar(pair.key)) {
      problem(
        walk,
        "yaml-syntax",
        "a key must be a plain word",
        "Write the key as a word followed by a colon.",
        keyAt.start,
        keyAt.end,
      );
      continue;
    }
    const key = typeof pair.key.value === "string" ? pair.key.value : (pair.key.source ?? String(pair.key.value));
    if (!acceptKey(walk, key, keyAt, seen)) continue;
    const isSaid = isNodeLike(pair.value) && !isNothing(pair.value);
    const value = isSaid ? convert(walk, pair.value as Node, depth + 1) : emptyAfter(keyAt);
    if (value !== undefined) entries.push({ key, keyAt, value });
  }
  return entries;
}

function acceptKey(walk: Walk, key: string, keyAt: Span, seen: Map<string, Span>): boolean {
  if (forbiddenKeys.has(key)) {
    problem(walk, "unknown-key", `"${key}" is no key of ${walk.manner.what}`, "Remove it.", keyAt.start, keyAt.end);
    return false;
  }
  if (key === "<<") {
    problem(
      walk,
      "yaml-syntax",
      "merge keys (<<) are not part of YAML 1.2",
      "Write the keys out.",
      keyAt.start,
      keyAt.end,
    );
    return false;
  }
  const first = seen.get(key);
  if (first === undefined) {
    seen.set(key, keyAt);
    return true;
  }
  const isKept = walk.manner.repeatedKeys === "kept";
  walk.problems.push({
    code: "yaml-duplicate-key",
    severity: isKept ? "warning" : "error",
    message: `${showKey(key)} is given twice in the same map`,
    hint: "Keep one of the two.",
    at: keyAt,
    also: [{ at: first, note: "first given here" }],
  });
  return isKept;
}

/** No value at all behind a colon. */
function isNothing(node: Node): boolean {
  return isScalar(node) && node.value === null && node.range?.[0] === node.range?.[1] && node.tag === undefined;
}

function emptyAfter(keyAt: Span): ScalarTree {
  return { kind: "scalar", at: keyAt, value: null, source: "" };
}

/** A key as a message may show it: a missing blank after a colon can make a secret part of the key. */
export function showKey(key: string): string {
  return /^[\p{L}\p{N}_.+-]{1,40}$/u.test(key) ? `"${key}"` : "a key";
}
