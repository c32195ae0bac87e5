import type { MapEntry, Tree } from "./yaml-tree.ts";

/** The entry of a map by its key; undefined where it is no map, or has none such. */
export function entryOf(tree: Tree | undefined, key: string): MapEntry | undefined {
  return tree?.kind === "map" ? tree.entries.find((entry) => entry.key === key) : undefined;
}

/** A tree as plain data. */
export function plainOf(tree: Tree): unknown {
  if (tree.kind === "scalar") return tree.value;
  if (tree.kind === "list") return tree.items.map(plainOf);
  return Object.fromEntries(tree.entries.map(({ key, value }) => [key, plainOf(value)]));
}

/** Where a value or an item of a list begins: a map's key, or a list's item; by keys and numbers from the top. undefined: nothing there. */
export function startOf(tree: Tree | undefined, path: readonly (string | number)[]): number | undefined {
  const [step, ...rest] = path;
  if (tree === undefined || step === undefined) return tree?.at.start;
  if (typeof step === "number") return tree.kind === "list" ? startOf(tree.items[step], rest) : undefined;
  const entry = entryOf(tree, step);
  if (entry === undefined) return undefined;
  return rest.length === 0 ? entry.keyAt.start : startOf(entry.value, rest);
}
