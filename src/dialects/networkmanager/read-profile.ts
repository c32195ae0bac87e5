import type { Diagnostic, FileSet, Span } from "../../diagnostic/diagnostic.ts";
import { type IniEntry, readIni } from "../../syntax/ini.ts";
import { unescapeValue } from "./keyfile-value.ts";
import { sectionNamed } from "./known-keys.ts";

/** One profile: a keyfile with its sections merged as GLib merges them, the last of several values in force. */
export interface Profile {
  readonly path: string;
  /** The file's name without its ending. */
  readonly stem: string;
  readonly at: Span;
  readonly sections: ReadonlyMap<string, ReadonlyMap<string, IniEntry>>;
  readonly kind: Kind;
  readonly id: string;
  readonly uuid: string | undefined;
}

/** What a profile makes or configures; "other" is nothing we know. */
export type Kind = "ethernet" | "wifi" | "bond" | "vlan" | "bridge" | "other";

/** Where readers leave what they found. */
export interface Reading {
  readonly diagnostics: Diagnostic[];
  readonly report: (severity: Diagnostic["severity"], code: string, message: string, at: Span, hint?: string) => void;
}

export function newReading(): Reading {
  const diagnostics: Diagnostic[] = [];
  return {
    diagnostics,
    report: (severity, code, message, at, hint) =>
      diagnostics.push({ code, severity, message, at, ...(hint === undefined ? {} : { hint }) }),
  };
}

/** Every profile NetworkManager would load from these files, each uuid once. */
export function readProfiles(files: FileSet, reading: Reading): readonly Profile[] {
  const profiles: Profile[] = [];
  for (const [path, text] of files) {
    if (isPassedOver(path)) {
      const why = "NetworkManager passes over files of such a name";
      reading.report("advice", "networkmanager-file-passed-over", why, { file: path, start: 0, end: 0 });
      continue;
    }
    const profile = readProfile(path, text, reading);
    if (profile !== undefined) profiles.push(profile);
  }
  return withoutShadowed(profiles, reading);
}

const directory = /(?:^|\/)(etc|run|usr\/lib)\/NetworkManager\/system-connections\/[^/]+$/;

/** Source: nms_keyfile_utils_check_file_name() and check_suffix(); the ending is optional below /etc only. */
function isPassedOver(path: string): boolean {
  const place = directory.exec(path)?.[1];
  if (place === undefined) return false;
  const name = path.slice(path.lastIndexOf("/") + 1);
  if (name.startsWith(".") || /~$|\.(?:bak|orig|rej|tmp|swp|rpmnew|rpmsave|rpmorig|dpkg-\w+|nmmeta)$/.test(name))
    return true;
  return place !== "etc" && !name.endsWith(".nmconnection");
}

function readProfile(path: string, text: string, reading: Reading): Profile | undefined {
  const ini = readIni(path, text, "keyfile");
  const [problem] = ini.problems;
  if (problem !== undefined)
    reading.report(
      "error",
      "networkmanager-syntax",
      "this line is no section, no KEY=VALUE and no comment: NetworkManager doesn't load the file at all",
      problem.at,
      "Mend the line, or begin it with #.",
    );
  const sections = new Map<string, Map<string, IniEntry>>();
  for (const section of ini.sections) {
    const name = sectionNamed(section.name);
    const merged = sections.get(name);
    const entries = merged ?? new Map<string, IniEntry>();
    for (const entry of section.entries) entries.set(entry.key, entry);
    sections.set(name, entries);
  }
  const [header, second] = ini.sections.filter(({ name }) => name === "connection").map(({ at }) => at);
  if (second !== undefined)
    reading.report(
      "warning",
      "networkmanager-second-profile",
      "a second [connection] in one file: all are read as one profile, and the later values win",
      second,
      "Put each profile into a file of its own.",
    );
  if (ini.sections.length === 0 && problem === undefined && text.trim() === "") return undefined;
  tellBadUuid(sections, reading);
  const stem = path.slice(path.lastIndexOf("/") + 1).replace(/\.nmconnection$/, "");
  const of = (key: string): string | undefined => textOf(sections.get("connection")?.get(key));
  return {
    path,
    stem,
    at: header ?? { file: path, start: 0, end: 0 },
    sections,
    kind: kindOf(of("type"), sections),
    id: of("id") ?? stem,
    uuid: of("uuid")?.toLowerCase(),
  };
}

/** Source: nm_uuid_is_valid(). */
function tellBadUuid(sections: ReadonlyMap<string, ReadonlyMap<string, IniEntry>>, reading: Reading): void {
  const entry = sections.get("connection")?.get("uuid");
  const text = textOf(entry);
  if (entry === undefined || text === undefined) return;
  if (/^(?:[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}|[\da-f]{40})$/i.test(text)) return;
  reading.report(
    "error",
    "networkmanager-profile-refused",
    "uuid is no UUID: NetworkManager doesn't load the profile",
    entry.valueAt,
    "Remove the line, or write what uuidgen prints.",
  );
}

function textOf(entry: IniEntry | undefined): string | undefined {
  const text = entry === undefined ? "" : unescapeValue(entry.value).trim();
  return text === "" ? undefined : text;
}

const kinds: Readonly<Record<string, Kind>> = {
  bond: "bond",
  vlan: "vlan",
  bridge: "bridge",
  ethernet: "ethernet",
  wifi: "wifi",
};

/** By `type=`, and by the sections where that is missing. */
function kindOf(type: string | undefined, sections: ReadonlyMap<string, unknown>): Kind {
  if (type !== undefined) {
    const name = sectionNamed(type);
    return Object.hasOwn(kinds, name) ? (kinds[name] ?? "other") : "other";
  }
  return (["vlan", "bond", "bridge", "wifi", "ethernet"] as const).find((kind) => sections.has(kind)) ?? "other";
}

/** Of several files with one uuid, /run comes before /etc, and both before /usr/lib. Source: NMSKeyfileStorageType. */
function withoutShadowed(profiles: readonly Profile[], reading: Reading): readonly Profile[] {
  const first = new Map<string, Profile>();
  for (const profile of profiles) {
    if (profile.uuid === undefined) continue;
    const rival = first.get(profile.uuid);
    if (rival === undefined || rank(profile) < rank(rival)) first.set(profile.uuid, profile);
  }
  return profiles.filter((profile) => {
    const winner = profile.uuid === undefined ? profile : first.get(profile.uuid);
    if (winner === undefined || winner === profile) return true;
    reading.diagnostics.push({
      code: "networkmanager-uuid-twice",
      severity: "warning",
      message: `${profile.id}: another file has a profile of the same uuid, and that one is loaded`,
      hint: "Give this one a uuid of its own, or remove the file.",
      at: profile.at,
      also: [{ at: winner.at, note: "this one is loaded" }],
    });
    return false;
  });
}

function rank({ path }: Profile): number {
  return ["run", "etc", "usr/lib"].indexOf(directory.exec(path)?.[1] ?? "etc");
}
