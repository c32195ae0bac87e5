import type { Wifi } from "../../model/bond.ts";
import type { Interface } from "../../model/config.ts";
import { quoteValue } from "../../syntax/assignments.ts";
import { bridgeConsequence, loseForeign } from "../foreign-settings.ts";
import type { Lose } from "../sayable.ts";
import { bridgeKeys, isMeaning } from "./parse-link.ts";

type Pair = readonly [string, string];

/** MTU, MAC addresses, VLAN and bridge. */
export function linkLines(iface: Interface, lose: Lose): readonly Pair[] {
  const { name, mtu, mac, match, vlan } = iface;
  for (const field of ["path", "driver", "pattern"] as const)
    if (match?.[field] !== undefined)
      lose(
        `interface/${name}/match/${field}`,
        `recognising it by ${field} is left out: ifcfg files know names and MAC addresses`,
        {
          hint: "Give it a fixed name with a .link file or a udev rule, or match it by MAC address.",
        },
      );
  return [
    ...(mtu === undefined ? [] : [["MTU", String(mtu)] as const]),
    ...(mac === undefined ? [] : [["MACADDR", mac] as const]),
    ...(match?.mac === undefined ? [] : [["HWADDR", match.mac] as const]),
    ...(vlan === undefined ? [] : vlanLines(name, vlan.parent, vlan.id)),
    ...bridgeLines(iface, lose),
  ];
}

/** The initscripts take the number from a name such as bond0.10 unless VID says another; NetworkManager reads VLAN_ID. */
function vlanLines(name: string, parent: string, id: number): readonly Pair[] {
  const base: Pair[] = [
    ["VLAN", "yes"],
    ["PHYSDEV", parent],
    ["VLAN_ID", String(id)],
  ];
  return name === `${parent}.${id}` ? base : [...base, ["VID", String(id)]];
}

function bridgeLines({ name, bridge }: Interface, lose: Lose): readonly Pair[] {
  if (bridge === undefined) return [];
  const pairs: Pair[] = [];
  const words: string[] = [];
  for (const [setting, value] of Object.entries(bridge.settings).toSorted(byKey)) {
    const key = bridgeKeys.find(([, one]) => one === setting)?.[0];
    if (setting === "stp_state" && (value === "0" || value === "1")) pairs.push(["STP", value === "1" ? "yes" : "no"]);
    else if (key !== undefined && /^\d{1,9}(\.\d{1,3})?$/.test(value)) pairs.push([key, value]);
    else if (key === undefined && isPlainSetting(setting) && /^[\w.:-]+$/.test(value))
      words.push(`${setting}=${value}`);
    else
      lose(
        `interface/${name}/bridge/${setting}`,
        `the bridge's ${JSON.stringify(setting)} is left out: its value cannot stand in an ifcfg file, or the two readers take it in other units${bridgeConsequence(setting, value)}`,
      );
  }
  return words.length === 0 ? pairs : [...pairs, ["BRIDGING_OPTS", words.join(" ")]];
}

/** One order, so that the same settings make the same file. */
function byKey([one]: Pair, [other]: Pair): number {
  return one < other ? -1 : 1;
}

function isPlainSetting(setting: string): boolean {
  return /^[a-z_]+$/.test(setting) && !/^(stp_state|hello_time|max_age)$/.test(setting);
}

/** A radio's lines, and the lines of the file that holds its key. */
export function wifiLines(
  name: string,
  wifi: Wifi,
  lose: Lose,
): { readonly pairs: readonly Pair[]; readonly keys: readonly Pair[] } {
  const about = `interface/${name}/wifi`;
  const essid = encodeSsid(wifi.ssid);
  if (essid === undefined) {
    lose(about, "the radio's settings are left out: its network's name is empty or no text", { severity: "error" });
    return { pairs: [], keys: [] };
  }
  const pairs: Pair[] = [["ESSID", essid]];
  const keys: Pair[] = [];
  const psk = wifi.psk;
  if (psk !== undefined && "file" in psk)
    lose(
      `${about}/psk`,
      "the Wi-Fi key is left out: it is in a file, and these files hold keys in clear text only; the radio joins nothing",
      {
        severity: "error",
        hint: `Write WPA_PSK=… into /etc/sysconfig/network-scripts/keys-${name}, mode 0600.`,
      },
    );
  else if (psk !== undefined) {
    const text = psk.inline.reveal();
    if (text !== "" && text === text.trim() && quoteValue(text) !== undefined) keys.push(["WPA_PSK", text]);
    else
      lose(`${about}/psk`, "the Wi-Fi key is left out: it is empty, or cannot stand on one line", {
        severity: "error",
      });
  }
  pairs.push(...settingLines(about, wifi, keys.length > 0, lose));
  return { pairs, keys };
}

function settingLines(about: string, wifi: Wifi, hasKey: boolean, lose: Lose): readonly Pair[] {
  const pairs: Pair[] = [];
  for (const [setting, value] of Object.entries(wifi.settings ?? {}).toSorted(byKey)) {
    const key = Object.hasOwn(wifiKeys, setting) ? wifiKeys[setting] : undefined;
    const fits =
      setting === "scan_ssid"
        ? value === "1"
        : value !== "" && value === value.trim() && quoteValue(value) !== undefined;
    if (key !== undefined && fits) pairs.push([key, setting === "scan_ssid" ? "yes" : value]);
    else
      lose(
        `${about}/settings/${setting}`,
        `the Wi-Fi setting ${JSON.stringify(setting)} is left out: ifcfg files have no word for it, or not for its value`,
      );
  }
  // NetworkManager makes nothing of a key without it; what it says here is what a key means.
  if (hasKey && !pairs.some(([key]) => key === "KEY_MGMT")) pairs.push(["KEY_MGMT", "WPA-PSK"]);
  else if (hasKey && pairs.some(([key, value]) => key === "KEY_MGMT" && value === "WPA-PSK"))
    lose(`${about}/settings/key_mgmt`, "that the key is a pre-shared one is what the key itself says here", {
      severity: "advice",
    });
  return pairs;
}

const wifiKeys: Readonly<Record<string, string | undefined>> = {
  key_mgmt: "KEY_MGMT",
  scan_ssid: "SSID_HIDDEN",
  bssid: "BSSID",
};

/** As it is where it can be, else as NetworkManager spells bytes. */
function encodeSsid(ssid: string): string | undefined {
  if (ssid === "" || /\p{Cs}/u.test(ssid)) return undefined;
  if (ssid === ssid.trim() && !ssid.startsWith("0x") && quoteValue(ssid) !== undefined) return ssid;
  const bytes = encodeURIComponent(ssid).replace(/%([0-9A-F]{2})|(.)/gu, (_all, hex?: string, char?: string) =>
    hex === undefined ? (char ?? "").charCodeAt(0).toString(16).padStart(2, "0") : hex.toLowerCase(),
  );
  return `0x${bytes}`;
}

/** What these files said before and the model has no word for; what others said is lost. */
export function extraLines(
  iface: Interface,
  lose: Lose,
): { readonly pairs: readonly Pair[]; readonly rules: Readonly<Record<"inet" | "inet6", readonly string[]>> } {
  const pairs: Pair[] = [];
  const rules: Record<"inet" | "inet6", string[]> = { inet: [], inet6: [] };
  const seen = new Set<string>();
  for (const one of iface.extra) {
    const { key, value, from, family } = one;
    const isRule = from === "ifcfg-rh" && key === "rule" && /^[\w .:/*-]+$/.test(value) && value === value.trim();
    const isKey = /^[A-Za-z_]\w*$/.test(key) && !isMeaning(key) && key !== "rule" && !seen.has(key);
    const isRouteless = key === "DEFROUTE" && iface.ipv4.gateway !== undefined;
    if (isRule && family !== undefined) rules[family].push(value);
    else if (
      from === "ifcfg-rh" &&
      family === undefined &&
      isKey &&
      !isRouteless &&
      value === value.trim() &&
      quoteValue(value) !== undefined
    ) {
      seen.add(key);
      pairs.push([key, value]);
    } else if (from === "ifcfg-rh")
      lose(
        `interface/${iface.name}/extra`,
        `${JSON.stringify(key)} is left out: in this place it would be read as something else`,
      );
    else loseForeign(iface.name, one, "ifcfg files", lose);
  }
  return { pairs, rules };
}
