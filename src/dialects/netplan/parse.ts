import type { Diagnostic, FileSet } from "../../diagnostic/diagnostic.ts";
import { emptyConfig } from "../../model/config.ts";
import { libyamlManner, readTree, type Tree } from "../../syntax/yaml-tree.ts";
import type { Parsed } from "../dialect.ts";
import { filesInOrder } from "./files.ts";
import { type Gathered, gatherNetwork, networkKeys, newGathered } from "./gather.ts";
import { meaningOf } from "./meaning.ts";
import { type Consumer, entriesOf, type Here, type Reading, refuse } from "./reading.ts";
import { unknownKey } from "./take.ts";

const netplan: Consumer = {
  name: "netplan",
  refusal: "netplan generates nothing",
  severity: "error",
  renderer: "networkd",
  wantsDefinitions: true,
};

/** More than this helps nobody: one broken line can make a thousand. */
const maxDiagnostics = 100;

/** Reads netplan's files, merged in its order. What netplan refuses is an error, and what could be read is told all the same. */
export function parse(files: FileSet): Parsed {
  const reading: Reading = { consumer: netplan, problems: [] };
  const gathered = newGathered(reading);
  for (const [path, text] of filesInOrder(files)) {
    const tree = treeOf(path, text, reading, "a netplan file");
    if (tree === undefined) continue;
    gatherFile(gathered, tree, { reading, label: "the file", keyAt: { file: path, start: 0, end: 0 } });
  }
  const { config, origins } = meaningOf(gathered);
  return { config, origins, diagnostics: limited(reading.problems) };
}

function gatherFile(gathered: Gathered, tree: Tree, here: Here): undefined {
  const entries = entriesOf(here, tree);
  const first = entries.find(({ key }) => networkKeys.includes(key));
  // Part of a file, as guides print them: one mistake, and all of it still makes sense.
  if (first !== undefined && !entries.some(({ key }) => key === "network")) {
    const hint = "Write network: above, and indent everything below it.";
    refuse({ ...here, keyAt: first.keyAt }, "missing-key", "network: is missing", hint);
    gatherNetwork(gathered, tree, first.keyAt);
    return;
  }
  for (const { key, keyAt, value } of entries) {
    if (key === "network") gatherNetwork(gathered, value, keyAt);
    else unknownKey(key, ["network"], { ...here, keyAt });
  }
}

/** A file's tree, or undefined where there is none to go by; the problems say why. */
export function treeOf(path: string, text: string, reading: Reading, what: string): Tree | undefined {
  const { tree, problems, broken } = readTree(path, text, libyamlManner(what));
  // libyaml stops at the first; what follows from it would only mislead.
  const firstError = problems.find(({ severity }) => severity === "error");
  reading.problems.push(...problems.filter((one) => one.severity !== "error" || !broken || one === firstError));
  // Past a broken line keys seem to stand in wrong maps.
  if (broken || tree === undefined) return undefined;
  return tree.kind === "scalar" && tree.value === null ? undefined : tree;
}

/** Problems, not too many of them. */
export function limited(problems: readonly Diagnostic[]): readonly Diagnostic[] {
  if (problems.length <= maxDiagnostics) return problems;
  const errors = problems.filter(({ severity }) => severity === "error");
  return [...errors, ...problems.filter(({ severity }) => severity !== "error")].slice(0, maxDiagnostics);
}

/** Nothing said. */
export const nothingParsed: Parsed = { config: emptyConfig, origins: new Map(), diagnostics: [] };
