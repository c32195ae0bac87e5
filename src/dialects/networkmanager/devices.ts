import type { Diagnostic } from "../../diagnostic/diagnostic.ts";
import { isInterfaceName } from "../../model/option-value.ts";
import { onlyItem } from "./read-link.ts";
import type { Profile, Reading } from "./read-profile.ts";
import { entryOf, flagAt, numberAt, refused, textAt } from "./value.ts";

/** A profile together with the interface it is for, and what decides whether it is the one that is used. */
export interface Device {
  readonly profile: Profile;
  readonly name: string;
  readonly autoconnect: boolean;
  readonly priority: number;
  readonly timestamp: number;
  /** What it is a port of: the word of the profile, resolved to an interface's name where that is known. */
  readonly controller: { readonly name: string; readonly kind: "bond" | "bridge" } | undefined;
  /** Its controller brings up its ports whatever else holds them. */
  readonly isPulled: boolean;
}

/** The interfaces the profiles are for. Profiles for none that we know, or for any there is, are reported and left out. */
export function devicesOf(profiles: readonly Profile[], reading: Reading): readonly Device[] {
  const named = profiles.flatMap((profile) => {
    const name = nameOf(profile, reading);
    return name === undefined ? [] : [{ profile, name }];
  });
  const byUuid = new Map<string, { readonly profile: Profile; readonly name: string }>();
  const byName = new Map<string, { readonly profile: Profile; readonly name: string }>();
  const pulling = new Set<Profile>();
  for (const one of named) {
    if (one.profile.uuid !== undefined) byUuid.set(one.profile.uuid, one);
    const isController = one.profile.kind === "bond" || one.profile.kind === "bridge";
    if (isController && !byName.has(one.name)) byName.set(one.name, one);
    if (isController && pullsPorts(one.profile, reading)) pulling.add(one.profile);
  }
  return named.map(({ profile, name }): Device => {
    const found = controllerOf(profile, name, reading, (word) => byName.get(word) ?? byUuid.get(word.toLowerCase()));
    return {
      profile,
      name,
      autoconnect: flagAt(profile, reading, "connection", "autoconnect") ?? true,
      priority: numberAt(profile, reading, "connection", "autoconnect-priority", [-999, 999]) ?? 0,
      timestamp: numberAt(profile, reading, "connection", "timestamp", [0, Number.MAX_SAFE_INTEGER]) ?? 0,
      controller: found?.controller,
      isPulled: found?.by !== undefined && pulling.has(found.by),
    };
  });
}

/** The interface's name that a profile's uuid, or the word itself, stands for. */
export function resolver(devices: readonly Device[]): (word: string) => string {
  const byUuid = new Map(
    devices.flatMap(({ profile, name }) => (profile.uuid === undefined ? [] : [[profile.uuid, name] as const])),
  );
  return (word) => byUuid.get(word.toLowerCase()) ?? word;
}

function pullsPorts(profile: Profile, reading: Reading): boolean {
  return ["autoconnect-ports", "autoconnect-slaves"].some(
    (key) => numberAt(profile, reading, "connection", key, [-1, 1]) === 1,
  );
}

function nameOf(profile: Profile, reading: Reading): string | undefined {
  if (profile.kind === "other") {
    const type = textAt(profile, "connection", "type");
    // From 1.42 on NetworkManager writes one for lo by itself, into /run.
    if (type === "loopback") return undefined;
    const what = type === undefined ? "has no type" : "is of a kind that Holdfast doesn't read";
    tell(reading, profile, type === undefined ? "warning" : "advice", "networkmanager-type-not-read", what);
    return undefined;
  }
  const said = textAt(profile, "connection", "interface-name") ?? textAt(profile, profile.kind, "interface-name");
  if (said !== undefined) {
    if (isInterfaceName(said)) return said;
    refused(
      reading,
      profile,
      "interface-name is no interface's name (1 to 15 bytes, no blanks, no slash)",
      entryOf(profile, "connection", "interface-name"),
    );
    return undefined;
  }
  if (profile.kind === "vlan") return vlanName(profile);
  if (profile.kind === "bond" || profile.kind === "bridge") {
    refused(reading, profile, "interface-name is missing", undefined, "Add interface-name= to [connection].");
    return undefined;
  }
  return nameForMatch(profile, reading);
}

/** Source: nm_utils_new_vlan_name(). */
function vlanName(profile: Profile): string | undefined {
  const parent = textAt(profile, "vlan", "parent") ?? "";
  const id = textAt(profile, "vlan", "id") ?? "0";
  const name = `${parent.slice(0, Math.max(0, 14 - id.length))}.${id}`;
  return isInterfaceName(name) && parent.length <= 15 ? name : undefined;
}

/** A device that is recognised otherwise is called after its profile. */
function nameForMatch(profile: Profile, reading: Reading): string | undefined {
  const section = profile.kind === "wifi" ? "wifi" : "ethernet";
  const isMatched =
    textAt(profile, section, "mac-address") !== undefined ||
    ["path", "driver", "interface-name"].some((key) => onlyItem(profile, key) !== undefined);
  if (!isMatched) {
    const what = "is for whatever device has no other profile; Holdfast has no word for that";
    tell(reading, profile, "advice", "networkmanager-any-device", what);
    return undefined;
  }
  const names = [profile.id, profile.stem, profile.id.replace(/[^\w.-]+/g, "-").slice(0, 15)];
  return names.find(isInterfaceName);
}

function tell(reading: Reading, profile: Profile, severity: Diagnostic["severity"], code: string, what: string): void {
  const name = profile.id.slice(0, 60).replace(/[\p{C}"]/gu, "?");
  reading.diagnostics.push({ code, severity, message: `the profile "${name}" ${what}`, at: profile.at });
}

type Found = { readonly profile: Profile; readonly name: string };

function controllerOf(
  profile: Profile,
  name: string,
  reading: Reading,
  find: (word: string) => Found | undefined,
): { readonly controller: NonNullable<Device["controller"]>; readonly by: Profile | undefined } | undefined {
  const newer = entryOf(profile, "connection", "controller");
  const older = entryOf(profile, "connection", "master");
  const word = textAt(profile, "connection", "controller") ?? textAt(profile, "connection", "master");
  if (word === undefined) return undefined;
  if (newer !== undefined && older === undefined)
    reading.report(
      "advice",
      "networkmanager-new-names",
      `${profile.id}: controller= and port-type= are read since NetworkManager 1.46; older ones make no port of it`,
      newer.keyAt,
      "Write master= and slave-type=, which every version reads.",
    );
  const found = find(word);
  if (found?.name === name || word === name) {
    refused(reading, profile, "it is named as a port of itself", newer ?? older, "Remove the line.");
    return undefined;
  }
  const said = textAt(profile, "connection", "port-type") ?? textAt(profile, "connection", "slave-type");
  const implied = (["bond", "bridge"] as const).find((kind) => profile.sections.has(`${kind}-port`));
  if (said === undefined && implied === undefined)
    refused(
      reading,
      profile,
      "a controller without port-type (slave-type)",
      newer ?? older,
      `Add slave-type=${found?.profile.kind ?? "bond"}.`,
    );
  const kind = said ?? implied ?? found?.profile.kind;
  if (kind !== "bond" && kind !== "bridge") return undefined;
  if (found === undefined || found.profile.kind !== kind) {
    const what = found === undefined ? "which no profile makes" : `which is no ${kind}`;
    reading.report(
      "warning",
      "networkmanager-no-controller",
      `${profile.id}: it is a port of a ${kind} ${what}, and doesn't come up`,
      (newer ?? older)?.valueAt ?? profile.at,
    );
    if (found !== undefined) return undefined;
    return isInterfaceName(word) ? { controller: { name: word, kind }, by: undefined } : undefined;
  }
  return { controller: { name: found.name, kind }, by: found.profile };
}
