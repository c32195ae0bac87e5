import { parseMac } from "../../model/address.ts";
import type { Extra } from "../../model/config.ts";
import { nearest } from "../../model/nearest.ts";
import type { IniEntry } from "../../syntax/ini.ts";
import { isKnownKey, isSecretKey, keysOf } from "./known-keys.ts";
import { shown } from "./read-bond.ts";
import { isMethodKept } from "./read-ip.ts";
import { onlyItem } from "./read-link.ts";
import type { Profile, Reading } from "./read-profile.ts";
import { textAt } from "./value.ts";

/** The dialect's name, as extras carry it. */
export const ourName = "networkmanager";

/** Keys whose meaning is in the model, or that mean nothing for the network: identity, age. */
const understood: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries({
    connection: new Set([
      "id",
      "uuid",
      "type",
      "interface-name",
      "timestamp",
      "read-only",
      "autoconnect",
      "master",
      "slave-type",
      "controller",
      "port-type",
      "autoconnect-slaves",
      "autoconnect-ports",
    ]),
    ipv4: new Set(["method", "dns", "dns-search", "gateway", "route-metric", "ignore-auto-dns"]),
    ipv6: new Set(["method", "dns", "dns-search", "gateway", "route-metric", "ignore-auto-dns"]),
    ethernet: new Set(["mac-address", "cloned-mac-address", "mtu"]),
    wifi: new Set(["ssid", "mac-address", "cloned-mac-address", "mtu", "hidden", "bssid"]),
    "wifi-security": new Set(["key-mgmt", "psk", "pmf"]),
    bond: new Set(),
    "bond-port": new Set(["queue-id", "prio"]),
    vlan: new Set(["id", "parent", "interface-name"]),
    bridge: new Set([
      "stp",
      "priority",
      "forward-delay",
      "hello-time",
      "max-age",
      "ageing-time",
      "vlan-filtering",
      "multicast-snooping",
      "interface-name",
    ]),
    match: new Set(),
  }),
);

/** Words that say what NetworkManager does by itself. */
const defaults: Readonly<Record<string, string>> = {
  "connection.autoconnect-priority": "0",
  "vlan.flags": "1",
  "wifi.mode": "infrastructure",
  "wifi-security.psk-flags": "0",
};

/** Whether an extra of this key may be written: those of our own meaning would speak against what the model says. */
export function mayBeWritten(section: string, key: string): boolean {
  if (section === ".nmmeta" || section === "bond" || isSecretKey(key)) return false;
  if ((section === "ipv4" || section === "ipv6") && /^(?:address|route\d|routes)/.test(key)) return false;
  if (!isKnownKey(section, key)) return false;
  const isSometimesKept = /^(?:ipv[46]\.method|(?:ethernet|wifi)\.cloned-mac-address|wifi-security\.key-mgmt)$/.test(
    `${section}.${key}`,
  );
  return isSometimesKept || !(understood.get(section)?.has(key) ?? false);
}

/** What a profile says and the model has no word for. A port's addresses are none of it: NetworkManager drops them. */
export function readExtras(profile: Profile, reading: Reading, role: "port" | "own"): readonly Extra[] {
  const extras: Extra[] = [];
  for (const [section, entries] of profile.sections) {
    if (section === ".nmmeta" || section === "bond") continue;
    const isAddress = section === "ipv4" || section === "ipv6";
    for (const entry of entries.values()) {
      if (!isKnownKey(section, entry.key)) unknownKey(reading, section, entry);
      else if (isSecretKey(entry.key)) tellSecret(reading, section, entry);
      else if (!(isAddress && role === "port") && isLeftOver(profile, section, entry))
        extras.push({ key: `${section}.${entry.key}`, value: entry.value, from: ourName });
    }
  }
  return extras;
}

function isLeftOver(profile: Profile, section: string, entry: IniEntry): boolean {
  const { key } = entry;
  const value = entry.value.trim();
  const name = `${section}.${key}`;
  if (value === "" || defaults[name] === value) return false;
  if (section === "match") return !/^(?:path|driver|interface-name)$/.test(key) || onlyItem(profile, key) === undefined;
  if (key === "cloned-mac-address") return parseMac(value) === undefined;
  if (name === "wifi-security.key-mgmt") return !/^(?:wpa-psk|sae|wpa-eap|owe)$/.test(value);
  if (section === "ipv4" || section === "ipv6") {
    if (key === "method") return isMethodKept(value, section);
    if (/^(?:address(?:es)?|routes?)\d*(?:_options)?$/.test(key)) return false;
    // How the host's part of an address is made matters where addresses are made.
    if (key === "addr-gen-mode") return /^(?:auto|dhcp)?$/.test(textAt(profile, section, "method") ?? "");
    if (key === "ignore-auto-routes" || key === "never-default") return isAlone(profile, section, key);
  }
  return !(understood.get(section)?.has(key) ?? false);
}

/** The two together are "no routes of the network's", which the model says. */
function isAlone(profile: Profile, section: "ipv4" | "ipv6", key: string): boolean {
  const isTrue = (one: string): boolean => /^(?:true|1)\s*$/.test(textAt(profile, section, one) ?? "");
  return isTrue(key) && !(isTrue("ignore-auto-routes") && isTrue("never-default"));
}

function unknownKey(reading: Reading, section: string, entry: IniEntry): void {
  const near = nearest(entry.key, keysOf(section));
  reading.report(
    "warning",
    "networkmanager-unknown-key",
    `[${section}] has no key ${shown(entry.key)}: NetworkManager passes over it`,
    entry.keyAt,
    near === undefined ? "Remove it." : `Write ${near}.`,
  );
}

function tellSecret(reading: Reading, section: string, entry: IniEntry): void {
  if (section === "wifi-security" && entry.key === "psk") return;
  if (entry.value.trim() === "") return;
  reading.report(
    "advice",
    "networkmanager-secret-not-kept",
    `[${section}] ${entry.key} is a secret of a kind that Holdfast doesn't carry over`,
    entry.keyAt,
    "Enter it by hand where it is needed.",
  );
}
