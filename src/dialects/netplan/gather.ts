import type { Span } from "../../diagnostic/diagnostic.ts";
import type { MapEntry, Tree } from "../../syntax/yaml-tree.ts";
import { type Draft, type Kind, newDraft, type Renderer } from "./draft.ts";
import { badRenderer, keysOf } from "./keys.ts";
import { entriesOf, type Here, type Reading, refuse, shown, textOf } from "./reading.ts";
import { notKept, takeKeys, unknownKey } from "./take.ts";
import { isId, isPattern } from "./take-link.ts";

/** Everything the files said, file after file. */
export interface Gathered {
  readonly reading: Reading;
  readonly drafts: Map<string, Draft>;
  /** The last word on who carries out what doesn't say so itself. */
  renderer?: Renderer;
}

/** Nothing said yet. */
export function newGathered(reading: Reading): Gathered {
  return { reading, drafts: new Map() };
}

/** The keys below `network:`. */
export const networkKeys: readonly string[] = ["version", "renderer", "openvswitch", ...Object.keys(keysOf)];

/** Reads the map below `network:`, adding to what earlier files said. */
export function gatherNetwork(gathered: Gathered, network: Tree, keyAt: Span): void {
  const outer: Here = { reading: gathered.reading, label: "network", keyAt };
  for (const entry of entriesOf(outer, network)) {
    const here = { ...outer, label: `network: ${entry.key}`, keyAt: entry.keyAt };
    if (isKind(entry.key)) gatherSection(gathered, entry.key, entry.value, { ...here, label: entry.key });
    else if (entry.key === "renderer") {
      const text = textOf(here, entry.value);
      if (text === "networkd" || text === "NetworkManager") gathered.renderer = text;
      else if (text !== undefined) badRenderer(text, here);
    } else if (entry.key === "version") checkVersion(entry.value, here);
    else if (entry.key === "openvswitch") notKept(here, "settings of Open vSwitch");
    else unknownKey(entry.key, networkKeys, { ...outer, keyAt: entry.keyAt });
  }
}

function isKind(key: string): key is Kind {
  return Object.hasOwn(keysOf, key);
}

function checkVersion(tree: Tree, here: Here): void {
  const text = textOf(here, tree);
  if (text !== undefined && !/^\s*\+?0*2(\D|$)/.test(text))
    refuse(here, "bad-value", `version ${shown(text)} is not 2`, "Write version: 2.");
}

function gatherSection(gathered: Gathered, kind: Kind, tree: Tree, outer: Here): void {
  let renderer: Renderer | undefined;
  for (const entry of entriesOf(outer, tree)) {
    const here = { ...outer, keyAt: entry.keyAt, label: entry.key === "renderer" ? `${kind}: renderer` : entry.key };
    if (entry.key !== "renderer") gatherDefinition(gathered, kind, entry, here, renderer);
    else {
      const text = textOf(here, entry.value);
      if (text === "networkd" || text === "NetworkManager") renderer = text;
      else if (text !== undefined) badRenderer(text, here);
    }
  }
}

function gatherDefinition(gathered: Gathered, kind: Kind, entry: MapEntry, here: Here, renderer?: Renderer): undefined {
  const { key: id, keyAt, value } = entry;
  if (!isId(id) || isPattern(id))
    return refuse(
      here,
      "bad-name",
      `${shown(id)} is no name for a definition`,
      "Use a name without blanks; patterns belong under match: name.",
    );
  let draft = gathered.drafts.get(id);
  if (draft !== undefined && draft.kind !== kind)
    return refuse(
      here,
      "bad-name",
      `a definition of that name stands under ${draft.kind} already`,
      "Give one of them another name.",
    );
  if (value.kind !== "map") {
    entriesOf(here, value);
    return;
  }
  if (draft === undefined) {
    draft = newDraft(id, kind, keyAt);
    if (renderer !== undefined) draft.renderer = renderer;
    gathered.drafts.set(id, draft);
  }
  takeKeys(draft, keysOf[kind], value.entries, here);
}
