import type { Diagnostic, Span } from "../../diagnostic/diagnostic.ts";
import type { Json } from "../../model/config.ts";
import type { MapEntry, MapTree, Tree } from "../../syntax/yaml-tree.ts";

/** Where readers leave what they found. */
export interface Reading {
  readonly diagnostics: Diagnostic[];
  readonly report: (severity: Diagnostic["severity"], code: string, message: string, at: Span, hint?: string) => void;
}

export function newReading(): Reading {
  const diagnostics: Diagnostic[] = [];
  return {
    diagnostics,
    report: (severity, code, message, at, hint) =>
      diagnostics.push({ code, severity, message, at, ...(hint === undefined ? {} : { hint }) }),
  };
}

/** The entry of a key; of a repeated one the last. */
export function entry(tree: Tree | undefined, ...keys: readonly string[]): MapEntry | undefined {
  if (tree?.kind !== "map") return undefined;
  return tree.entries.findLast(({ key }) => keys.includes(key));
}

export function mapAt(tree: Tree | undefined, key: string): MapTree | undefined {
  const value = entry(tree, key)?.value;
  return value?.kind === "map" ? value : undefined;
}

/** The items of a list; of anything else none. */
export function itemsAt(tree: Tree | undefined, ...keys: readonly string[]): readonly Tree[] {
  const value = entry(tree, ...keys)?.value;
  return value?.kind === "list" ? value.items : [];
}

/** A text or a number, as it stands. */
export function textOf(tree: Tree | undefined): string | undefined {
  if (tree?.kind !== "scalar" || tree.value === null) return undefined;
  return typeof tree.value === "string" ? tree.value : tree.source;
}

export function textAt(tree: Tree | undefined, ...keys: readonly string[]): string | undefined {
  return textOf(entry(tree, ...keys)?.value);
}

/** true, false, or their words in text; anything else is undefined. Source: nmstate's option_bool_or_string(). */
export function flagOf(tree: Tree | undefined): boolean | undefined {
  const text = textOf(tree)?.toLowerCase();
  if (text === "true" || text === "1" || text === "yes" || text === "on" || text === "y") return true;
  if (text === "false" || text === "0" || text === "no" || text === "off" || text === "n") return false;
  return undefined;
}

export function flagAt(tree: Tree | undefined, key: string): boolean | undefined {
  return flagOf(entry(tree, key)?.value);
}

/** A whole number within bounds, also as text; anything else is undefined. */
export function numberAt(
  tree: Tree | undefined,
  key: string,
  [least, most]: readonly [number, number],
): number | undefined {
  const text = textAt(tree, key) ?? "";
  const value = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  return value >= least && value <= most ? (value === 0 ? 0 : value) : undefined;
}

/** The tree as plain data. */
export function jsonOf(tree: Tree): Json {
  switch (tree.kind) {
    case "scalar":
      return typeof tree.value === "number" && !Number.isFinite(tree.value) ? tree.source : tree.value;
    case "list":
      return tree.items.map(jsonOf);
    case "map":
      return Object.fromEntries(tree.entries.map(({ key, value }) => [key, jsonOf(value)]));
  }
}
