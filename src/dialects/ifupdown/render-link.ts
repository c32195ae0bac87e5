import type { Wifi } from "../../model/bond.ts";
import type { Interface } from "../../model/config.ts";
import { bridgeKeyOf, bridgeSettingOf, isSwitch } from "./bridge-settings.ts";
import type { Lose } from "./render-interface.ts";
import { hookKnows } from "./wpa-hook.ts";
import { isInterfaceName, isValue, isWord, optionLine, optionLines } from "./write-line.ts";

/** Name service, VLAN, bridge and radio of an interface as option lines. */
export function linkLines(iface: Interface, lose: Lose): readonly string[] {
  return [
    ...dnsLines(iface, lose),
    ...vlanLines(iface, lose),
    ...bridgeLines(iface, lose),
    ...wifiLines(iface.wifi, lose),
  ];
}

function dnsLines(iface: Interface, lose: Lose): readonly string[] {
  const { servers = [], search = [] } = iface.dns ?? {};
  return (
    [
      ["dns-nameservers", servers],
      ["dns-search", search],
    ] as const
  ).flatMap(([key, all]) => {
    const words = [...new Set(all)].filter(isWord);
    if (words.length < all.length)
      lose(key === "dns-search" ? "dns/search" : "dns/servers", key, "an entry is empty, said twice or not one word");
    return words.length === 0 ? [] : [optionLine(key, words.join(" "))];
  });
}

/** Whether vlan(5) could make it. */
export function isVlan({ parent, id }: NonNullable<Interface["vlan"]>): boolean {
  return isInterfaceName(parent) && Number.isInteger(id) && id >= 0 && id <= 4095;
}

function vlanLines(iface: Interface, lose: Lose): readonly string[] {
  if (iface.vlan === undefined) return [];
  const { parent, id } = iface.vlan;
  if (!isVlan(iface.vlan)) {
    lose("vlan", "the VLAN", "its parent is no interface name, or its number is not in 0–4095");
    return [];
  }
  if (iface.name === `${parent}.${id}`) return [];
  return [optionLine("vlan-raw-device", parent), optionLine("vlan-id", String(id))];
}

function bridgeLines(iface: Interface, lose: Lose): readonly string[] {
  if (iface.bridge === undefined) return [];
  const ports = iface.bridge.ports.filter((port) => isWord(port) && port !== "none");
  if (ports.length < iface.bridge.ports.length) lose("bridge/ports", "a port of the bridge", "it is no interface name");
  const lines = [optionLine("bridge_ports", ports.length === 0 ? "none" : ports.join(" "))];
  for (const [setting, value] of Object.entries(iface.bridge.settings)) {
    const written = bridgeLine(setting, value);
    if (written === undefined)
      lose(
        `bridge/${setting}`,
        `bridge setting ${JSON.stringify(setting)}`,
        "bridge-utils has no option for it, or not for its value",
      );
    else lines.push(...written);
  }
  return lines;
}

function bridgeLine(setting: string, value: string): readonly string[] | undefined {
  const key = bridgeKeyOf(setting);
  if (key === undefined) return undefined;
  if (!isSwitch(setting))
    return bridgeSettingOf(key, value) === value ? optionLines(`bridge_${key}`, value) : undefined;
  const word = { stp_state: ["off", "on"], vlan_filtering: ["no", "yes"] }[setting]?.[Number(value)];
  return /^[01]$/.test(value) && word !== undefined ? [optionLine(`bridge_${key}`, word)] : undefined;
}

function wifiLines(wifi: Wifi | undefined, lose: Lose): readonly string[] {
  if (wifi === undefined) return [];
  const lines: string[] = [];
  if (isValue(wifi.ssid)) lines.push(optionLine("wpa-ssid", wifi.ssid));
  else if (wifi.ssid !== "")
    lose("wifi/ssid", "the SSID", "it holds a line feed, a NUL byte or white space at an end; the radio joins nothing");
  lines.push(...pskLines(wifi, lose));
  if (lines.length === 0 && wifi.settings !== undefined) {
    lose("wifi", "the Wi-Fi settings", "without a network's name or key they are nobody's");
    return [];
  }
  for (const [key, value] of Object.entries(wifi.settings ?? {})) {
    const ours = /^[a-z0-9_]+$/.test(key) && key !== "ssid" && key !== "psk";
    if (ours && !hookKnows(key)) {
      lose(`wifi/settings/${key}`, `Wi-Fi setting ${JSON.stringify(key)}`, droppedBecause(key));
      continue;
    }
    const written = ours ? optionLines(`wpa-${key.replace(/_/g, "-")}`, value) : undefined;
    if (written === undefined)
      lose(`wifi/settings/${key}`, `Wi-Fi setting ${JSON.stringify(key)}`, "it cannot stand on a line of its own");
    else lines.push(...written);
  }
  return lines;
}

function droppedBecause(setting: string): string {
  const consequence =
    setting === "ieee80211w" ? "; a network that asks for protected management frames (WPA3) is never joined" : "";
  return `Debian's hook for ifup drops wpa-${setting.replace(/_/g, "-")} without a word${consequence}; name a file of wpa_supplicant's with wpa-conf instead`;
}

function pskLines(wifi: Wifi, lose: Lose): readonly string[] {
  if (wifi.psk === undefined) return [];
  if ("file" in wifi.psk) {
    const why = `it is in ${JSON.stringify(wifi.psk.file)}, and /etc/network/interfaces can hold a key only in clear text; the radio joins nothing until a wpa-psk line is there`;
    lose("wifi/psk", "the Wi-Fi key", why, { severity: "error" });
    return [];
  }
  const key = wifi.psk.inline.reveal();
  // The hook strips one pair of quotes; a key that has its own gets another around it.
  const written = /^".*"$/.test(key) ? `"${key}"` : key;
  if (isValue(written)) return [optionLine("wpa-psk", written)];
  lose(
    "wifi/psk",
    "the Wi-Fi key",
    "it is empty, or holds a line feed, a NUL byte or white space at an end; the radio joins nothing",
    { severity: "error" },
  );
  return [];
}
