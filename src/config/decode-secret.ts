import type { Json } from "../model/config.ts";
import { type MapEntry, showKey, type Tree } from "../syntax/yaml-tree.ts";
import { type Here, report, wrongKind } from "./decode-problems.ts";
import type { JsonShape } from "./shape.ts";

const secretKey = /pass(word|phrase|wd)?$|token|secret|psk|(^|[_-])key$|(^|[_-])pin$/i;

/** Reads `{file: PATH}`. A secret in clear is refused without ever being repeated or kept. */
export function decodeSecret(tree: Tree, here: Here): { readonly file: string } | undefined {
  if (tree.kind === "scalar" && tree.value !== null) return inClear(here);
  if (tree.kind !== "map") {
    report(
      here,
      "wrong-type",
      `${here.label}: the file that holds the secret is expected`,
      fixFor(here),
      here.keyAt ?? tree.at,
    );
    return undefined;
  }
  const file = tree.entries.find((entry) => entry.key === "file");
  for (const entry of tree.entries) {
    if (entry !== file)
      report(here, "unknown-key", `${showKey(entry.key)} is not known in ${here.label}`, fixFor(here), entry.keyAt);
  }
  const path = file?.value;
  if (path?.kind === "scalar" && typeof path.value === "string" && path.value !== "") return { file: path.value };
  report(
    here,
    "missing-key",
    `${here.label} does not say which file holds the secret`,
    fixFor(here),
    here.keyAt ?? tree.at,
  );
  return undefined;
}

function inClear(here: Here): undefined {
  const message = `${here.label} holds the secret itself, and everyone who may read this file can read it`;
  // The place is the key's, so that no excerpt underlines the secret.
  report(here, "secret-in-clear", message, fixFor(here), here.keyAt ?? { file: "", start: 0, end: 0 });
}

function fixFor(here: Here): string {
  const key = here.label.split(".").at(-1) ?? "psk";
  return `Put it into a file only root can read, and write ${key}: {file: secrets/${key}}.`;
}

/** Keeps a section as plain data; secrets in it must be named by file, in URLs too. */
export function decodeJson(shape: JsonShape, tree: Tree, here: Here): Json | undefined {
  if (tree.kind !== "map" && shape.required !== undefined)
    return wrongKind({ ...shape, kind: "record", fields: {}, required: [] }, tree, here);
  for (const key of shape.required ?? []) {
    if (tree.kind === "map" && tree.entries.some((entry) => entry.key === key)) continue;
    report(here, "missing-key", `${here.label} has no ${key}`, `For example ${shape.example}`, here.keyAt ?? tree.at);
  }
  return keep(tree, here);
}

function keep(tree: Tree, here: Here): Json {
  if (tree.kind === "scalar") {
    const isUrlWithSecret =
      typeof tree.value === "string" && /^[a-z][a-z0-9+.-]*:\/\/[^/\s:]*:[^/\s]*@/i.test(tree.value);
    if (isUrlWithSecret) inClear({ ...here, keyAt: here.keyAt ?? tree.at });
    return isUrlWithSecret ? null : tree.value;
  }
  if (tree.kind === "list") return tree.items.map((item) => keep(item, here));
  return Object.fromEntries(tree.entries.map((entry) => [entry.key, keepEntry(entry, here)]));
}

function keepEntry(entry: MapEntry, here: Here): Json {
  const inside = { ...here, label: `${here.label}.${entry.key}`, keyAt: entry.keyAt };
  if (!secretKey.test(entry.key)) return keep(entry.value, inside);
  return decodeSecret(entry.value, inside) ?? null;
}
