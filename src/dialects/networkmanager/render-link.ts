import { parseMac } from "../../model/address.ts";
import type { Wifi } from "../../model/bond.ts";
import type { Interface } from "../../model/config.ts";
import { bridgeConsequence } from "../foreign-settings.ts";
import { escapeValue, isWritable, writeSsid } from "./keyfile-value.ts";
import type { Loser } from "./losses.ts";
import { bridgeKeys, keyMgmtNamed } from "./read-link.ts";
import { type Draft, open, pathFor, setRaw } from "./write-profile.ts";

/** Writes MAC address and MTU into the section that a profile of this kind has for them. */
export function writeDevice(draft: Draft, iface: Interface, section: "wifi" | "ethernet", lose: Loser): void {
  const key = `interface/${iface.name}`;
  open(draft, section);
  if (iface.mac !== undefined) {
    const mac = parseMac(iface.mac);
    if (mac === undefined) lose(`${key}/mac`, `${iface.name}: the MAC address to set is none`);
    else setRaw(draft, section, "cloned-mac-address", mac);
  }
  if (iface.mtu !== undefined) {
    if (Number.isInteger(iface.mtu) && iface.mtu > 0 && iface.mtu <= 2_147_483_647)
      setRaw(draft, section, "mtu", String(iface.mtu));
    else lose(`${key}/mtu`, `${iface.name}: the MTU is none`);
  }
}

/** Writes how the device is recognised. A device that is recognised by something else keeps its name open. */
export function writeMatch(draft: Draft, iface: Interface, section: "wifi" | "ethernet", lose: Loser): void {
  const { mac, ...others } = iface.match ?? {};
  const key = `interface/${iface.name}/match`;
  let isRecognised = false;
  if (mac !== undefined) {
    const read = parseMac(mac);
    if (read === undefined) lose(`${key}/mac`, `${iface.name}: the MAC address to recognise it by is none`);
    else {
      setRaw(draft, section, "mac-address", read);
      isRecognised = true;
    }
  }
  for (const [what, value] of Object.entries(others)) {
    const word = what === "pattern" ? "interface-name" : what;
    if (!isItem(value)) lose(`${key}/${what}`, `${iface.name}: its ${what} can't stand in a profile`);
    else {
      setRaw(draft, "match", word, `${escapeValue(value)};`);
      isRecognised = true;
    }
  }
  if (!isRecognised) setRaw(draft, "connection", "interface-name", escapeValue(iface.name));
}

/** One item of a list in [match], as it is read back: no list sign, none of the signs that begin an item there. */
function isItem(text: string): boolean {
  return text !== "" && text === text.trim() && isWritable(text) && !/[;\\\r\n\t]|^[!&|]/.test(text);
}

/** Whether a radio can be written at all: it needs a network's name. */
export function hasName(wifi: Wifi): boolean {
  return writeSsid(wifi.ssid) !== undefined;
}

/** Writes the network a radio joins, and its key. */
export function writeWifi(draft: Draft, iface: Interface, wifi: Wifi, lose: Loser): void {
  const key = `interface/${iface.name}/wifi`;
  setRaw(draft, "wifi", "mode", "infrastructure");
  setRaw(draft, "wifi", "ssid", writeSsid(wifi.ssid) ?? "");
  writeKey(draft, iface.name, wifi, lose);
  for (const [setting, value] of Object.entries(wifi.settings ?? {})) {
    const said = isOwn(setting) ? settingFor(setting, value) : undefined;
    if (said === undefined)
      lose(
        `${key}/settings/${setting}`,
        `${iface.name}: the Wi-Fi setting ${JSON.stringify(setting.slice(0, 40))} is left out: a profile has no word for it, or not for that value`,
      );
    else setRaw(draft, said.section, said.key, said.value);
  }
}

/** Names that are no names of ours: nothing is looked up by them. */
function isOwn(setting: string): boolean {
  return /^[a-z0-9_]{1,40}$/.test(setting);
}

function writeKey(draft: Draft, name: string, { psk }: Wifi, lose: Loser): void {
  if (psk === undefined) return;
  const key = `interface/${name}/wifi`;
  if ("file" in psk) {
    setRaw(draft, "wifi-security", "key-mgmt", "wpa-psk");
    lose(
      key,
      `${name}: NetworkManager keeps a Wi-Fi key in the profile only, and ours is in a file of its own; without it the radio never joins`,
      "warning",
      `Add the line psk=KEY below key-mgmt= in ${pathFor(name)}; the file must have mode 0600.`,
    );
    return;
  }
  const text = psk.inline.reveal();
  if (text === "" || !isWritable(text)) {
    lose(key, `${name}: the Wi-Fi key can't stand in a profile; without it the radio never joins`);
    return;
  }
  setRaw(draft, "wifi-security", "key-mgmt", "wpa-psk");
  setRaw(draft, "wifi-security", "psk", escapeValue(text));
}

type Said = { readonly section: "wifi" | "wifi-security"; readonly key: string; readonly value: string };

/** A supplicant's setting in NetworkManager's words; undefined where there is none. */
function settingFor(setting: string, value: string): Said | undefined {
  switch (setting) {
    case "key_mgmt": {
      const name = keyMgmtNamed(value);
      return name === undefined ? undefined : { section: "wifi-security", key: "key-mgmt", value: name };
    }
    case "scan_ssid":
      return value === "1" ? { section: "wifi", key: "hidden", value: "true" } : undefined;
    case "bssid":
      return parseMac(value) === value ? { section: "wifi", key: "bssid", value } : undefined;
    case "ieee80211w":
      return /^[012]$/.test(value)
        ? { section: "wifi-security", key: "pmf", value: String(Number(value) + 1) }
        : undefined;
    default:
      return undefined;
  }
}

/** Writes [bridge]. */
export function writeBridge(
  draft: Draft,
  iface: Interface,
  settings: Readonly<Record<string, string>>,
  lose: Loser,
): void {
  open(draft, "bridge");
  const known = Object.entries(bridgeKeys);
  for (const [setting, value] of Object.entries(settings)) {
    const found = known.find(([, row]) => row.setting === setting);
    const text = found === undefined ? undefined : bridgeValue(found[1].kind, value);
    if (found !== undefined && text !== undefined) setRaw(draft, "bridge", found[0], text);
    else
      lose(
        `interface/${iface.name}/bridge/${setting}`,
        `${iface.name}: the bridge's ${JSON.stringify(setting.slice(0, 40))} is left out: a profile has no word for it, or not for that value${bridgeConsequence(setting, value)}`,
      );
  }
}

function bridgeValue(kind: "flag" | readonly [number, number], value: string): string | undefined {
  if (kind === "flag") return value === "1" ? "true" : value === "0" ? "false" : undefined;
  return /^(?:0|[1-9]\d{0,9})$/.test(value) && Number(value) >= kind[0] && Number(value) <= kind[1] ? value : undefined;
}
