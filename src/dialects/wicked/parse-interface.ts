import type { Diagnostic, Span } from "../../diagnostic/diagnostic.ts";
import { Secret, type Wifi } from "../../model/bond.ts";
import type { Extra, Interface, IpSettings, Route } from "../../model/config.ts";
import { isInterfaceName } from "../../model/option-value.ts";
import { type AssignedFile, aboutMisspelt, booleanOf, type Said } from "../assigned-file.ts";
import { familyOf, isCidr, prefixOfNetmask } from "../netmask.ts";
import { isMeaning, knownKeys } from "./spelling.ts";

type Complain = (said: Said, message: string, hint: string, severity?: "error" | "warning") => void;

const none: IpSettings = { method: "none", addresses: [] };

/** STARTMODE: what is not said, or not known, is manual. */
export function startOf({ said }: AssignedFile, complain: Complain): Interface["start"] {
  const mode = said.get("STARTMODE");
  if (/^(auto|boot|onboot|on|nfsroot)$/.test(mode?.value ?? "")) return "boot";
  if (/^(hotplug|ifplugd)$/.test(mode?.value ?? "")) return "hotplug";
  if (mode !== undefined && !/^(manual|off|)$/.test(mode.value))
    complain(
      mode,
      "wicked doesn't know this mode and takes it for manual",
      "Write auto, hotplug or manual.",
      "warning",
    );
  return "manual";
}

/** MTU, MAC address and VLAN. A VLAN that can't be made makes wicked refuse the file: false. */
export function readLink(
  file: AssignedFile,
  complain: Complain,
): Pick<Interface, "mtu" | "mac" | "vlan" | "bridge" | "wifi"> | false {
  const { said } = file;
  const mtu = said.get("MTU");
  const mac = said.get("LLADDR");
  const parsedMac = mac?.value.toLowerCase();
  if (mac !== undefined && mac.value !== "" && !/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/.test(parsedMac ?? "")) {
    complain(
      mac,
      "this is no MAC address: wicked refuses the file",
      "Write six pairs of hexadecimal digits with colons.",
    );
    return false;
  }
  const vlan = readVlan(file, complain);
  if (vlan === false) return false;
  const wifi = readWifi(file);
  const isBridge = booleanOf(said.get("BRIDGE")) === true;
  const bytes = /^\d{2,5}$/.test(mtu?.value ?? "") ? Number(mtu?.value) : undefined;
  if (mtu !== undefined && mtu.value !== "" && bytes === undefined)
    complain(mtu, "this is no number of bytes: the MTU stays as it is", "Write a number such as 1500.");
  return {
    ...(bytes === undefined ? {} : { mtu: bytes }),
    ...(mac === undefined || mac.value === "" ? {} : { mac: parsedMac ?? "" }),
    ...(vlan === undefined ? {} : { vlan }),
    ...(isBridge ? { bridge: { ports: bridgePorts(file), settings: bridgeSettings(file) } } : {}),
    ...(wifi === undefined ? {} : { wifi }),
  };
}

function readVlan({ said, suffix }: AssignedFile, complain: Complain): Interface["vlan"] | false {
  const parent = said.get("ETHERDEVICE");
  if (parent === undefined || parent.value === "") return undefined;
  const number = said.get("VLAN_ID")?.value;
  const id = Number(number ?? /\.(\d+)$/.exec(suffix)?.[1] ?? /(?<!\d)(\d+)$/.exec(suffix)?.[1] ?? "x");
  if (isInterfaceName(parent.value) && parent.value !== suffix && Number.isInteger(id) && id <= 4094)
    return { parent: parent.value, id };
  complain(
    said.get("VLAN_ID") ?? parent,
    "the parent or the number (0 to 4094) of the VLAN is none: wicked refuses the file",
    "Write ETHERDEVICE='PARENT' and VLAN_ID='NUMBER'.",
  );
  return false;
}

function bridgePorts({ said }: AssignedFile): readonly string[] {
  return (said.get("BRIDGE_PORTS")?.value ?? "").split(/[ \t]+/).filter(isInterfaceName);
}

/** Keys of a bridge by the model's settings, in seconds where they are times. */
export const bridgeKeys: readonly (readonly [string, string])[] = [
  ["BRIDGE_PRIORITY", "priority"],
  ["BRIDGE_AGEINGTIME", "ageing_time"],
  ["BRIDGE_FORWARDDELAY", "forward_delay"],
  ["BRIDGE_HELLOTIME", "hello_time"],
  ["BRIDGE_MAXAGE", "max_age"],
];

function bridgeSettings({ said }: AssignedFile): Readonly<Record<string, string>> {
  const settings: Record<string, string> = {};
  const stp = booleanOf(said.get("BRIDGE_STP"));
  if (stp !== undefined) settings["stp_state"] = stp ? "1" : "0";
  for (const [key, setting] of bridgeKeys) {
    const value = said.get(key)?.value ?? "";
    if (value !== "") settings[setting] = value;
  }
  return settings;
}

function readWifi({ said }: AssignedFile): Wifi | undefined {
  const ssid = said.get("WIRELESS_ESSID")?.value ?? "";
  if (ssid === "") return undefined;
  const psk = said.get("WIRELESS_WPA_PSK")?.value ?? "";
  const settings: Record<string, string> = {};
  const auth = said.get("WIRELESS_AUTH_MODE")?.value.toLowerCase() ?? "";
  const mgmt = authModes.find(([mode]) => mode === auth)?.[1];
  if (mgmt !== undefined) settings["key_mgmt"] = mgmt;
  if (booleanOf(said.get("WIRELESS_HIDDEN_SSID")) === true) settings["scan_ssid"] = "1";
  const bssid = said.get("WIRELESS_AP")?.value ?? "";
  if (bssid !== "") settings["bssid"] = bssid;
  return {
    ssid,
    ...(psk === "" ? {} : { psk: { inline: new Secret(psk) } }),
    ...(Object.keys(settings).length === 0 ? {} : { settings }),
  };
}

/** WIRELESS_AUTH_MODE and wpa_supplicant's key_mgmt. "psk" is what a key says by itself. */
export const authModes: readonly (readonly [string, string])[] = [
  ["eap", "WPA-EAP"],
  ["open", "NONE"],
];

/** BOOTPROTO with the addresses and routes. A port, or one with BOOTPROTO=none, has no IP at all. */
export function readIp(
  file: AssignedFile,
  routes: { readonly ipv4: readonly Route[]; readonly ipv6: readonly Route[] },
  acceptRa: boolean | undefined,
  complain: Complain,
): Pick<Interface, "ipv4" | "ipv6"> {
  const { said } = file;
  const proto = said.get("BOOTPROTO");
  const words = new Set((proto?.value.toLowerCase() ?? "").split("+"));
  if (words.has("none")) return { ipv4: none, ipv6: none };
  for (const word of words)
    if (proto !== undefined && !/^(|static|dhcp|dhcp4|dhcp6|auto4|autoip|auto6|6to4|ibft|ppp)$/.test(word))
      complain(
        proto,
        `wicked doesn't know ${JSON.stringify(word)}`,
        "Write static, dhcp4, dhcp6, auto6, or several with plus signs.",
      );
  const addresses = readAddresses(file, complain);
  const asks4 = words.has("dhcp") || words.has("dhcp4");
  const asks6 = words.has("dhcp") || words.has("dhcp6");
  const priority = said.get("DHCLIENT_ROUTE_PRIORITY")?.value ?? "";
  const useRoutes = booleanOf(said.get("DHCLIENT_SET_DEFAULT_ROUTE")) === false;
  return {
    ipv4: {
      ...family(addresses.ipv4, asks4 ? "dhcp" : undefined, routes.ipv4),
      ...(asks4 && /^\d{1,10}$/.test(priority) ? { metric: Number(priority) } : {}),
      ...(asks4 && useRoutes ? { dhcp: { useRoutes: false } } : {}),
    },
    ipv6: {
      ...family(addresses.ipv6, asks6 ? "dhcp" : words.has("auto6") ? "auto" : undefined, routes.ipv6),
      ...(acceptRa === undefined ? {} : { acceptRa }),
    },
  };
}

function family(
  addresses: readonly string[],
  method: "dhcp" | "auto" | undefined,
  routes: readonly Route[],
): IpSettings {
  const isFixed = addresses.length > 0 ? "static" : "none";
  return { method: method ?? isFixed, addresses, ...(routes.length === 0 ? {} : { routes }) };
}

function readAddresses({ said }: AssignedFile, complain: Complain): Record<"ipv4" | "ipv6", readonly string[]> {
  const found = { ipv4: new Set<string>(), ipv6: new Set<string>() };
  for (const one of said.values()) {
    // Any suffix does: IPADDR, IPADDR_1, IPADDR6. What the address lacks has the same suffix.
    if (!one.key.startsWith("IPADDR") || one.value === "") continue;
    const suffix = one.key.slice("IPADDR".length);
    const [address = ""] = one.value.split("/");
    const version = familyOf(address);
    const mask = said.get(`NETMASK${suffix}`)?.value;
    const whole = version === "ipv6" ? "128" : "32";
    const prefix = one.value.includes("/")
      ? one.value.slice(address.length + 1)
      : (said.get(`PREFIXLEN${suffix}`)?.value ??
        (mask === undefined ? whole : String(prefixOfNetmask(mask) ?? whole)));
    const cidr = `${address}/${prefix === "" ? whole : prefix}`;
    if (version === undefined || !isCidr(cidr, version))
      complain(one, "this is no address: it is not set", "Write ADDRESS/PREFIX.");
    else found[version].add(cidr);
  }
  return { ipv4: [...found.ipv4], ipv6: [...found.ipv6] };
}

/** Keys the model has no word for, kept as they stand; those that look like a slip of the pen are told. */
export function readExtras({ said }: AssignedFile, diagnostics: Diagnostic[]): readonly Extra[] {
  const extras: Extra[] = [];
  for (const one of said.values()) {
    if (isMeaning(one.key)) continue;
    const misspelt = aboutMisspelt(one, knownKeys);
    if (misspelt !== undefined) diagnostics.push(misspelt);
    extras.push({ key: one.key, value: one.value, from: "wicked" });
  }
  return extras;
}

const placed: readonly (readonly [string, string])[] = [
  ["MTU", "mtu"],
  ["LLADDR", "mac"],
  ["IPADDR", "ipv4/addresses"],
  ["IPADDR6", "ipv6/addresses"],
  ["WIRELESS_ESSID", "wifi"],
  ["ETHERDEVICE", "vlan"],
];

/** Notes where an interface and its parts were said. */
export function placeParts({ said, suffix, path }: AssignedFile, origins: Map<string, Span>): void {
  origins.set(`interface/${suffix}`, said.get("STARTMODE")?.at ?? { file: path, start: 0, end: 0 });
  for (const [key, field] of placed) {
    const one = said.get(key);
    if (one !== undefined) origins.set(`interface/${suffix}/${field}`, one.at);
  }
}
