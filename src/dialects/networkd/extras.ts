import type { Extra } from "../../model/config.ts";
import type { IniEntry, IniSection } from "../../syntax/ini.ts";
import { isWhole, keysOf, type UnitKind } from "./keys.ts";
import type { Sheet } from "./units.ts";

/** The name under which this dialect keeps what the model has no word for. Keys: "network/Network.LLDP" for an assignment,
 *  "network/RoutingPolicyRule" for a whole section, its assignments as lines. */
export const from = "networkd";

/** Sections that hold keys of ciphers: never kept. */
const secretive = new Set([
  "WireGuard",
  "WireGuardPeer",
  "MACsec",
  "MACsecReceiveAssociation",
  "MACsecTransmitAssociation",
  "WLAN",
]);

const secretKeys = new Set(["Link.WakeOnLanPassword", "Network.IPv6StableSecretAddress"]);

/** Whether a section or an assignment ("Section.Key") may hold a secret. */
export function isSecretive(key: string): boolean {
  return secretive.has(key) || secretKeys.has(key);
}

/** Known assignments that nothing has understood, as extras in the order of their keys, and those that must not be kept. */
export function leftOver(sheet: Sheet): { readonly extras: readonly Extra[]; readonly unsaid: readonly IniEntry[] } {
  const extras: Extra[] = [];
  const unsaid: IniEntry[] = [];
  for (const [key, entries] of sheet.settings) {
    const [section = "", word = ""] = split(key);
    const known = keysOf(sheet.unit.kind, section);
    if (known !== undefined && !known.has(word)) continue;
    if (known === undefined && section !== "Link") continue;
    for (const entry of entries) {
      if (sheet.understood.has(entry) || entry.value === "") continue;
      if (isSecretive(key)) unsaid.push(entry);
      else extras.push({ key: `${sheet.unit.kind}/${key}`, value: entry.value, from });
    }
  }
  return { extras: extras.length > 1 ? extras.toSorted(byKey) : extras, unsaid };
}

/** The writer has an order of its own, in which a key may come to stand before another. One key's values keep theirs. */
function byKey(one: Extra, other: Extra): number {
  return one.key === other.key ? 0 : one.key < other.key ? -1 : 1;
}

/** A section kept whole. */
export function wholeExtra(kind: UnitKind, section: IniSection): Extra {
  const lines = section.entries.filter(({ value }) => value !== "").map(({ key, value }) => `${key}=${value}`);
  return { key: `${kind}/${section.name}`, value: lines.join("\n"), from };
}

/** Where an extra of ours stands: kind of file, section, and key; no key for a whole section. undefined for what none of our files has. */
export function placeOfExtra(
  extra: Extra,
): { readonly kind: UnitKind; readonly section: string; readonly key?: string } | undefined {
  if (extra.from !== from) return undefined;
  const match = /^(netdev|network|link)\/([A-Za-z0-9-]+)(?:\.([A-Za-z0-9]+))?$/.exec(extra.key);
  if (match === null) return undefined;
  const [, kind = "", section = "", key] = match;
  if (isSecretive(section) || isSecretive(`${section}.${key}`)) return undefined;
  const place = { kind: kind as UnitKind, section };
  if (key === undefined) return isWhole(place.kind, section) ? place : undefined;
  const known = keysOf(place.kind, section);
  const fits = known === undefined ? place.kind === "link" && section === "Link" : known.has(key);
  return fits ? { ...place, key } : undefined;
}

function split(key: string): readonly [section: string, word: string] {
  const dot = key.indexOf(".");
  return [key.slice(0, dot), key.slice(dot + 1)];
}
