import type { Diagnostic, Span } from "../diagnostic/diagnostic.ts";
import { nearest } from "../model/nearest.ts";
import { type MapEntry, showKey, type Tree } from "../syntax/yaml-tree.ts";
import type { RecordShape, Shape } from "./shape.ts";

/** Where a decoded value stands: its key, where it has one, and itself. */
export interface Place {
  readonly key?: Span;
  readonly value: Span;
}

/** What decoding gathers: places by path ("bond/0/ports/1/name") and every problem. */
export interface Gathered {
  readonly places: Map<string, Place>;
  readonly problems: Diagnostic[];
}

/** Where the decoder stands. */
export interface Here extends Gathered {
  readonly path: string;
  /** What a message calls it: "bond.ports". */
  readonly label: string;
  readonly keyAt: Span | undefined;
}

/** Adds an error to what was gathered. */
export function report(here: Gathered, code: string, message: string, hint: string, at: Span): void {
  here.problems.push({ code, severity: "error", message, hint, at });
}

/** Reports a node of the wrong kind. The value is never repeated: what stands in the wrong place may be a secret. */
export function wrongKind(shape: Shape, tree: Tree, here: Here): undefined {
  const message = `${here.label}: ${expectation(shape)} is expected, but this is ${kindOf(tree, shape)}`;
  const boolean = shape.kind === "flag" && tree.kind === "scalar" ? booleanMeant(tree.source) : undefined;
  const key = here.label.split(/[.[]/).at(-1) ?? "";
  report(
    here,
    "wrong-type",
    message,
    boolean ?? `For example ${exampleOf(key, shape)}`,
    isNull(tree) ? (here.keyAt ?? tree.at) : tree.at,
  );
}

function booleanMeant(source: string): string | undefined {
  if (/^(y|yes|on|1)$/i.test(source)) return "Write true: YAML 1.2 has no other word for it.";
  return /^(n|no|off|0)$/i.test(source) ? "Write false: YAML 1.2 has no other word for it." : undefined;
}

function expectation(shape: Shape): string {
  switch (shape.kind) {
    case "record":
    case "named":
      return "a map of keys and values";
    case "list":
      return shape.alone === "one-may-stand-alone" ? `${expectation(shape.item)}, or a list of such` : "a list";
    case "text":
      return shape.expected;
    case "whole":
      return `a whole number, ${shape.min} to ${shape.max}${shape.unit === undefined ? "" : ` ${shape.unit}`}`;
    case "flag":
      return "true or false";
    case "choice":
      return `one of ${shape.words.join(", ")}`;
    case "duration":
      return "a time with its unit (ms, s, m, h)";
    case "either":
      return [...new Set(shape.of.map(expectation))].join(", or ");
    case "secret":
      return "the file that holds the secret";
    case "option":
    case "json":
      return "a value";
  }
}

function kindOf(tree: Tree, shape: Shape): string {
  if (tree.kind === "map") return "a map";
  if (tree.kind === "list") return "a list";
  if (tree.value === null) return "empty";
  if (typeof tree.value === "boolean") return "true or false";
  if (typeof tree.value === "string")
    return shape.kind === "duration" || shape.kind === "text" ? "something else" : "text";
  if (shape.kind === "duration") return "a number without a unit";
  return shape.kind === "whole" ? "another number" : "a number";
}

/** A key that the record does not have, with what may have been meant. */
export function unknownKey(shape: RecordShape, entry: MapEntry, here: Here): Diagnostic {
  const known = Object.keys(shape.fields);
  const glued = known.find((key) => entry.key.startsWith(`${key}:`));
  const foreign = Object.hasOwn(shape.foreign ?? {}, entry.key) ? shape.foreign?.[entry.key] : undefined;
  const near = nearest(entry.key, known);
  const hint =
    glued !== undefined
      ? `Put a blank after the colon of ${glued}.`
      : (foreign ?? (near === undefined ? `Known here: ${listed(known)}.` : `Did you mean ${near}?`));
  const where = here.path === "" ? "at the top of a holdfast.yaml" : `in ${here.label}`;
  return {
    code: "unknown-key",
    severity: "error",
    message: `${showKey(entry.key)} is not known ${where}`,
    hint,
    at: entry.keyAt,
  };
}

/** The bond's options alone are 35 words; the reference names them. */
function listed(keys: readonly string[]): string {
  return keys.length <= 16 ? keys.join(", ") : `${keys.slice(0, 16).join(", ")} and the bonding options`;
}

/** `key: example`, as a hint shows it. */
export function exampleOf(key: string, shape: Shape): string {
  return /^[a-z]\w*$/i.test(key) ? `${key}: ${shape.example}` : shape.example;
}

/** Whether a key was given without a value. */
export function isNull(tree: Tree): boolean {
  return tree.kind === "scalar" && tree.value === null;
}
