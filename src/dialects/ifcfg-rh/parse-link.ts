import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { Secret, type Wifi } from "../../model/bond.ts";
import type { Extra, Interface } from "../../model/config.ts";
import { isInterfaceName } from "../../model/option-value.ts";
import { type AssignedFile, aboutMisspelt, booleanOf, type Said } from "../assigned-file.ts";
import type { IfcfgFile } from "./files.ts";
import type { Complain } from "./parse-ip.ts";
import { knownKeys, meaningKeys } from "./spelling.ts";

/** What a file says of the link itself: MTU, MAC, matching, VLAN. */
export function readLink(file: IfcfgFile, complain: Complain): Pick<Interface, "mtu" | "mac" | "match" | "vlan"> {
  const { said } = file;
  const mtu = numberOf(said.get("MTU"), complain);
  const mac = macOf(said.get("MACADDR"), complain);
  const match = macOf(said.get("HWADDR"), complain);
  const vlan = readVlan(file, complain);
  return {
    ...(mtu === undefined ? {} : { mtu }),
    ...(mac === undefined ? {} : { mac }),
    ...(match === undefined ? {} : { match: { mac: match } }),
    ...(vlan === undefined ? {} : { vlan }),
  };
}

function numberOf(said: Said | undefined, complain: Complain): number | undefined {
  if (said === undefined || said.value === "") return undefined;
  if (/^\d{2,5}$/.test(said.value)) return Number(said.value);
  complain(said, "this is no number of bytes", "Write a number such as 1500.");
  return undefined;
}

/** Lower case, colons; words such as "preserve" are NetworkManager's policies and stay extras; InfiniBand's long ones too. */
function macOf(said: Said | undefined, complain: Complain): string | undefined {
  if (said === undefined || said.value === "") return undefined;
  const mac = said.value.toLowerCase().replaceAll("-", ":");
  if (/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac)) return mac;
  if (!/^[a-z-]+$/.test(said.value) && mac.length < 30)
    complain(said, "this is no MAC address", "Write six pairs of hexadecimal digits with colons.");
  return undefined;
}

function readVlan({ said, device }: IfcfgFile, complain: Complain): Interface["vlan"] {
  const vlan = said.get("VLAN");
  const type = said.get("TYPE");
  if (booleanOf(vlan) !== true && type?.value.toLowerCase() !== "vlan") return undefined;
  const dotted = /^(.+)\.(\d{1,4})$/.exec(device);
  const plain = /^vlan0*(\d{1,4})/.exec(device);
  const physical = said.get("PHYSDEV")?.value ?? "";
  const parent = physical === "" ? (dotted?.[1] ?? "") : physical;
  const number = said.get("VLAN_ID") ?? said.get("VID");
  const id = Number(number === undefined || number.value === "" ? (dotted?.[2] ?? plain?.[1] ?? "x") : number.value);
  if (isInterfaceName(parent) && Number.isInteger(id) && id >= 0 && id <= 4094) return { parent, id };
  const at = number ?? vlan ?? type;
  if (at !== undefined)
    complain(
      at,
      "the VLAN is not made: its parent or its number (0 to 4094) is missing",
      "Add PHYSDEV=PARENT, and VLAN_ID=NUMBER where the name doesn't end in it.",
    );
  return undefined;
}

/** Bridge settings in the model's words. BRIDGING_OPTS holds names of sysfs as they are. */
export function readBridgeSettings({ said }: IfcfgFile): Readonly<Record<string, string>> {
  const settings: Record<string, string> = {};
  const stp = booleanOf(said.get("STP"));
  if (stp !== undefined) settings["stp_state"] = stp ? "1" : "0";
  for (const [key, setting] of bridgeKeys) {
    const value = said.get(key)?.value;
    if (value !== undefined && value !== "") settings[setting] = value;
  }
  for (const word of (said.get("BRIDGING_OPTS")?.value ?? "").split(/\s+/)) {
    const [key = "", value] = word.split("=");
    if (/^[a-z_]+$/.test(key) && value !== undefined && value !== "") settings[key] = inSeconds(key, value);
  }
  return settings;
}

/** Times in BRIDGING_OPTS are hundredths for the initscripts, which write them to sysfs, and seconds for NetworkManager: no value is
 *  both, for these three. */
function inSeconds(key: string, value: string): string {
  const isHundredths = /^(forward_delay|hello_time|max_age)$/.test(key) && /^\d{3,}$/.test(value);
  return isHundredths ? String(Number(value) / 100) : value;
}

/** Keys of a bridge that are settings by another name, in seconds where they are times. */
export const bridgeKeys: readonly (readonly [string, string])[] = [
  ["DELAY", "forward_delay"],
  ["PRIO", "priority"],
  ["AGEING", "ageing_time"],
];

/** What a file and its keys say of a radio. */
export function readWifi({ said }: AssignedFile, keys: AssignedFile | undefined): Wifi | undefined {
  const essid = said.get("ESSID")?.value ?? "";
  if (essid === "") return undefined;
  const psk = (keys?.said.get("WPA_PSK") ?? said.get("WPA_PSK"))?.value ?? "";
  const settings: Record<string, string> = {};
  const mgmt = said.get("KEY_MGMT")?.value ?? "";
  // Beside a key it says what the key says by itself.
  if (mgmt !== "" && !(psk !== "" && mgmt === "WPA-PSK")) settings["key_mgmt"] = mgmt;
  if (booleanOf(said.get("SSID_HIDDEN")) === true) settings["scan_ssid"] = "1";
  const bssid = said.get("BSSID")?.value ?? "";
  if (bssid !== "") settings["bssid"] = bssid;
  return {
    ssid: decodeSsid(essid),
    ...(psk === "" ? {} : { psk: { inline: new Secret(psk) } }),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
  };
}

/** NetworkManager writes names that are no plain text as 0x and hexadecimal digits. */
function decodeSsid(text: string): string {
  if (!/^0x([0-9a-fA-F]{2})+$/.test(text)) return text;
  const bytes = text.slice(2).match(/../g) ?? [];
  try {
    return decodeURIComponent(bytes.map((byte) => `%${byte}`).join(""));
  } catch {
    return text;
  }
}

/** Keys the model has no word for, kept as they stand; those that look like a slip of the pen are told. */
export function readExtras({ said }: AssignedFile, diagnostics: Diagnostic[]): readonly Extra[] {
  const extras: Extra[] = [];
  for (const one of said.values()) {
    if (isMeaning(one.key)) continue;
    const misspelt = aboutMisspelt(one, knownKeys);
    if (misspelt !== undefined) diagnostics.push(misspelt);
    extras.push({ key: one.key, value: one.value, from: "ifcfg-rh" });
  }
  return extras;
}

/** Whether a key says what the model has a word for. */
export function isMeaning(key: string): boolean {
  return meaningKeys.has(key) || /^(IPADDR|PREFIX|NETMASK|GATEWAY|DNS|BROADCAST)\d{1,3}$/.test(key);
}
