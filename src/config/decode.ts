import type { Span } from "../diagnostic/diagnostic.ts";
import { nearest } from "../model/nearest.ts";
import type { MapEntry, Tree } from "../syntax/yaml-tree.ts";
import { decodeOption } from "./decode-option.ts";
import { exampleOf, type Gathered, type Here, isNull, report, unknownKey, wrongKind } from "./decode-problems.ts";
import { decodeJson, decodeSecret } from "./decode-secret.ts";
import { parseDuration } from "./duration.ts";
import type { Decoded, EitherShape, ListShape, NamedShape, RecordShape, Shape, TextShape } from "./shape.ts";

/** Reads a tree by a shape. What cannot be read is reported and left out; the rest is returned. */
export function decode<const S extends Shape>(shape: S, tree: Tree, gathered: Gathered): Decoded<S> | undefined {
  // The one place where the shape's kind and the value's type are taken to agree.
  return read(shape, tree, { ...gathered, path: "", label: "holdfast.yaml", keyAt: undefined }) as
    | Decoded<S>
    | undefined;
}

function read(shape: Shape, tree: Tree, here: Here): unknown {
  here.places.set(here.path, { value: tree.at, ...(here.keyAt === undefined ? {} : { key: here.keyAt }) });
  switch (shape.kind) {
    case "record":
      return readRecord(shape, tree, here);
    case "named":
      return readNamed(shape, tree, here);
    case "list":
      return readList(shape, tree, here);
    case "either":
      return readEither(shape, tree, here);
    case "secret":
      return decodeSecret(tree, here);
    case "json":
      return decodeJson(shape, tree, here);
    case "option":
      return decodeOption(shape, tree, here);
    default:
      return readScalar(shape, tree, here);
  }
}

function readRecord(shape: RecordShape, tree: Tree, here: Here): unknown {
  if (tree.kind !== "map") return wrongKind(shape, tree, here);
  const found: Record<string, unknown> = {};
  for (const entry of tree.entries) {
    const field = Object.hasOwn(shape.fields, entry.key) ? shape.fields[entry.key] : undefined;
    if (field === undefined) here.problems.push(unknownKey(shape, entry, here));
    else {
      const value = read(field, entry.value, below(here, entry));
      if (value !== undefined) found[entry.key] = value;
    }
  }
  for (const key of shape.required) {
    if (tree.entries.some((entry) => entry.key === key)) continue;
    const field = shape.fields[key];
    const hint = field === undefined ? `Add ${key}.` : `Add ${exampleOf(key, field)}`;
    report(here, "missing-key", `${here.label} has no ${key}`, hint, here.keyAt ?? firstKey(tree));
  }
  return found;
}

function firstKey(tree: Tree): Span {
  return tree.kind === "map" ? (tree.entries[0]?.keyAt ?? tree.at) : tree.at;
}

function readNamed(shape: NamedShape, tree: Tree, here: Here): unknown {
  if (tree.kind !== "map") return wrongKind(shape, tree, here);
  const found = new Map<string, unknown>();
  for (const entry of tree.entries) {
    // Cables tell ends apart by blanks, and names end up in file names of reports.
    if (!/^[\p{L}\p{N}][\p{L}\p{N}_.-]{0,39}$/u.test(entry.key)) {
      const hint = "Begin with a letter or digit, and use letters, digits, dot, dash and underscore (40 at most).";
      report(here, "bad-name", `${here.label}: this is no name for a ${shape.names}`, hint, entry.keyAt);
      continue;
    }
    const value = read(shape.value, entry.value, below(here, entry));
    if (value !== undefined) found.set(entry.key, value);
  }
  return found;
}

function readList(shape: ListShape, tree: Tree, here: Here): unknown {
  const alone = tree.kind !== "list" && shape.alone === "one-may-stand-alone" && !isNull(tree);
  if (tree.kind !== "list" && !alone) return wrongKind(shape, tree, here);
  const items = tree.kind === "list" ? tree.items : [tree];
  return items.map((item, index) =>
    read(shape.item, item, { ...here, path: `${here.path}/${index}`, keyAt: alone ? here.keyAt : undefined }),
  );
}

function readEither(shape: EitherShape, tree: Tree, here: Here): unknown {
  const taken = shape.of.find((one) => takes(one, tree));
  return taken === undefined ? wrongKind(shape, tree, here) : read(taken, tree, here);
}

/** Whether the shape wants this kind of node; the value itself may still be wrong. */
function takes(shape: Shape, tree: Tree): boolean {
  if (shape.kind === "record" || shape.kind === "named" || shape.kind === "secret") return tree.kind === "map";
  if (shape.kind === "list") return tree.kind === "list";
  if (tree.kind !== "scalar") return false;
  return shape.kind === "flag" ? typeof tree.value === "boolean" : typeof tree.value === "string";
}

function readScalar(
  shape: Exclude<Shape, RecordShape | NamedShape | ListShape | EitherShape>,
  tree: Tree,
  here: Here,
): unknown {
  if (tree.kind !== "scalar" || tree.value === null) return wrongKind(shape, tree, here);
  const { value } = tree;
  switch (shape.kind) {
    case "text":
      return typeof value === "string" ? readText(shape, value, tree, here) : unquoted(shape, tree, here);
    case "whole":
      if (typeof value === "number" && Number.isInteger(value) && value >= shape.min && value <= shape.max)
        return value;
      return wrongKind(shape, tree, here);
    case "flag":
      return typeof value === "boolean" ? value : wrongKind(shape, tree, here);
    case "choice":
      return typeof value === "string" && shape.words.includes(value)
        ? value
        : wrongChoice(shape.words, value, tree, here);
    case "duration": {
      const ms = typeof value === "string" ? parseDuration(value) : undefined;
      return ms !== undefined && ms >= shape.minMs && ms <= shape.maxMs ? ms : wrongKind(shape, tree, here);
    }
    default:
      return undefined;
  }
}

function readText(shape: TextShape, value: string, tree: Tree, here: Here): string | undefined {
  const problem = value === "" ? { message: "is empty" } : shape.check?.(value);
  if (problem === undefined) return value;
  report(
    here,
    "bad-value",
    `${here.label}: ${shape.expected} is expected, but this ${problem.message}`,
    problem.hint ?? `For example ${shape.example}`,
    tree.at,
  );
  return undefined;
}

/** A bare 1234, true or 1e3 is no text to YAML; taking it for one would lose how it was written. */
function unquoted(shape: TextShape, tree: Tree, here: Here): undefined {
  const source = tree.kind === "scalar" ? tree.source : "";
  const what = tree.kind === "scalar" && typeof tree.value === "boolean" ? "true or false" : "a number";
  const hint = /^[\w.+-]{1,40}$/.test(source) ? `Write it in quotes: "${source}".` : "Write it in quotes.";
  report(
    here,
    "wrong-type",
    `${here.label}: ${shape.expected} is expected, but YAML reads this as ${what}`,
    hint,
    tree.at,
  );
}

function wrongChoice(words: readonly string[], value: string | number | boolean, tree: Tree, here: Here): undefined {
  const near = nearest(String(value), words);
  const hint = near === undefined ? `Write one of ${words.join(", ")}.` : `Did you mean ${near}?`;
  report(here, "wrong-type", `${here.label} must be one of ${words.join(", ")}`, hint, tree.at);
}

function below(here: Here, entry: MapEntry): Here {
  const label = here.path === "" ? entry.key : `${here.label}.${entry.key}`;
  return { ...here, path: here.path === "" ? entry.key : `${here.path}/${entry.key}`, label, keyAt: entry.keyAt };
}
