import type { Span } from "../../diagnostic/diagnostic.ts";
import { nearest } from "../../model/nearest.ts";
import { expectedValue, parseOption } from "../../model/option-value.ts";
import type { BondOptions, OptionName, PortOptions } from "../../model/options.ts";
import type { IniEntry } from "../../syntax/ini.ts";
import { applied } from "./bond-rules.ts";
import { unescapeValue } from "./keyfile-value.ts";
import type { Profile, Reading } from "./read-profile.ts";
import { bondKeys, optionOfKey } from "./spelling.ts";
import { ignored, refused } from "./value.ts";

/** The options that take effect, each with its place. */
export interface ReadOptions<T> {
  readonly options: T;
  readonly places: ReadonlyMap<OptionName, Span>;
}

/** Reads [bond]: what can't be read NetworkManager passes over, what it would refuse or not apply is reported and left out. */
export function readBondOptions(profile: Profile, reading: Reading): ReadOptions<BondOptions> {
  const said = new Map<OptionName, { readonly value: unknown; readonly entry: IniEntry }>();
  for (const entry of profile.sections.get("bond")?.values() ?? []) {
    const option = optionOfKey("bond", entry.key);
    if (option === undefined) {
      // An old form of the connection's own key; read as such elsewhere.
      if (entry.key !== "interface-name") unknownOption(reading, entry);
      continue;
    }
    const value = readValue(reading, option, entry);
    if (value === undefined) continue;
    const other = said.get(option);
    if (other !== undefined && option === "num_peer_notif" && other.value !== value)
      refused(reading, profile, "num_grat_arp and num_unsol_na are one value and must not differ", entry, "Keep one.");
    // primary comes before its older name wherever it stands.
    if (other === undefined || entry.key !== "active_slave") said.set(option, { value, entry });
  }
  const all = Object.fromEntries([...said].map(([option, { value }]) => [option, value])) as BondOptions;
  const { options, verdicts } = applied(all);
  for (const { option, outcome, why } of verdicts) {
    const entry = said.get(option)?.entry;
    if (entry === undefined) continue;
    if (outcome === "refused")
      refused(reading, profile, `${entry.key}: ${why}`, entry, `Remove ${entry.key}, or what it stands against.`);
    else ignored(reading, entry, "bond", `is not applied (${why})`);
  }
  return { options, places: new Map([...said].map(([option, { entry }]) => [option, entry.keyAt])) };
}

function unknownOption(reading: Reading, entry: IniEntry): void {
  const near = nearest(entry.key, bondKeys);
  const hint =
    entry.key === "options"
      ? "Write each option on a line of its own, such as mode=active-backup."
      : near === undefined
        ? "Remove it."
        : `Write ${near}.`;
  reading.report(
    "warning",
    "networkmanager-unknown-key",
    `[bond] ${shown(entry.key)} is no option that NetworkManager knows: it passes over it`,
    entry.keyAt,
    hint,
  );
}

/** A key as a message may show it. */
export function shown(key: string): string {
  return /^[\w.+-]{1,40}$/.test(key) ? `"${key}"` : "a key";
}

function readValue(reading: Reading, option: OptionName, entry: IniEntry): unknown {
  const text = unescapeValue(entry.value);
  // Blanks and words for numbers, which the kernel's own files take, NetworkManager does not.
  const read = parseOption(option, text);
  const isList = option === "arp_ip_target" || option === "ns_ip6_target";
  const isPlain = isList ? !/[\s;]/.test(text) : !/\s/.test(text) && !/^(?:off|on|default|maxval)$/.test(text);
  const isFlagWord = option === "lacp_active" && /^(?:off|on)$/.test(text);
  if (read.ok && (isPlain || isFlagWord)) return read.value;
  const hint = isList ? "Part the addresses with commas, without blanks." : read.ok ? undefined : read.error.hint;
  ignored(reading, entry, "bond", read.ok ? "is not written as NetworkManager wants it" : expectedValue(option), hint);
  return undefined;
}

/** Reads [bond-port] of a port's profile. */
export function readPortOptions(profile: Profile, reading: Reading): ReadOptions<PortOptions> {
  const options: Record<string, unknown> = {};
  const places = new Map<OptionName, Span>();
  for (const entry of profile.sections.get("bond-port")?.values() ?? []) {
    const option = optionOfKey("bond-port", entry.key);
    if (option === undefined) continue;
    const read = parseOption(option, entry.value.trim());
    if (!read.ok) ignored(reading, entry, "bond-port", expectedValue(option));
    else {
      options[option] = read.value;
      places.set(option, entry.keyAt);
    }
  }
  return { options: options as PortOptions, places };
}
