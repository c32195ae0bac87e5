import type { Span } from "../../diagnostic/diagnostic.ts";
import type { Extra } from "../../model/config.ts";
import { isInterfaceName } from "../../model/option-value.ts";
import { type BondOptions, modes, type OptionName } from "../../model/options.ts";
import type { IniEntry } from "../../syntax/ini.ts";
import { bridgeSettings } from "./bridge-settings.ts";
import { isSecretive, leftOver, wholeExtra } from "./extras.ts";
import { isWhole } from "./keys.ts";
import { type Problems, report, reportValue, shown } from "./report.ts";
import { sendingOf } from "./sending.ts";
import { optionOfBondKey, spellingOf } from "./spelling.ts";
import { allOf, lastOf, type Sheet, sheetOf, type Unit } from "./units.ts";
import { parseBytes, parseHardwareAddress, parseNumber, readOptionText } from "./values.ts";

/** A device that a .netdev makes. */
export interface NetDev {
  readonly name: string;
  readonly nameAt: Span;
  readonly kind: string;
  readonly mac?: string;
  readonly mtu?: number;
  /** Of a bond: what is in force, and where each was said. */
  readonly options: BondOptions;
  readonly places: ReadonlyMap<OptionName, Span>;
  /** Why the kernel refuses to make it; absent: it is made. */
  readonly refusal?: string;
  readonly vlanId?: number;
  readonly bridge?: Readonly<Record<string, string>>;
  readonly extras: readonly Extra[];
}

/** Reads a .netdev. undefined where networkd makes nothing of it; the problems say why. */
export function readNetDev(unit: Unit, problems: Problems): NetDev | undefined {
  const sheet = sheetOf(unit, (section) => isWhole("netdev", section));
  allOf(sheet, "NetDev.Description");
  const name = lastOf(sheet, "NetDev.Name");
  const kind = lastOf(sheet, "NetDev.Kind")?.value;
  if (name === undefined || kind === undefined || !isInterfaceName(name.value)) {
    const lacking = kind === undefined ? "Kind=" : "a valid Name=";
    const message = `${unit.name} has no ${lacking} in [NetDev]: networkd makes no device of it`;
    report(problems, "networkd-no-device", "error", message, name?.valueAt ?? unit.at);
    return undefined;
  }
  const bond = kind === "bond" ? readBond(sheet, name.value, problems) : noBond;
  const mac = lastOf(sheet, "NetDev.MACAddress");
  const address = mac === undefined ? undefined : parseHardwareAddress(mac.value);
  if (mac !== undefined && address === undefined) rejectMac(sheet, mac, problems);
  const mtu = readMtu(sheet, "NetDev.MTUBytes", problems);
  const vlanId = kind === "vlan" ? readVlanId(sheet, problems) : undefined;
  return {
    name: name.value,
    nameAt: name.valueAt,
    kind,
    ...(address === undefined ? {} : { mac: address }),
    ...(mtu === undefined ? {} : { mtu }),
    ...bond,
    ...(vlanId === undefined ? {} : { vlanId }),
    ...(kind === "bridge" ? { bridge: bridgeSettings(sheet, problems) } : {}),
    extras: extrasOf(sheet, kind, problems),
  };
}

const noBond: Pick<NetDev, "options" | "places" | "refusal"> = { options: {}, places: new Map() };

/** MACAddress=none leaves the address to the kernel; it is kept as it stands. */
function rejectMac(sheet: Sheet, entry: IniEntry, problems: Problems): void {
  if (entry.value === "none") sheet.understood.delete(entry);
  else reportValue(problems, entry, "no MAC address");
}

/** An MTU in bytes; a value that is none is reported. */
export function readMtu(sheet: Sheet, key: string, problems: Problems): number | undefined {
  const entry = lastOf(sheet, key);
  if (entry === undefined) return undefined;
  const mtu = parseBytes(entry.value);
  if (mtu !== undefined && mtu >= 68 && mtu <= 0xffff_ffff) return mtu;
  reportValue(problems, entry, "no number of bytes");
  return undefined;
}

function readVlanId(sheet: Sheet, problems: Problems): number | undefined {
  const entry = lastOf(sheet, "VLAN.Id");
  const id = entry === undefined ? undefined : parseNumber(entry.value);
  if (id !== undefined && id <= 4094) return id;
  report(
    problems,
    "networkd-no-device",
    "error",
    `${sheet.unit.name} has no valid Id= in [VLAN]: networkd makes no device of it`,
    entry?.valueAt ?? sheet.unit.at,
  );
  return undefined;
}

function readBond(sheet: Sheet, name: string, problems: Problems): Pick<NetDev, "options" | "places" | "refusal"> {
  const options: Partial<Record<OptionName, unknown>> = {};
  const places = new Map<OptionName, Span>();
  for (const key of sheet.settings.keys()) {
    const option = key.startsWith("Bond.") ? optionOfBondKey.get(key.slice(5)) : undefined;
    const spelling = option === undefined ? "cannot-say" : spellingOf(option);
    if (option === undefined || spelling === "cannot-say" || spelling.place === "port") continue;
    const entries = allOf(sheet, key);
    // Targets add up over lines; of anything else the last line counts.
    const text = option === "arp_ip_target" ? entries.map(({ value }) => value).join(" ") : entries.at(-1)?.value;
    const entry = entries.at(-1);
    if (text === undefined || entry === undefined || text === "") continue;
    const value = readOptionText(option, spelling, text);
    if (value === undefined) rejectOption(option, entry, problems);
    else {
      options[option] = value;
      places.set(option, entry.valueAt);
      if (spelling.form === "span-ms") tellBareSeconds(problems, entry);
      if (spelling.since !== undefined) tooYoung(problems, entry, spelling.since, "the kernel keeps its default");
    }
  }
  return settle(options as BondOptions, places, name, problems);
}

/** A key that Debian 12's networkd does not know. */
export function tooYoung(problems: Problems, entry: IniEntry, since: number, consequence: string): void {
  const message = `${entry.key}= is read by systemd ${since} and later; before (Debian 12 has 252) ${consequence}`;
  report(problems, "networkd-younger-key", "advice", message, entry.keyAt);
}

/** "100" is meant for milliseconds by whoever comes from any other language. */
function tellBareSeconds(problems: Problems, entry: IniEntry): void {
  const seconds = /^\d+$/.test(entry.value) ? Number(entry.value) : 0;
  if (seconds < 5) return;
  const message = `${entry.key}=${entry.value} is ${entry.value} seconds: networkd counts a bare number in seconds`;
  const hint = `Write ${entry.value}ms for milliseconds, or ${entry.value}s if seconds are meant.`;
  report(problems, "networkd-bare-seconds", seconds < 20 ? "warning" : "error", message, entry.valueAt, hint);
}

function rejectOption(option: OptionName, entry: IniEntry, problems: Problems): void {
  if (option !== "mode") {
    reportValue(problems, entry, "nothing networkd knows", `${option} keeps its default`);
    return;
  }
  const words = Object.keys(modes).join(", ");
  const comment = /\s#/.test(entry.value);
  const message = `Mode=${shown(entry.value)} is no mode: networkd passes over the line, and the bond becomes balance-rr`;
  const hint = comment
    ? "Put the comment on a line of its own: behind a value it is part of the value."
    : `Write one of ${words}.`;
  report(problems, "networkd-bad-mode", "error", message, entry.valueAt, hint);
}

/** Takes out what networkd does not send, and finds out whether the kernel makes the bond. */
function settle(
  options: BondOptions,
  places: Map<OptionName, Span>,
  name: string,
  problems: Problems,
): Pick<NetDev, "options" | "places" | "refusal"> {
  const { kept, refused } = sendingOf(options);
  const left = Object.fromEntries(Object.entries(options).filter(([option]) => !kept.has(option as OptionName)));
  for (const [option, why] of kept) {
    const at = places.get(option);
    if (at !== undefined)
      report(problems, "networkd-not-sent", "warning", `${name}: ${option} does not reach the kernel: ${why}`, at);
    places.delete(option);
  }
  const [refusal] = refused.values();
  if (refusal === undefined) return { options: left, places };
  for (const [option, why] of refused) {
    const at = places.get(option);
    const message = `${name}: the kernel refuses the bond, and networkd makes none: ${why}`;
    if (at !== undefined) report(problems, "networkd-bond-refused", "error", message, at, hintFor(option));
  }
  return { options: left, places, refusal };
}

function hintFor(option: OptionName): string {
  const spelling = spellingOf(option);
  return `Remove ${spelling === "cannot-say" ? option : spelling.key}=, or what it does not go with.`;
}

function extrasOf(sheet: Sheet, kind: string, problems: Problems): readonly Extra[] {
  const { extras, unsaid } = leftOver(sheet);
  const kept: Extra[] = [...extras];
  for (const section of sheet.unit.sections)
    if (isWhole("netdev", section.name) && section.entries.length > 0) {
      const extra = wholeExtra("netdev", section);
      if (!isSecretive(section.name)) kept.push(extra);
      else reportUnkept(problems, section.at, `[${section.name}]`);
    }
  for (const entry of unsaid) reportUnkept(problems, entry.keyAt, `${entry.key}=`);
  if (!["bond", "vlan", "bridge"].includes(kind))
    kept.unshift({ key: "netdev/NetDev.Kind", value: kind, from: "networkd" });
  return kept;
}

function reportUnkept(problems: Problems, at: Span, what: string): void {
  report(problems, "networkd-not-kept", "advice", `${what} may hold a key and is not taken over into another file`, at);
}
