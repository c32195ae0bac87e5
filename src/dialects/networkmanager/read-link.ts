import { parseMac } from "../../model/address.ts";
import { Secret, type Wifi } from "../../model/bond.ts";
import type { Interface } from "../../model/config.ts";
import { listItems, readSsid } from "./keyfile-value.ts";
import type { Profile, Reading } from "./read-profile.ts";
import { entryOf, flagAt, ignored, numberAt, refused, textAt } from "./value.ts";

type Link = Pick<Interface, "match" | "mtu" | "mac">;

/** The section that holds a device's MAC address and MTU. Bonds, bridges and VLANs use [ethernet] too. */
export function linkSection(profile: Pick<Profile, "kind">): "wifi" | "ethernet" {
  return profile.kind === "wifi" ? "wifi" : "ethernet";
}

/** How the device is recognised, its MTU and the MAC address it is given. */
export function readLink(profile: Profile, reading: Reading): Link {
  const section = linkSection(profile);
  const mtu = numberAt(profile, reading, section, "mtu", [0, 2_147_483_647]);
  const mac =
    parseMac(textAt(profile, section, "cloned-mac-address") ?? "") ??
    (profile.kind === "bridge" ? parseMac(textAt(profile, "bridge", "mac-address") ?? "") : undefined);
  const match = readMatch(profile);
  return {
    ...(match === undefined ? {} : { match }),
    // 0 leaves it to the device.
    ...(mtu === undefined || mtu === 0 ? {} : { mtu }),
    ...(mac === undefined ? {} : { mac }),
  };
}

function readMatch(profile: Profile): Interface["match"] | undefined {
  const isDevice = profile.kind === "ethernet" || profile.kind === "wifi";
  const mac = isDevice ? parseMac(textAt(profile, linkSection(profile), "mac-address") ?? "") : undefined;
  const only = (key: string): string | undefined => onlyItem(profile, key);
  const path = only("path");
  const driver = only("driver");
  const pattern = textAt(profile, "connection", "interface-name") === undefined ? only("interface-name") : undefined;
  const match = {
    ...(mac === undefined ? {} : { mac }),
    ...(path === undefined ? {} : { path }),
    ...(driver === undefined ? {} : { driver }),
    ...(pattern === undefined ? {} : { pattern }),
  };
  return Object.keys(match).length === 0 ? undefined : match;
}

/** The one item of a list in [match]; several, and those that begin with a sign, the model can't say. */
export function onlyItem(profile: Profile, key: string): string | undefined {
  const items = listItems(entryOf(profile, "match", key)?.value ?? "");
  const [item] = items;
  return items.length === 1 && item !== undefined && !/^[!&|\\]/.test(item) ? item : undefined;
}

const keyManagement: Readonly<Record<string, string>> = {
  "wpa-psk": "WPA-PSK",
  sae: "SAE",
  "wpa-eap": "WPA-EAP",
  owe: "OWE",
};

/** What the key management of a profile is called by wpa_supplicant, or undefined. */
export function supplicantName(keyMgmt: string): string | undefined {
  return Object.hasOwn(keyManagement, keyMgmt) ? keyManagement[keyMgmt] : undefined;
}

/** What NetworkManager calls wpa_supplicant's key management, or undefined. */
export function keyMgmtNamed(supplicant: string): string | undefined {
  return Object.entries(keyManagement).find(([, name]) => name === supplicant)?.[0];
}

/** How a radio joins its network, or undefined where the profile names none. */
export function readWifi(profile: Profile, reading: Reading): Wifi | undefined {
  const entry = entryOf(profile, "wifi", "ssid");
  const ssid = entry === undefined ? undefined : readSsid(entry.value);
  if (ssid === undefined || ssid === "") {
    if (entry !== undefined && ssid === undefined)
      reading.report(
        "advice",
        "networkmanager-not-kept",
        "the network's name is no text; it is not kept",
        entry.valueAt,
      );
    else refused(reading, profile, "[wifi] names no network (ssid)", entry);
    return undefined;
  }
  const psk = textAt(profile, "wifi-security", "psk");
  const settings = wifiSettings(profile, reading, psk !== undefined);
  return {
    ssid,
    ...(psk === undefined ? {} : { psk: { inline: new Secret(psk) } }),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
  };
}

function wifiSettings(profile: Profile, reading: Reading, hasKey: boolean): Readonly<Record<string, string>> {
  const settings: Record<string, string> = {};
  const keyMgmt = textAt(profile, "wifi-security", "key-mgmt");
  const name = keyMgmt === undefined ? undefined : supplicantName(keyMgmt);
  // With a key, WPA-PSK needs no saying.
  if (name !== undefined && !(hasKey && name === "WPA-PSK")) settings["key_mgmt"] = name;
  if (flagAt(profile, reading, "wifi", "hidden") === true) settings["scan_ssid"] = "1";
  const bssid = parseMac(textAt(profile, "wifi", "bssid") ?? "");
  if (bssid !== undefined) settings["bssid"] = bssid;
  const pmf = numberAt(profile, reading, "wifi-security", "pmf", [0, 3]);
  // NetworkManager: 0 default, 1 off, 2 optional, 3 required; wpa_supplicant counts from 0.
  if (pmf !== undefined && pmf > 0) settings["ieee80211w"] = String(pmf - 1);
  return settings;
}

/** Keys of [bridge] that the model has a name for: that name, and whether the value is a truth value. */
export const bridgeKeys = {
  stp: { setting: "stp_state", kind: "flag" },
  priority: { setting: "priority", kind: [0, 65_535] },
  "forward-delay": { setting: "forward_delay", kind: [2, 30] },
  "hello-time": { setting: "hello_time", kind: [1, 10] },
  "max-age": { setting: "max_age", kind: [6, 40] },
  "ageing-time": { setting: "ageing_time", kind: [0, 1_000_000] },
  "vlan-filtering": { setting: "vlan_filtering", kind: "flag" },
  "multicast-snooping": { setting: "multicast_snooping", kind: "flag" },
} as const satisfies Record<string, { readonly setting: string; readonly kind: "flag" | readonly [number, number] }>;

/** The settings of a bridge in the model's words. */
export function readBridge(profile: Profile, reading: Reading): Readonly<Record<string, string>> {
  const settings: Record<string, string> = {};
  for (const [key, { setting, kind }] of Object.entries(bridgeKeys)) {
    if (kind === "flag") {
      const said = flagAt(profile, reading, "bridge", key);
      if (said !== undefined) settings[setting] = said ? "1" : "0";
      continue;
    }
    const said = numberAt(profile, reading, "bridge", key, kind);
    if (said !== undefined) settings[setting] = String(said);
  }
  return settings;
}

/** The tag of a VLAN; NetworkManager takes 0 where none is said. */
export function readVlanId(profile: Profile, reading: Reading): number {
  const entry = entryOf(profile, "vlan", "id");
  const id = numberAt(profile, reading, "vlan", "id", [0, 4094]);
  if (entry === undefined) refusedId(profile, reading);
  else if (id === undefined) ignored(reading, entry, "vlan", "is no tag");
  return id ?? 0;
}

function refusedId(profile: Profile, reading: Reading): void {
  reading.report(
    "warning",
    "networkmanager-value-ignored",
    `${profile.id}: [vlan] says no id, and NetworkManager takes 0`,
    profile.at,
    "Add the tag: id=10.",
  );
}
