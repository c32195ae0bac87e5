import type { Span } from "../../diagnostic/diagnostic.ts";
import type { Interface } from "../../model/config.ts";
import { portsOf } from "./ranges.ts";
import type { Attribute, Stanza } from "./read-file.ts";

/** What is not about addresses, while the stanzas of an interface are read. */
export interface LinkDraft {
  mtu?: number;
  mac?: string;
  dns?: { readonly servers: Set<string>; readonly search: Set<string> };
  bridge?: { readonly ports: Set<string>; readonly settings: Record<string, string> };
  readonly places: Map<string, Span>;
}

/** Attributes of a bridge and the kernel's names for them. Times in whole seconds. Source: addons/bridge.py. */
export const bridgeKeys = [
  ["bridge-stp", "stp_state"],
  ["bridge-fd", "forward_delay"],
  ["bridge-hello", "hello_time"],
  ["bridge-maxage", "max_age"],
  ["bridge-ageing", "ageing_time"],
  ["bridge-bridgeprio", "priority"],
  ["bridge-vlan-aware", "vlan_filtering"],
] as const;

const settingOf: ReadonlyMap<string, string> = new Map(bridgeKeys);

/** Whether a setting of a bridge is on or off. */
export function isSwitch(setting: string): boolean {
  return setting === "stp_state" || setting === "vlan_filtering";
}

/** Takes one attribute of a stanza with these keys. False: it is none of ours, or its value is none, or it was said already (the first counts). */
export function takeLink(draft: LinkDraft, attribute: Attribute, keys: ReadonlySet<string>): boolean {
  const { key, value, at } = attribute;
  if (key === "mtu") return takeMtu(draft, value, at);
  if (key === "hwaddress") return takeMac(draft, value, at);
  if (key === "dns-nameservers" || key === "dns-nameserver" || key === "dns-search") {
    const dns = draft.dns ?? { servers: new Set(), search: new Set() };
    draft.dns = dns;
    for (const word of value.split(/\s+/)) (key === "dns-search" ? dns.search : dns.servers).add(word);
    if (!draft.places.has("dns")) draft.places.set("dns", at);
    return true;
  }
  if (key === "vlan-raw-device" || key === "vlan-id") return keys.has("vlan-raw-device");
  return key.startsWith("bridge-") && takeBridge(draft, attribute, keys);
}

function takeMtu(draft: LinkDraft, value: string, at: Span): boolean {
  if (draft.mtu !== undefined || !/^[1-9]\d{1,5}$/.test(value)) return false;
  draft.mtu = Number(value);
  draft.places.set("mtu", at);
  return true;
}

function takeMac(draft: LinkDraft, value: string, at: Span): boolean {
  const mac = value.replace(/^ether\s+/, "").toLowerCase();
  if (draft.mac !== undefined || !/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(mac)) return false;
  draft.mac = mac;
  draft.places.set("mac", at);
  return true;
}

/** A stanza is a bridge's by its ports or by being VLAN-aware. */
function takeBridge(draft: LinkDraft, { key, value, at }: Attribute, keys: ReadonlySet<string>): boolean {
  if (!keys.has("bridge-ports") && !keys.has("bridge-vlan-aware")) return false;
  const bridge = draft.bridge ?? { ports: new Set(), settings: {} };
  const setting = settingOf.get(key);
  if (key === "bridge-ports") {
    for (const port of portsOf(value).ports) bridge.ports.add(port);
    draft.places.set("bridge", at);
  } else if (setting === undefined) return false;
  else {
    const text = isSwitch(setting) ? switchOf(value) : /^\d{1,9}$/.test(value) ? String(Number(value)) : undefined;
    if (text === undefined || setting in bridge.settings) return false;
    bridge.settings[setting] = text;
    draft.places.set(`bridge/${setting}`, at);
  }
  draft.bridge = bridge;
  return true;
}

function switchOf(value: string): string | undefined {
  const text = value.toLowerCase();
  if (/^(yes|y|true|on|1)$/.test(text)) return "1";
  return /^(no|n|false|off|0)$/.test(text) ? "0" : undefined;
}

/** The VLAN that a stanza's name and attributes make: NAME.ID by its name, others by vlan-raw-device with vlan-id or vlanID.
 *  "no-number": it would be one, and its number is none. Source: addons/vlan.py. */
export function vlanOf({ name, attributes }: Pick<Stanza, "name" | "attributes">): Interface["vlan"] | "no-number" {
  const said = attributes.find(({ key }) => key === "vlan-raw-device")?.value;
  const parts = name.split(".");
  if (said === undefined && parts.length < 2) return undefined;
  const parent = said ?? parts.slice(0, Math.min(parts.length - 1, 2)).join(".");
  const number = attributes.find(({ key }) => key === "vlan-id")?.value ?? numberIn(name, parts);
  const id = /^\d{1,4}$/.test(number) ? Number(number) : 4095;
  return id <= 4094 && /^\S+$/.test(parent) ? { parent, id } : "no-number";
}

function numberIn(name: string, parts: readonly string[]): string {
  if (parts.length > 1) return parts[Math.min(parts.length - 1, 2)] ?? "";
  return name.startsWith("vlan") ? name.slice("vlan".length) : "";
}
