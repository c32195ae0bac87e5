import type { Diagnostic, Span } from "../../diagnostic/diagnostic.ts";
import { secretKeyOf } from "../../diagnostic/secret-keys.ts";
import { visible } from "../../diagnostic/visible.ts";
import type { Json } from "../../model/config.ts";
import type { MapEntry, Tree } from "../../syntax/yaml-tree.ts";

/** Who reads the text: its name in messages, and what a mistake leads to. */
export interface Consumer {
  /** "netplan", "cloud-init". */
  readonly name: string;
  /** "netplan generates nothing": the tail of every message about what it refuses. */
  readonly refusal: string;
  /** How bad that is. */
  readonly severity: "error" | "warning";
  /** What definitions that name no renderer are carried out by. */
  readonly renderer: "networkd" | "any";
  /** Whether ports must be defined besides being named. */
  readonly wantsDefinitions: boolean;
}

/** One reading of a set of files: who reads, and what was found wrong so far. */
export interface Reading {
  readonly consumer: Consumer;
  readonly problems: Diagnostic[];
}

/** Where in the files a value stands, for messages: "bond0: mtu". */
export interface Here {
  readonly reading: Reading;
  readonly label: string;
  readonly keyAt: Span;
}

/** A problem of the text that the consumer refuses; nothing of any file is carried out then. */
export function refuse(here: Here, code: string, message: string, hint: string, at: Span = here.keyAt): undefined {
  const { problems, consumer } = here.reading;
  problems.push({
    code,
    severity: consumer.severity,
    message: `${here.label}: ${message}, so ${consumer.refusal}`,
    hint,
    at,
  });
}

/** Something that is read and comes to nothing. */
export function ignore(here: Here, message: string, hint: string, at: Span = here.keyAt): undefined {
  here.reading.problems.push({
    code: "netplan-ignored",
    severity: "warning",
    message: `${here.label}: ${message}`,
    hint,
    at,
  });
}

/** A value as a message may show it. */
export function shown(text: string): string {
  const short = text.length > 40 ? `${text.slice(0, 40)}…` : text;
  return `"${visible(short)}"`;
}

/** The text of a scalar, quotes removed. netplan takes every scalar as text; an empty one is "". */
export function textOf(here: Here, tree: Tree): string | undefined {
  if (tree.kind === "scalar") return tree.source;
  return refuse(
    here,
    "wrong-type",
    `a single value is expected, not a ${tree.kind}`,
    "Write one value behind the colon.",
  );
}

/** A list's items, or nothing when it is none. */
export function itemsOf(here: Here, tree: Tree): readonly Tree[] {
  if (tree.kind === "list") return tree.items;
  refuse(here, "wrong-type", "a list is expected", "Write [A, B], or a line with a dash for each entry.");
  return [];
}

/** The texts of a list of scalars, each with its place. */
export function textsOf(here: Here, tree: Tree): readonly { readonly text: string; readonly at: Span }[] {
  return itemsOf(here, tree).flatMap((item) => {
    const text = textOf(here, item);
    return text === undefined ? [] : [{ text, at: item.at }];
  });
}

/** A map's entries, or nothing when it is none. */
export function entriesOf(here: Here, tree: Tree): readonly MapEntry[] {
  if (tree.kind === "map") return tree.entries;
  const isEmpty = tree.kind === "scalar" && tree.value === null;
  const hint = isEmpty ? "Write {} where nothing needs to be said." : "Indent keys below it, each with a colon.";
  refuse(here, "wrong-type", isEmpty ? "keys are expected below it" : "a map of keys is expected", hint);
  return [];
}

/** true, on, yes, y and their opposites, in capitals or not. */
export function boolOf(here: Here, tree: Tree): boolean | undefined {
  const text = textOf(here, tree);
  if (text === undefined) return undefined;
  if (/^(true|on|yes|y)$/i.test(text)) return true;
  if (/^(false|off|no|n)$/i.test(text)) return false;
  return refuse(here, "wrong-type", `${shown(text)} is neither true nor false`, "Write true or false.", tree.at);
}

/** A whole number from 0 to 4294967295; nothing written is 0. */
export function wholeOf(here: Here, tree: Tree): number | undefined {
  const text = textOf(here, tree);
  if (text === undefined) return undefined;
  if (text === "" && tree.kind === "scalar" && tree.value === "") return 0;
  if (/^\d{1,10}$/.test(text) && Number(text) < 2 ** 32) return Number(text);
  return refuse(here, "wrong-type", `${shown(text)} is no whole number`, "Write digits only.", tree.at);
}

/** A tree as plain data with every scalar as its text, or undefined where a key in it names a secret. */
export function jsonOf(tree: Tree): Json | undefined {
  if (tree.kind === "scalar") return tree.value === null ? null : tree.source;
  if (tree.kind === "list") {
    const items = tree.items.map(jsonOf);
    return items.every((item) => item !== undefined) ? items : undefined;
  }
  const entries: [string, Json][] = [];
  for (const { key, value } of tree.entries) {
    const said = secretKeyOf(key) === undefined ? jsonOf(value) : undefined;
    if (said === undefined) return undefined;
    entries.push([key, said]);
  }
  return Object.fromEntries(entries);
}
