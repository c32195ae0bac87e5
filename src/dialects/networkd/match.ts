import { type IniEntry, wordsOf } from "../../syntax/ini.ts";
import { allOf, type Sheet } from "./units.ts";
import { parseHardwareAddress } from "./values.ts";

/** The [Match] section of a .network or .link. A list that is absent matches anything. */
export interface Match {
  readonly names?: Patterns;
  /** Of the address in force, and of the one the hardware came with. */
  readonly macs?: ReadonlySet<string>;
  readonly permanentMacs?: ReadonlySet<string>;
  readonly paths?: Patterns;
  readonly drivers?: Patterns;
  readonly types?: Patterns;
  readonly kinds?: Patterns;
  /** Assignments of other conditions, which cannot be judged from files. */
  readonly others: readonly IniEntry[];
  /** No condition at all: networkd leaves such a file aside. */
  readonly isEmpty: boolean;
}

/** Words of a condition: plain ones, shell patterns, and either kind behind an exclamation mark, which excludes. */
export interface Patterns {
  readonly plain: ReadonlySet<string>;
  readonly globs: readonly string[];
  readonly not: readonly string[];
  /** As written, words parted by one blank. */
  readonly text: string;
}

/** A network device as far as files tell of it. */
export interface Device {
  readonly name: string;
  /** Of one that a .netdev makes; absent: hardware. */
  readonly kind?: string;
  /** Address in force (a .netdev's MACAddress=). */
  readonly mac?: string;
  /** What a .link recognises the hardware by. */
  readonly hardware?: { readonly mac?: string; readonly path?: string; readonly driver?: string };
}

const others = new Set([
  "Architecture",
  "BSSID",
  "Credential",
  "Firmware",
  "Host",
  "KernelCommandLine",
  "KernelVersion",
  "Property",
  "SSID",
  "Version",
  "Virtualization",
  "WLANInterfaceType",
]);

/** Reads a [Match] section; `nameKey` is Name in a .network and OriginalName in a .link. */
export function readMatch(sheet: Sheet, nameKey: "Name" | "OriginalName"): Match {
  const list = (key: string): Patterns | undefined => patternsOf(allOf(sheet, key));
  const addresses = (key: string): ReadonlySet<string> | undefined => macsOf(allOf(sheet, key));
  const match = {
    ...given("names", list(nameKey === "Name" ? "Match.Name" : "Match.OriginalName")),
    ...given("macs", addresses("Match.MACAddress")),
    ...given("permanentMacs", addresses("Match.PermanentMACAddress")),
    ...given("paths", list("Match.Path")),
    ...given("drivers", list("Match.Driver")),
    ...given("types", list("Match.Type")),
    ...given("kinds", list("Match.Kind")),
  };
  const more = [...sheet.settings.keys()]
    .filter((key) => key.startsWith("Match.") && others.has(key.slice(6)))
    .flatMap((key) => allOf(sheet, key));
  return { ...match, others: more, isEmpty: Object.keys(match).length === 0 && more.length === 0 };
}

function given<K extends string, V>(key: K, value: V | undefined): { readonly [P in K]?: V } {
  return (value === undefined ? {} : { [key]: value }) as { readonly [P in K]?: V };
}

/** Source: config_parse_match_ifnames(): "!" before the first word of a line stands for all words of it. */
function patternsOf(entries: readonly IniEntry[]): Patterns | undefined {
  if (entries.length === 0) return undefined;
  const plain = new Set<string>();
  const globs = new Set<string>();
  const not = new Set<string>();
  for (const entry of entries) {
    const inverted = entry.value.startsWith("!");
    for (const { text } of wordsOf(entry)) {
      const word = text.replace(/^!/, "").replace(/^(["'])(.*)\1$/, "$2");
      if (word === "") continue;
      if (inverted) not.add(word);
      else (/[*?[\\]/.test(word) ? globs : plain).add(word);
    }
  }
  if (plain.size + globs.size + not.size === 0) return undefined;
  const text = [...plain, ...globs, ...[...not].map((word) => `!${word}`)].join(" ");
  return { plain, globs: [...globs], not: [...not], text };
}

function macsOf(entries: readonly IniEntry[]): ReadonlySet<string> | undefined {
  if (entries.length === 0) return undefined;
  const words = entries.flatMap((entry) => wordsOf(entry).map(({ text }) => parseHardwareAddress(text)));
  const valid = words.filter((mac) => mac !== undefined);
  return valid.length === 0 ? undefined : new Set(valid);
}

/** Whether the file is this device's, as far as files tell. A named device is taken to meet what else its file asks of hardware. */
export function matches(match: Match, device: Device): boolean {
  if (match.isEmpty) return false;
  if (match.names !== undefined && !fits(match.names, device.name)) return false;
  const hardware = device.hardware ?? {};
  const isVirtual = device.kind !== undefined;
  const isNamed = match.names !== undefined;
  const known = (wanted: ((value: string) => boolean) | undefined, value: string | undefined): boolean =>
    wanted === undefined || (value === undefined ? isNamed && !isVirtual : wanted(value));
  const { macs, permanentMacs, paths, drivers, types, kinds } = match;
  return (
    known(macs && ((mac) => macs.has(mac)), isVirtual ? device.mac : hardware.mac) &&
    known(permanentMacs && ((mac) => permanentMacs.has(mac)), hardware.mac) &&
    known(paths && ((path) => fits(paths, path)), hardware.path) &&
    known(drivers && ((driver) => fits(drivers, driver)), hardware.driver) &&
    (types === undefined || fits(types, typeOf(device))) &&
    (kinds === undefined || fits(kinds, device.kind)) &&
    (match.others.length === 0 || isNamed)
  );
}

/** What `networkctl` calls the type: udev's DEVTYPE, or the kind of hardware the name promises. */
function typeOf({ name, kind }: Device): string {
  if (kind !== undefined) return kind;
  if (name === "lo") return "loopback";
  if (/^wl/.test(name)) return "wlan";
  return /^ww/.test(name) ? "wwan" : "ether";
}

/** Source: net_condition_test_strv(): excluding words win; where there are none but those, the rest fits. */
function fits({ plain, globs, not }: Patterns, text: string | undefined): boolean {
  if (text !== undefined && not.some((pattern) => globFits(pattern, text))) return false;
  if (plain.size + globs.length === 0) return true;
  return text !== undefined && (plain.has(text) || globs.some((pattern) => globFits(pattern, text)));
}

/** fnmatch(3) without flags, in time that grows with pattern times text. */
export function globFits(pattern: string, text: string): boolean {
  // Longer than any name or path of a device; hostile ones would cost their product.
  if (pattern.length > 1000 || text.length > 1000) return pattern === text;
  let at = 0;
  let next = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    if (pattern.charAt(next) === "*") {
      star = next++;
      starAt = at;
      continue;
    }
    const end = next < pattern.length ? onePlace(pattern, next, text.charAt(at)) : -1;
    if (end !== -1) {
      next = end;
      at++;
    } else if (star === -1) return false;
    else {
      next = star + 1;
      at = ++starAt;
    }
  }
  while (pattern.charAt(next) === "*") next++;
  return next >= pattern.length;
}

/** Where the pattern goes on after a place that takes this character, or -1. */
function onePlace(pattern: string, at: number, char: string): number {
  const first = pattern.charAt(at);
  if (first === "?") return at + 1;
  if (first === "\\" && at + 1 < pattern.length) return pattern.charAt(at + 1) === char ? at + 2 : -1;
  if (first !== "[") return first === char ? at + 1 : -1;
  const close = pattern.indexOf("]", at + (/[!^]/.test(pattern.charAt(at + 1)) ? 3 : 2));
  // Longer than any set of characters anybody means.
  if (close === -1 || close - at > 300) return first === char ? at + 1 : -1;
  return inSet(pattern.slice(at + 1, close), char) ? close + 1 : -1;
}

function inSet(set: string, char: string): boolean {
  const inverted = /^[!^]/.test(set);
  const inside = inverted ? set.slice(1) : set;
  let found = false;
  for (let at = 0; at < inside.length; at++) {
    const low = inside.charAt(at);
    if (inside.charAt(at + 1) === "-" && at + 2 < inside.length) {
      if (low <= char && char <= inside.charAt(at + 2)) found = true;
      at += 2;
    } else if (low === char) found = true;
  }
  return found !== inverted;
}
