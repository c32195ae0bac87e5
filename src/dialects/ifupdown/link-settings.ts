import type { Span } from "../../diagnostic/diagnostic.ts";
import { Secret, type Wifi } from "../../model/bond.ts";
import { readMac } from "./addresses.ts";
import { bridgeKeyOf, bridgeSettingOf, settingOfKey } from "./bridge-settings.ts";
import { splitWords } from "./scan.ts";
import { envName, type ResolvedStanza, spanOfVariable, type Variable } from "./variables.ts";
import { hookKnows } from "./wpa-hook.ts";

/** What is not about addresses: link, radio, VLAN, bridge and name service, while the stanzas are read. */
export interface LinkDraft {
  dns?: { servers: string[]; search: string[] };
  mtu?: number;
  mac?: string;
  ssid?: string;
  psk?: Secret;
  readonly wifi: Map<string, string>;
  vlan?: { parent: string; id: number };
  bridge?: { ports: string[]; settings: Map<string, string> };
  readonly places: Map<string, Span>;
}

/** Nothing said yet. */
export function emptyLink(): LinkDraft {
  return { wifi: new Map(), places: new Map() };
}

/** Methods whose own commands set MTU and MAC address. Source: inet.defn, inet6.defn of ifupdown 0.8.41. */
const setsMtu: ReadonlySet<string> = new Set(["inet static", "inet manual", "inet6 static", " "]);
const setsMac: ReadonlySet<string> = new Set([
  "inet static",
  "inet manual",
  "inet dhcp",
  "inet6 static",
  "inet6 dhcp",
  " ",
]);

/** Whether the method of a stanza has an option for the MTU or the MAC address. */
export function methodSets(what: "mtu" | "mac", family: string | undefined, method: string | undefined): boolean {
  return (what === "mtu" ? setsMtu : setsMac).has(`${family ?? ""} ${family === undefined ? "" : (method ?? "")}`);
}

/** Takes one variable of a stanza into the draft. false: not ours, or a second value for what is said already. */
export function takeLinkVariable(draft: LinkDraft, stanza: ResolvedStanza, env: string, variable: Variable): boolean {
  if (variable.name === "mtu") return takeMtu(draft, stanza, variable);
  if (variable.name === "hwaddress") return takeMac(draft, stanza, variable);
  if (env === "DNS_NAMESERVERS" || env === "DNS_NAMESERVER" || env === "DNS_SEARCH")
    return takeDns(draft, env, variable);
  if (env === "VLAN_RAW_DEVICE" || env === "VLAN_ID") return takeVlan(draft, stanza);
  if (env.startsWith("BRIDGE_")) return takeBridge(draft, stanza, env, variable);
  return env.startsWith("WPA_") && takeWifi(draft, stanza, env, variable);
}

function takeMtu(draft: LinkDraft, stanza: ResolvedStanza, variable: Variable): boolean {
  const number = /^[1-9]\d{1,6}$/.test(variable.value) ? Number(variable.value) : undefined;
  if (number === undefined || draft.mtu !== undefined || !methodSets("mtu", stanza.family, stanza.method)) return false;
  draft.mtu = number;
  draft.places.set("mtu", spanOfVariable(variable));
  return true;
}

function takeMac(draft: LinkDraft, stanza: ResolvedStanza, variable: Variable): boolean {
  const mac = readMac(variable.value.replace(/^ether\s+/i, ""));
  if (mac === undefined || draft.mac !== undefined || !methodSets("mac", stanza.family, stanza.method)) return false;
  draft.mac = mac;
  draft.places.set("mac", spanOfVariable(variable));
  return true;
}

function takeDns(draft: LinkDraft, env: string, variable: Variable): boolean {
  draft.dns ??= { servers: [], search: [] };
  const list = env === "DNS_SEARCH" ? draft.dns.search : draft.dns.servers;
  const held = new Set(list);
  list.push(...[...new Set(splitWords(variable.value))].filter((word) => !held.has(word)));
  if (!draft.places.has("dns")) draft.places.set("dns", spanOfVariable(variable));
  return true;
}

/** A VLAN by vlan-raw-device: its number is vlan-id, or what stands at the end of the name (vlan10, bond0.10). */
function takeVlan(draft: LinkDraft, stanza: ResolvedStanza): boolean {
  const name = stanza.stanza.name.text;
  const raw = stanza.env.get("VLAN_RAW_DEVICE");
  const said = stanza.env.get("VLAN_ID")?.value ?? /^(?:vlan|.*\.)(\d{1,4})$/.exec(name)?.[1];
  const id = said !== undefined && /^\d{1,4}$/.test(said) ? Number(said) : undefined;
  const whole = raw !== undefined && /^\S+$/.test(raw.value) && id !== undefined && id <= 4095;
  if (!whole || draft.vlan !== undefined) return whole && draft.vlan?.parent === raw?.value && draft.vlan?.id === id;
  draft.vlan = { parent: raw.value, id };
  draft.places.set("vlan", spanOfVariable(raw));
  return true;
}

/** A VLAN by its name alone: bond0.10 is VLAN 10 of bond0. */
export function vlanByName(name: string): { parent: string; id: number } | undefined {
  const found = /^([^.:\s]+)\.(\d{1,4})$/.exec(name);
  return found === null || Number(found[2]) > 4095 ? undefined : { parent: found[1] ?? "", id: Number(found[2]) };
}

/** Takes the VLAN that the stanza's name makes, unless its options have said one. */
export function takeVlanByName(draft: LinkDraft, stanza: ResolvedStanza): void {
  const { name } = stanza.stanza;
  const vlan = vlanByName(name.text);
  if (draft.vlan !== undefined || vlan === undefined) return;
  draft.vlan = vlan;
  draft.places.set("vlan", name.span);
}

function takeBridge(draft: LinkDraft, stanza: ResolvedStanza, env: string, variable: Variable): boolean {
  // Settings without bridge_ports make no bridge.
  if (!stanza.env.has("BRIDGE_PORTS")) return false;
  draft.bridge ??= { ports: [], settings: new Map() };
  const key = env.slice("BRIDGE_".length).toLowerCase();
  if (key === "ports") {
    if (draft.bridge.ports.length > 0) return false;
    draft.bridge.ports.push(...(variable.value === "none" ? [] : splitWords(variable.value)));
    draft.places.set("bridge", spanOfVariable(variable));
    return true;
  }
  const setting = settingOfKey(key);
  const value = bridgeSettingOf(key, variable.value);
  // What bridge-utils does not read is kept as it is, and not as a setting.
  if (value === undefined || bridgeKeyOf(setting) === undefined || draft.bridge.settings.has(setting)) return false;
  draft.bridge.settings.set(setting, value);
  return true;
}

function takeWifi(draft: LinkDraft, stanza: ResolvedStanza, env: string, variable: Variable): boolean {
  // Without a network of its own the stanza only points to a configuration of wpa_supplicant.
  if (!stanza.env.has("WPA_SSID") && !stanza.env.has("WPA_PSK")) return false;
  const key = env.slice("WPA_".length).toLowerCase();
  if (key === "ssid") return takeSsid(draft, variable);
  if (key === "psk") return takePsk(draft, variable);
  // What the hook drops is kept as it is, and not as a setting.
  if (!hookKnows(key) || draft.wifi.has(key)) return false;
  draft.wifi.set(key, variable.value);
  return true;
}

function takeSsid(draft: LinkDraft, variable: Variable): boolean {
  if (draft.ssid !== undefined) return false;
  draft.ssid = variable.value;
  draft.places.set("wifi", spanOfVariable(variable));
  draft.places.set("wifi/ssid", spanOfVariable(variable));
  return true;
}

function takePsk(draft: LinkDraft, variable: Variable): boolean {
  if (draft.psk !== undefined) return false;
  // ifupdown's hook strips one pair of quotes from a key (not from an SSID).
  draft.psk = new Secret(variable.value.replace(/^"([\s\S]*)"$/, "$1"));
  draft.places.set("wifi/psk", spanOfVariable(variable));
  return true;
}

/** The radio settings, when a network was named. */
export function finishWifi(draft: LinkDraft): Wifi | undefined {
  if (draft.ssid === undefined && draft.psk === undefined) return undefined;
  return {
    ssid: draft.ssid ?? "",
    ...(draft.psk === undefined ? {} : { psk: { inline: draft.psk } }),
    ...(draft.wifi.size === 0 ? {} : { settings: Object.fromEntries(draft.wifi) }),
  };
}

/** Keys whose value is a secret: they are masked wherever a message would show them. */
export function isSecretKey(key: string): boolean {
  return /_(PSK|PASSPHRASE|PASSWORD|PASSWD|WEP_KEY\d?|KEY\d?|PIN)$/.test(envName(key));
}
