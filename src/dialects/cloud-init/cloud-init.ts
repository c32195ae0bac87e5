import type { FileSet } from "../../diagnostic/diagnostic.ts";
import { optionRow } from "../../model/options.ts";
import type { Tree } from "../../syntax/yaml-tree.ts";
import type { Language, Parsed } from "../dialect.ts";
import { gatherNetwork, newGathered } from "../netplan/gather.ts";
import { meaningOf } from "../netplan/meaning.ts";
import { limited, nothingParsed, treeOf } from "../netplan/parse.ts";
import type { Consumer, Reading } from "../netplan/reading.ts";
import { spellingsOf } from "../spellings.ts";
import { parseVersion1 } from "./version-1.ts";

const consumer: Consumer = {
  name: "cloud-init",
  refusal: "cloud-init leaves it out",
  severity: "warning",
  renderer: "any",
  wantsDefinitions: false,
};

/** cloud-init's network configuration, version 1 and 2. Read only: a cloud writes it, for one boot. */
export const cloudInit: Language = {
  name: "cloud-init",
  title: "cloud-init's network configuration (version 1 and 2)",
  spellings: spellingsOf((option) =>
    optionRow(option).scope === "port" ? null : `params: bond-${option.replaceAll("_", "-")}:`,
  ),
  // What becomes of silence is up to whatever the host has, which cloud-init writes files for.
  spellOutDefaults: (config) => config,
  parse,
  detect,
};

function parse(files: FileSet): Parsed {
  const reading: Reading = { consumer, problems: [] };
  let parsed: Parsed = nothingParsed;
  // cloud-init takes one source; of several files the last by name counts.
  for (const [path, text] of [...files].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const root = treeOf(path, text, reading, "a cloud-init network configuration");
    const network = root === undefined ? undefined : networkOf(root);
    if (network !== undefined) parsed = read(path, network, reading);
  }
  return { ...parsed, diagnostics: limited(reading.problems) };
}

/** The map that has the version: below `network:`, or the whole file. */
function networkOf(root: Tree): Tree | undefined {
  const inner = root.kind === "map" ? root.entries.find(({ key }) => key === "network")?.value : undefined;
  const network = inner ?? root;
  return network.kind === "map" && versionOf(network) !== undefined ? network : undefined;
}

function versionOf(network: Tree): string | undefined {
  if (network.kind !== "map") return undefined;
  const version = network.entries.find(({ key }) => key === "version")?.value;
  if (version?.kind === "scalar") return version.source;
  return network.entries.some(({ key }) => key === "config") ? "1" : undefined;
}

function read(path: string, network: Tree, reading: Reading): Parsed {
  if (versionOf(network) === "1") return { ...parseVersion1(network, reading), diagnostics: [] };
  const gathered = newGathered(reading);
  gatherNetwork(gathered, network, { file: path, start: network.at.start, end: network.at.start });
  return { ...meaningOf(gathered), diagnostics: [] };
}

/** Paths of cloud-init's own; else a text with a version 1, or a version 2 without netplan's `network:` above it. */
function detect(files: FileSet): number {
  let best = 0;
  for (const [path, text] of files) {
    const start = text.slice(0, 20_000);
    const isNetwork = /^[ \t\ufeff]*network[ \t]*:/m.test(start);
    if (/(?:^|\/)network-config(?:\.ya?ml)?$/.test(path)) best = Math.max(best, 0.95);
    if (/\/etc\/cloud\/.*\.cfg$/.test(path) && isNetwork) best = Math.max(best, 0.95);
    if (!/\.(ya?ml|cfg)$/.test(path) && files.size > 1) continue;
    const isOne = /^[ \t\ufeff]*version[ \t]*:\s*1\b/m.test(start) && /^[ \t]*config[ \t]*:/m.test(start);
    const isTwo = /^version\s*:\s*2\b/m.test(start) && /^(ethernets|bonds|bridges|vlans)\s*:/m.test(start);
    if (isOne || isTwo) best = Math.max(best, 0.92);
  }
  return best;
}
