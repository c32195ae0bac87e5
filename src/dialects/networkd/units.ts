import type { FileSet, Span } from "../../diagnostic/diagnostic.ts";
import { type IniEntry, type IniProblem, type IniSection, readIni } from "../../syntax/ini.ts";
import type { UnitKind } from "./keys.ts";

/** One unit with its drop-ins, as networkd (or udev, for .link) puts it together. */
export interface Unit {
  /** The file's name: "10-bond0.network". */
  readonly name: string;
  readonly kind: UnitKind;
  readonly path: string;
  /** Of the file and then of its drop-ins, in order. */
  readonly sections: readonly IniSection[];
  readonly problems: readonly IniProblem[];
  /** The whole first file, for what is said of the unit itself. */
  readonly at: Span;
}

/** Directories by precedence: the same name in a later one is masked. Source: CONF_PATHS("systemd/network"). */
const directories = ["/etc", "/run", "/usr/local/lib", "/usr/lib", "/lib"].map((root) => `${root}/systemd/network`);

const unitPath = /^(.*)\/([^/]+)\.(netdev|network|link)$/;
const dropInPath = /^(.*)\/([^/]+\.(?:netdev|network|link))\.d\/([^/]+\.conf)$/;

/** Whether a path is one of a unit or a drop-in, wherever it lies. */
export function isUnitPath(path: string): boolean {
  return unitPath.test(path) || dropInPath.test(path);
}

/** Whether a path is where networkd looks. */
export function isInPlace(path: string): boolean {
  return directories.some((directory) => path.startsWith(`${directory}/`));
}

interface Found {
  readonly path: string;
  readonly name: string;
  readonly rank: number;
}

/** The units a host has of these files, of each kind in the order of their names. An empty file masks its name; so does a link to
 *  /dev/null, which arrives here as one. */
export function readUnits(files: FileSet): readonly Unit[] {
  const mains = new Map<string, Found>();
  const dropIns = new Map<string, Map<string, Found>>();
  for (const path of files.keys()) {
    const dropIn = dropInPath.exec(path);
    const main = dropIn === null ? unitPath.exec(path) : null;
    if (main !== null) keepFirst(mains, `${main[2]}.${main[3]}`, path, main[1] ?? "");
    if (dropIn === null) continue;
    const unit = dropIn[2] ?? "";
    const own = dropIns.get(unit) ?? new Map<string, Found>();
    dropIns.set(unit, own);
    keepFirst(own, dropIn[3] ?? "", path, dropIn[1] ?? "");
  }
  return [...mains.values()].toSorted(byName).flatMap(({ path, name }) => {
    const text = files.get(path) ?? "";
    return text === "" ? [] : [readUnit(files, name, path, [...(dropIns.get(name)?.values() ?? [])].toSorted(byName))];
  });
}

/** systemd skips hidden files; of one name the directory of the highest precedence counts. */
function keepFirst(found: Map<string, Found>, name: string, path: string, directory: string): void {
  if (name.startsWith(".")) return;
  const rank = directories.indexOf(directory);
  const other = found.get(name);
  if (other === undefined || rank < other.rank) found.set(name, { path, name, rank });
}

function byName(one: Found, other: Found): number {
  return one.name < other.name ? -1 : 1;
}

function readUnit(files: FileSet, name: string, path: string, dropIns: readonly Found[]): Unit {
  const kind = name.slice(name.lastIndexOf(".") + 1) as UnitKind;
  const read = [path, ...dropIns.map((one) => one.path)].map((one) => readIni(one, files.get(one) ?? "", "unit"));
  return {
    name,
    kind,
    path,
    sections: read.flatMap(({ sections }) => sections),
    problems: read.flatMap(({ problems }) => problems),
    at: { file: path, start: 0, end: 0 },
  };
}

/** A unit's settings by section and key. What is looked up is marked as understood; the rest is left for whoever asks. */
export interface Sheet {
  readonly unit: Unit;
  /** Sections that stand once: entries by "Section.Key", in order. */
  readonly settings: ReadonlyMap<string, readonly IniEntry[]>;
  readonly understood: Set<IniEntry>;
}

/** What [DHCP] says of IPv6 besides. Source: config_parse_dhcp_use_dns(), config_parse_dhcp_or_ra_route_metric() with AF_UNSPEC. */
function alsoOf(key: string): readonly string[] {
  if (key === "UseDNS") return ["DHCPv6.UseDNS"];
  return key === "RouteMetric" ? ["IPv6AcceptRA.RouteMetric"] : [];
}

/** Puts a unit's sections together by key. `stands` says which sections stand by themselves and are left out. */
export function sheetOf(unit: Unit, stands: (section: string) => boolean): Sheet {
  const settings = new Map<string, IniEntry[]>();
  const add = (key: string, entry: IniEntry): void => {
    const list = settings.get(key);
    if (list === undefined) settings.set(key, [entry]);
    else list.push(entry);
  };
  const own = unit.sections.filter(({ name }) => !stands(name));
  // The old [DHCP] speaks where the sections of today are silent, wherever it stands.
  for (const { name, entries } of own)
    if (name === "DHCP")
      for (const entry of entries) for (const key of [`DHCPv4.${entry.key}`, ...alsoOf(entry.key)]) add(key, entry);
  for (const { name, entries } of own)
    if (name !== "DHCP") for (const entry of entries) add(`${name}.${entry.key}`, entry);
  return { unit, settings, understood: new Set() };
}

const nothing: readonly IniEntry[] = [];

/** Every assignment of a key after the last empty one, which takes back those before it; all are marked as understood. */
export function allOf(sheet: Sheet, key: string): readonly IniEntry[] {
  const entries = sheet.settings.get(key);
  if (entries === undefined) return nothing;
  for (const entry of entries) sheet.understood.add(entry);
  const reset = entries.findLastIndex(({ value }) => value === "");
  return reset === -1 ? entries : entries.slice(reset + 1);
}

/** The assignment that counts: the last, unless an empty one took it back. */
export function lastOf(sheet: Sheet, key: string): IniEntry | undefined {
  return allOf(sheet, key).at(-1);
}
