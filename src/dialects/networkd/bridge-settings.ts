import { type Problems, reportValue } from "./report.ts";

import { allOf, lastOf, type Sheet } from "./units.ts";
import { parseBoolean, parseNumber, parseSpan } from "./values.ts";

type Form = "boolean" | "seconds" | "number" | "protocol";

/** [Bridge] of a .netdev: key, the kernel's name, form. Source: systemd.netdev(5), bridge.c of 252. */
const spelling = [
  ["STP", "stp_state", "boolean"],
  ["ForwardDelaySec", "forward_delay", "seconds"],
  ["HelloTimeSec", "hello_time", "seconds"],
  ["MaxAgeSec", "max_age", "seconds"],
  ["AgeingTimeSec", "ageing_time", "seconds"],
  ["Priority", "priority", "number"],
  ["VLANFiltering", "vlan_filtering", "boolean"],
  ["DefaultPVID", "default_pvid", "number"],
  ["GroupForwardMask", "group_fwd_mask", "number"],
  ["MulticastQuerier", "multicast_querier", "boolean"],
  ["MulticastSnooping", "multicast_snooping", "boolean"],
  ["MulticastIGMPVersion", "multicast_igmp_version", "number"],
] as const satisfies readonly (readonly [key: string, setting: string, form: Form])[];

/** The settings of a bridge by their kernel names. Others stay for the extras. */
export function bridgeSettings(sheet: Sheet, problems: Problems): Readonly<Record<string, string>> {
  const settings: Record<string, string> = {};
  for (const [key, setting, form] of spelling) {
    const entry = lastOf(sheet, `Bridge.${key}`);
    if (entry === undefined) continue;
    const value = read(form, entry.value);
    if (value === undefined) reportValue(problems, entry, "nothing networkd knows");
    // networkd sends no timer of 0: the kernel keeps its own.
    else if (form !== "seconds" || value !== "0") settings[setting] = value;
    else for (const one of allOf(sheet, `Bridge.${key}`)) sheet.understood.delete(one);
  }
  return settings;
}

function read(form: Form, text: string): string | undefined {
  if (form === "boolean") {
    const value = parseBoolean(text);
    return value === undefined ? undefined : value ? "1" : "0";
  }
  if (form === "number") return parseNumber(text)?.toString();
  const span = parseSpan(text);
  return span === undefined ? undefined : String(span / 1_000_000);
}

const words: ReadonlyMap<string, string> = new Map([
  ["0", "no"],
  ["1", "yes"],
]);

/** "Key=value" for a setting of the model, or undefined where [Bridge] cannot say it. */
export function bridgeLine(setting: string, value: string): string | undefined {
  const row = spelling.find(([, name]) => name === setting);
  if (row === undefined) return undefined;
  const [key, , form] = row;
  const text = form === "boolean" ? words.get(value) : value;
  if (text === undefined || read(form, text) !== value || (form === "seconds" && value === "0")) return undefined;
  return `${key}=${text}`;
}
