import { canonicalAddress, parseMac } from "./address.ts";
import type { ChoiceRow, IntRow, ListRow } from "./options/row.ts";
import { type OptionName, type OptionValue, optionRow } from "./options.ts";
import { failed, ok, type Result } from "./result.ts";

/** Why a text is no value of an option: what it should have been, and the edit that mends it. Never repeats the text. */
export interface ValueProblem {
  /** E.g. "must be 0 to 255 (count)". */
  readonly message: string;
  readonly hint?: string;
}

/** Reads one value as the kernel's own files take it: words or their numbers, "off" and "default", blanks around.
 *  Lists take commas or blanks between addresses. Source: bond_opt_parse(), and what kernel 6.1 answered. */
export function parseOption<K extends OptionName>(name: K, text: string): Result<OptionValue<K>, ValueProblem> {
  // One cast for all: the table ties the kind of a row to the type of its value, which TypeScript can't follow here.
  return readValue(name, text.trim()) as Result<OptionValue<K>, ValueProblem>;
}

/** The spelling every dialect and the kernel take: words by name, flags as 0 or 1, lists joined by commas. */
export function formatOption<K extends OptionName>(_name: K, value: OptionValue<K>): string {
  return Array.isArray(value) ? value.join(",") : String(value);
}

/** The number the kernel keeps for a value: of a choice, a flag or an int; undefined for names and addresses. */
export function optionNumber<K extends OptionName>(name: K, value: OptionValue<K>): number | undefined {
  const row = optionRow(name);
  if (row.kind === "choice") return row.choices[String(value)];
  return typeof value === "number" ? value : undefined;
}

/** A checked value from one already typed as number, text or list (a YAML or JSON value). */
export function readOption<K extends OptionName>(name: K, value: unknown): Result<OptionValue<K>, ValueProblem> {
  if (Array.isArray(value) && optionRow(name).kind === "list") return parseOption(name, value.map(String).join(","));
  if (typeof value === "boolean" && optionRow(name).kind === "flag") return parseOption(name, value ? "1" : "0");
  if (typeof value === "number" || typeof value === "string") return parseOption(name, String(value));
  return failed({ message: expectedValue(name) });
}

/** What a value must be, for people: "must be 0 to 255", "must be one of slow, fast". */
export function expectedValue(name: OptionName): string {
  const row = optionRow(name);
  switch (row.kind) {
    case "int":
      return `must be a whole number, ${row.min} to ${row.max}${row.unit === "none" ? "" : ` (${row.unit})`}`;
    case "choice":
      return `must be one of ${Object.keys(row.choices).join(", ")}`;
    case "flag":
      return "must be 0 or 1 (or off, on)";
    case "list":
      return `must be one to ${row.maxItems} ${row.items === "ipv4" ? "IPv4" : "IPv6"} addresses`;
    case "mac":
      return "must be a MAC address such as 02:00:00:00:00:01, not a multicast one";
    case "port":
      return "must be the name of a port";
  }
}

function readValue(name: OptionName, text: string): Result<unknown, ValueProblem> {
  const row = optionRow(name);
  switch (row.kind) {
    case "int":
      return readInt(name, row, text);
    case "choice":
      return readChoice(name, row, text);
    case "flag":
      return readFlag(name, row.default, text);
    case "list":
      return readList(name, row, text);
    case "mac": {
      const mac = parseMac(text);
      const multicast = mac !== undefined && (Number.parseInt(mac.slice(0, 2), 16) & 1) === 1;
      return mac === undefined || multicast ? failed({ message: expectedValue(name) }) : ok(mac);
    }
    case "port":
      return isInterfaceName(text) ? ok(text) : failed({ message: expectedValue(name) });
  }
}

function readInt(name: OptionName, row: IntRow, text: string): Result<number, ValueProblem> {
  if (text === "off" && row.min <= 0) return ok(0);
  // The kernel's word for it; peer_notif_delay alone lacks it, which hurts nobody who writes it to a file of ours.
  if (text === "default") return ok(row.default);
  if (text === "maxval") return ok(row.max);
  const digits = row.min < 0 ? /^-?\d{1,15}$/ : /^\d{1,15}$/;
  if (!digits.test(text)) return failed({ message: expectedValue(name), ...unitHint(row, text) });
  const value = Number(text);
  return value >= row.min && value <= row.max ? ok(value === 0 ? 0 : value) : failed({ message: expectedValue(name) });
}

function unitHint(row: IntRow, text: string): { readonly hint?: string } {
  const withUnit = /^(\d{1,9})\s?(ms|s|sec)$/.exec(text);
  if (withUnit === null || (row.unit !== "ms" && row.unit !== "s")) return {};
  const inMs = Number(withUnit[1]) * (withUnit[2] === "ms" ? 1 : 1000);
  return { hint: `Write ${row.unit === "ms" ? inMs : Math.ceil(inMs / 1000)}, a bare number of ${row.unit}.` };
}

function readChoice(name: OptionName, row: ChoiceRow, text: string): Result<string, ValueProblem> {
  if (text === "default") return ok(row.default);
  // sysfs shows "active-backup 1" and takes it back: the first word decides.
  const word = text.split(/\s+/)[0] ?? "";
  if (Object.hasOwn(row.choices, word)) return ok(word);
  const byNumber = /^\d{1,3}$/.test(text)
    ? Object.entries(row.choices).find(([, value]) => value === Number(text))
    : undefined;
  if (byNumber !== undefined) return ok(byNumber[0]);
  const close = Object.keys(row.choices).find((choice) => bare(choice) === bare(word));
  return failed({ message: expectedValue(name), ...(close === undefined ? {} : { hint: `Write ${close}.` }) });
}

/** Spelling without case and punctuation, so that Active_Backup is seen as active-backup. */
function bare(word: string): string {
  return word.toLowerCase().replace(/[^a-z0-9]/g, "");
}

function readFlag(name: OptionName, fallback: 0 | 1, text: string): Result<0 | 1, ValueProblem> {
  if (text === "default") return ok(fallback);
  if (text === "1" || text === "on") return ok(1);
  if (text === "0" || text === "off") return ok(0);
  return failed({ message: expectedValue(name) });
}

function readList(name: OptionName, row: ListRow, text: string): Result<readonly string[], ValueProblem> {
  const items = text.split(/[\s,]+/).filter((item) => item !== "");
  if (items.length === 0 || items.length > row.maxItems) return failed({ message: expectedValue(name) });
  const addresses: string[] = [];
  for (const item of items) {
    const address = canonicalAddress(item);
    if (address === undefined || address.includes(":") !== (row.items === "ipv6") || !askable(address))
      return failed({ message: expectedValue(name), hint: "Give each target as a plain unicast address." });
    addresses.push(address);
  }
  if (new Set(addresses).size < addresses.length) return failed({ message: "must not name a target twice" });
  return ok(addresses);
}

/** What the kernel refuses as a target: 0.0.0.0 and 255.255.255.255; ::, ::1 and multicast. */
function askable(address: string): boolean {
  return !/^(?:0\.0\.0\.0|255\.255\.255\.255|::1?|ff..:.*)$/.test(address);
}

/** Whether the kernel takes it as an interface's name: 1 to 15 bytes, no slash, colon, percent or blank, not "." or "..".
 *  Source: dev_valid_name(); % is refused by us because dev_alloc_name() reads it as a pattern. */
export function isInterfaceName(text: string): boolean {
  if (text === "" || text === "." || text === "..") return false;
  let bytes = 0;
  for (const character of text) {
    if (/[/:%\s\p{Cc}]/u.test(character)) return false;
    const point = character.codePointAt(0) ?? 0;
    bytes += point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
  }
  return bytes <= 15;
}
