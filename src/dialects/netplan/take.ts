import type { Span } from "../../diagnostic/diagnostic.ts";
import { nearest } from "../../model/nearest.ts";
import { type MapEntry, showKey, type Tree } from "../../syntax/yaml-tree.ts";
import type { Draft } from "./draft.ts";
import { boolOf, type Here, jsonOf, refuse, shown, textOf, wholeOf } from "./reading.ts";

/** Reads the value of one key into the draft. */
export type Take = (draft: Draft, tree: Tree, here: Here) => void;

/** The keys of a map, each with what reads it. */
export type Keys = Readonly<Record<string, Take>>;

/** Reads a map by its keys; one it does not know is refused, with the one that was perhaps meant. */
export function takeKeys(draft: Draft, keys: Keys, entries: readonly MapEntry[], here: Here): void {
  for (const { key, keyAt, value } of entries) {
    const take = Object.hasOwn(keys, key) ? keys[key] : undefined;
    if (take === undefined) unknownKey(key, Object.keys(keys), { ...here, keyAt });
    else take(draft, value, { ...here, label: `${here.label}: ${key}`, keyAt });
  }
}

/** Refuses a key; `meant` names the right one where it is known. */
export function unknownKey(key: string, known: readonly string[], here: Here, meant?: string): void {
  const near = meant ?? nearest(key, known);
  const hint = near === undefined ? "Remove it." : `Did you mean ${near}?`;
  refuse(here, "unknown-key", `${showKey(key)} is no key ${here.reading.consumer.name} knows here`, hint);
}

/** A key that is true or false. */
export function flag(store: (draft: Draft, value: boolean, at: Span) => void): Take {
  return (draft, tree, here) => {
    const value = boolOf(here, tree);
    if (value !== undefined) store(draft, value, here.keyAt);
  };
}

/** A key that is a whole number. */
export function whole(store: (draft: Draft, value: number, at: Span) => void): Take {
  return (draft, tree, here) => {
    const value = wholeOf(here, tree);
    if (value !== undefined) store(draft, value, here.keyAt);
  };
}

/** A key whose text must pass a test. */
export function checked(
  test: (text: string) => boolean,
  expected: string,
  hint: string,
  store: (draft: Draft, value: string, at: Span) => void,
): Take {
  return (draft, tree, here) => {
    const text = textOf(here, tree);
    if (text === undefined) return;
    if (test(text)) store(draft, text, here.keyAt);
    else refuse(here, "bad-value", `${shown(text)} is no ${expected}`, hint, tree.at);
  };
}

/** A key the model has no word for: kept as it stands, unless a secret is in it. */
export function kept(key: string): Take {
  return (draft, tree, here) => keep(draft, key, tree, here);
}

/** Keeps a value under a key of its own, for this dialect to write again. */
export function keep(draft: Draft, key: string, tree: Tree, here: Here): void {
  const value = jsonOf(tree);
  if (value !== undefined) draft.extra.set(key, { key, value: JSON.stringify(value), from: "netplan" });
  else notKept(here, "it holds a secret");
}

/** Tells that a setting does not come along into another language, or into this one written anew. */
export function notKept(here: Here, why: string): void {
  here.reading.problems.push({
    code: "netplan-not-kept",
    severity: "warning",
    message: `${here.label}: not taken into account here: ${why}`,
    hint: "Carry it over by hand when you convert this configuration.",
    at: here.keyAt,
  });
}
