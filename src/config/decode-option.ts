import { expectedValue, readOption } from "../model/option-value.ts";
import { optionRow } from "../model/options.ts";
import type { Tree } from "../syntax/yaml-tree.ts";
import { type Here, report } from "./decode-problems.ts";
import { parseDuration } from "./duration.ts";
import type { OptionShape } from "./shape.ts";

/** Reads a bonding option: the kernel's words or numbers, and times with their unit where the option is a time. */
export function decodeOption(shape: OptionShape, tree: Tree, here: Here): unknown {
  const row = optionRow(shape.option);
  const written = plain(tree);
  const timed = row.kind === "int" && typeof written === "string" ? inUnit(written, row.unit) : written;
  // Unlike a sysfs file, YAML has numbers; "100" in quotes or "maxval" would be a riddle to the next reader.
  const riddle = row.kind === "int" && typeof timed === "string";
  const read = riddle ? undefined : readOption(shape.option, timed);
  if (read?.ok === true) return read.value;
  const why = read === undefined ? expectedValue(shape.option) : read.error.message;
  const hint = read?.error.hint ?? `For example ${shape.option}: ${shape.example}`;
  report(
    here,
    "bad-option-value",
    `${here.label} ${why}`,
    hint,
    tree.kind === "scalar" && tree.value === null ? (here.keyAt ?? tree.at) : tree.at,
  );
  return undefined;
}

function plain(tree: Tree): unknown {
  if (tree.kind === "scalar") return tree.value;
  if (tree.kind === "list") return tree.items.map((item) => (item.kind === "scalar" ? item.source : ""));
  return undefined;
}

function inUnit(text: string, unit: string): unknown {
  const ms = unit === "ms" || unit === "s" ? parseDuration(text) : undefined;
  if (ms === undefined) return text;
  return unit === "ms" ? ms : ms / 1000;
}
