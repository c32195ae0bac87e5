import type { Span } from "../../diagnostic/diagnostic.ts";
import type { Extra, Interface, IpSettings } from "../../model/config.ts";
import { type IniEntry, wordsOf } from "../../syntax/ini.ts";
import { from, leftOver, wholeExtra } from "./extras.ts";
import { isWhole } from "./keys.ts";
import { type Match, readMatch } from "./match.ts";
import { readDns, readIp } from "./read-ip.ts";
import { readMtu } from "./read-netdev.ts";
import { type Problems, report, reportValue, shown } from "./report.ts";
import { allOf, lastOf, type Sheet, sheetOf, type Unit } from "./units.ts";
import { parseBoolean, parseHardwareAddress } from "./values.ts";

/** A .network as read: which links are its own, and what it says of them. */
export interface NetworkFile {
  readonly unit: Unit;
  readonly match: Match;
  /** [Match] Name=, for places. */
  readonly at: Span;
  /** The bond its links join, by name, where there is one. */
  readonly bond?: IniEntry;
  readonly bridge?: IniEntry;
  readonly vlans: readonly { readonly text: string; readonly at: Span }[];
  readonly primary?: IniEntry;
  readonly active?: IniEntry;
  readonly settings: Omit<Interface, "name" | "match" | "hooks">;
  readonly places: ReadonlyMap<string, Span>;
}

const none: IpSettings = { method: "none", addresses: [] };

/** Reads a .network. `kindOf` tells the kind of a device that a .netdev makes. */
export function readNetwork(unit: Unit, kindOf: (name: string) => string | undefined, problems: Problems): NetworkFile {
  const sheet = sheetOf(unit, (section) => isWhole("network", section));
  const match = readMatch(sheet, "Name");
  allOf(sheet, "Network.Description");
  const bond = masterOf(sheet, "Bond", kindOf, problems);
  const bridge = masterOf(sheet, "Bridge", kindOf, problems);
  const ports = bond === undefined ? {} : portWords(sheet, problems);
  const vlans = allOf(sheet, "Network.VLAN").flatMap(wordsOf);
  const places = new Map<string, Span>();
  const link = readLink(sheet, places, problems);
  const ip = bond === undefined ? readIp(sheet, problems) : portIp(sheet, bond, problems);
  const dns = bond === undefined ? readDns(sheet, problems) : undefined;
  if (dns !== undefined)
    places.set(
      "dns",
      (sheet.settings.get("Network.DNS") ?? sheet.settings.get("Network.Domains"))?.[0]?.valueAt ?? unit.at,
    );
  for (const [field, at] of ip.places) places.set(field, at);
  absorbOurOwn(sheet, bond !== undefined, kindOf, match);
  const extra = [...link.extras, ...ip.extras, ...others(sheet), ...leftOver(sheet).extras];
  return {
    unit,
    match,
    at: sheet.settings.get("Match.Name")?.[0]?.valueAt ?? unit.sections[0]?.at ?? unit.at,
    ...(bond === undefined ? {} : { bond }),
    ...(bridge === undefined ? {} : { bridge }),
    ...ports,
    vlans,
    settings: { ...link.settings, ipv4: ip.ipv4, ipv6: ip.ipv6, ...(dns === undefined ? {} : { dns }), extra },
    places,
  };
}

/** What stands for the kind of a device that the kernel refuses to make. */
export const refusedKind = "refused";

/** Bond= and Bridge=, where a .netdev makes such a device. */
function masterOf(
  sheet: Sheet,
  kind: "Bond" | "Bridge",
  kindOf: (name: string) => string | undefined,
  problems: Problems,
): IniEntry | undefined {
  const entry = lastOf(sheet, `Network.${kind}`);
  if (entry === undefined) return undefined;
  const made = kindOf(entry.value);
  if (made === kind.toLowerCase()) return entry;
  const lacking =
    made === refusedKind
      ? `the kernel refuses ${shown(entry.value)}, as is said of its .netdev`
      : made === undefined
        ? `no .netdev makes a ${kind.toLowerCase()} ${shown(entry.value)}`
        : `${shown(entry.value)} is a ${made}, and none of kind ${kind.toLowerCase()}`;
  const message = `${sheet.unit.name}: ${kind}= is passed over, and its links join nothing: ${lacking}`;
  const hint =
    made === "bond" ? `Write Bond=${entry.value}.` : made === "bridge" ? `Write Bridge=${entry.value}.` : undefined;
  report(problems, "networkd-no-master", "error", message, entry.valueAt, hint);
  return undefined;
}

function portWords(sheet: Sheet, problems: Problems): Pick<NetworkFile, "primary" | "active"> {
  const said = (key: string): IniEntry | undefined => {
    const entry = lastOf(sheet, `Network.${key}`);
    const value = entry === undefined ? undefined : parseBoolean(entry.value);
    if (entry !== undefined && value === undefined) reportValue(problems, entry, "no boolean");
    return value === true ? entry : undefined;
  };
  const primary = said("PrimarySlave");
  const active = said("ActiveSlave");
  return { ...(primary === undefined ? {} : { primary }), ...(active === undefined ? {} : { active }) };
}

/** The port of a bond gets no addresses whatever its file says. Source: network_verify() of 252. */
function portIp(sheet: Sheet, bond: IniEntry, problems: Problems): ReturnType<typeof readIp> {
  const told = new Set<string>();
  const ignore = (entry: { readonly at: Span; readonly word: string }) => {
    if (told.has(entry.word)) return;
    told.add(entry.word);
    const message = `${sheet.unit.name}: ${entry.word} is passed over: links with Bond=${bond.value} get no addresses of their own`;
    const hint = `Move it to the .network of ${bond.value}.`;
    report(problems, "networkd-ignored-on-port", "warning", message, entry.at, hint);
  };
  for (const key of ["Address", "Gateway", "DHCP", "DNS", "Domains"])
    for (const { value, valueAt } of allOf(sheet, `Network.${key}`))
      if (parseBoolean(value) !== false) ignore({ at: valueAt, word: `${key}=` });
  for (const { name, at } of sheet.unit.sections)
    if (name === "Address" || name === "Route") ignore({ at, word: `[${name}]` });
  for (const [key, entries] of sheet.settings)
    if (/^(DHCPv[46]|IPv6AcceptRA)\./.test(key)) for (const entry of entries) sheet.understood.add(entry);
  allOf(sheet, "Network.IPv6AcceptRA");
  return { ipv4: none, ipv6: none, extras: [], places: new Map() };
}

/** What we write for every port and every device that is made, and what networkd does anyway: no words of their own in the model. */
function absorbOurOwn(sheet: Sheet, isPort: boolean, kindOf: (name: string) => string | undefined, match: Match): void {
  const absorb = (key: string, value: boolean) => {
    const entry = lastOf(sheet, key);
    if (entry !== undefined && parseBoolean(entry.value) !== value) sheet.understood.delete(entry);
  };
  // Switched off for a port, whatever its file says.
  if (isPort) allOf(sheet, "Network.LinkLocalAddressing");
  const [name] = match.names?.plain ?? [];
  if (match.names?.plain.size === 1 && kindOf(name ?? "") !== undefined)
    absorb("Network.ConfigureWithoutCarrier", true);
}

/** [Link] of a .network. */
function readLink(
  sheet: Sheet,
  places: Map<string, Span>,
  problems: Problems,
): {
  readonly settings: Pick<Interface, "start" | "optional" | "mtu" | "mac">;
  readonly extras: readonly Extra[];
} {
  const extras: Extra[] = [];
  const keep = (entry: IniEntry) => extras.push({ key: `network/Link.${entry.key}`, value: entry.value, from });
  const mtu = readMtu(sheet, "Link.MTUBytes", problems);
  const macEntry = lastOf(sheet, "Link.MACAddress");
  const mac = macEntry === undefined ? undefined : parseHardwareAddress(macEntry.value);
  if (macEntry !== undefined && mac === undefined) reportValue(problems, macEntry, "no MAC address");
  const required = lastOf(sheet, "Link.RequiredForOnline");
  const isRequired = required === undefined ? undefined : parseBoolean(required.value);
  if (required !== undefined && isRequired === undefined) keep(required);
  const policy = lastOf(sheet, "Link.ActivationPolicy");
  const unmanaged = lastOf(sheet, "Link.Unmanaged");
  if (policy !== undefined && !["manual", "up"].includes(policy.value)) keep(policy);
  if (unmanaged !== undefined && parseBoolean(unmanaged.value) === true) keep(unmanaged);
  const isManual =
    /^(manual|down|always-down)$/.test(policy?.value ?? "") || parseBoolean(unmanaged?.value ?? "no") === true;
  for (const [field, key] of [
    ["mtu", "Link.MTUBytes"],
    ["mac", "Link.MACAddress"],
    ["start", "Link.ActivationPolicy"],
    ["optional", "Link.RequiredForOnline"],
  ] as const) {
    const at = sheet.settings.get(key)?.at(-1)?.valueAt;
    if (at !== undefined) places.set(field, at);
  }
  return {
    settings: {
      start: isManual ? "manual" : "boot",
      ...(isRequired === undefined ? {} : { optional: !isRequired }),
      ...(mtu === undefined ? {} : { mtu }),
      ...(mac === undefined ? {} : { mac }),
    },
    extras,
  };
}

/** Whole sections other than addresses and routes, and conditions of [Match] that the model has no place for. */
function others(sheet: Sheet): readonly Extra[] {
  const sections = sheet.unit.sections
    .filter(
      ({ name, entries }) => isWhole("network", name) && name !== "Address" && name !== "Route" && entries.length > 0,
    )
    .map((section) => wholeExtra("network", section));
  const conditions = [...sheet.settings]
    .filter(([key]) => key.startsWith("Match.") && !/\.(Name|MACAddress|PermanentMACAddress|Path|Driver)$/.test(key))
    .flatMap(([key, entries]) => entries.map(({ value }) => ({ key: `network/${key}`, value, from })));
  return [...sections, ...conditions.filter(({ value }) => value !== "")];
}
