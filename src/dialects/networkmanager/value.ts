import type { IniEntry } from "../../syntax/ini.ts";
import { unescapeValue } from "./keyfile-value.ts";
import type { Profile, Reading } from "./read-profile.ts";

/** The entry of a key, or undefined. */
export function entryOf(profile: Profile, section: string, key: string): IniEntry | undefined {
  return profile.sections.get(section)?.get(key);
}

/** A text value; undefined when missing or empty. */
export function textAt(profile: Profile, section: string, key: string): string | undefined {
  const entry = entryOf(profile, section, key);
  const text = entry === undefined ? "" : unescapeValue(entry.value);
  return text === "" ? undefined : text;
}

/** A truth value as GLib reads it: true, false, 1 or 0. Anything else, "yes" and "no" too, NetworkManager passes over. */
export function flagAt(profile: Profile, reading: Reading, section: string, key: string): boolean | undefined {
  const entry = entryOf(profile, section, key);
  if (entry === undefined) return undefined;
  const text = entry.value.trim();
  if (text === "true" || text === "1") return true;
  if (text === "false" || text === "0") return false;
  ignored(reading, entry, section, "is neither true nor false", flagHint(text));
  return undefined;
}

function flagHint(text: string): string {
  if (/^(?:yes|on|y)$/i.test(text)) return "Write true.";
  if (/^(?:no|off|n)$/i.test(text)) return "Write false.";
  return "Write true or false.";
}

/** A whole number within bounds; undefined, with a report, when it is none. */
export function numberAt(
  profile: Profile,
  reading: Reading,
  section: string,
  key: string,
  [least, most]: readonly [number, number],
): number | undefined {
  const entry = entryOf(profile, section, key);
  if (entry === undefined || entry.value.trim() === "") return undefined;
  const text = entry.value.trim();
  const value = /^[+-]?\d{1,15}$/.test(text) ? Number(text) : Number.NaN;
  if (value >= least && value <= most) return value === 0 ? 0 : value;
  ignored(reading, entry, section, `is no whole number from ${least} to ${most}`);
  return undefined;
}

/** Reports a value that NetworkManager passes over. The value itself is not repeated: it may be a secret. */
export function ignored(reading: Reading, entry: IniEntry, section: string, why: string, hint?: string): void {
  reading.report(
    "warning",
    "networkmanager-value-ignored",
    `[${section}] ${entry.key} ${why}: NetworkManager passes over it`,
    entry.valueAt,
    hint,
  );
}

/** Reports what makes NetworkManager leave the whole profile out. We read on as though it were mended. */
export function refused(reading: Reading, profile: Profile, why: string, entry?: IniEntry, hint?: string): void {
  reading.report(
    "error",
    "networkmanager-profile-refused",
    `${profile.id}: ${why}: NetworkManager doesn't load the profile`,
    entry?.valueAt ?? profile.at,
    hint,
  );
}
