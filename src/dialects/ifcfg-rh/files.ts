import type { Diagnostic, FileSet } from "../../diagnostic/diagnostic.ts";
import type { Extra, Route } from "../../model/config.ts";
import { isInterfaceName } from "../../model/option-value.ts";
import { type AssignedFile, isLeftover, readAssignedFile, type Said } from "../assigned-file.ts";
import { isModulePath } from "./modprobe.ts";
import { readRouteFile, readRuleFile } from "./route-files.ts";

/** Where the files live. */
export const folder = "/etc/sysconfig/network-scripts";

/** One interface's files. */
export interface IfcfgFile extends AssignedFile {
  /** The interface, less the number of an alias. */
  readonly device: string;
  /** bond0:1 and the like: more addresses of an interface that has a file of its own. */
  readonly isAlias: boolean;
}

/** Everything in the folder, by what it is. Routes, rules and keys by the name in their file's name. */
export interface Sorted {
  readonly interfaces: readonly IfcfgFile[];
  readonly routes: ReadonlyMap<string, { readonly ipv4: readonly Route[]; readonly ipv6: readonly Route[] }>;
  readonly rules: ReadonlyMap<string, readonly Extra[]>;
  readonly keys: ReadonlyMap<string, AssignedFile>;
  readonly diagnostics: readonly Diagnostic[];
}

const named = /(?:^|\/)(ifcfg|keys|route6?|rule6?)-([^/]+)$/;

/** Sorts the files of the folder and reads each. Later files of one device are left aside, with a warning. */
export function sortFiles(files: FileSet): Sorted {
  const diagnostics: Diagnostic[] = [];
  const interfaces: IfcfgFile[] = [];
  const routes = new Map<string, { ipv4: readonly Route[]; ipv6: readonly Route[] }>();
  const rules = new Map<string, readonly Extra[]>();
  const keys = new Map<string, AssignedFile>();
  for (const [path, text] of [...files].toSorted(([one], [other]) => (one < other ? -1 : 1))) {
    if (isModulePath(path)) continue;
    const [, kind, suffix = ""] = named.exec(path) ?? [];
    // A single file of any name was named by the user: it is an interface's.
    if (kind === undefined && files.size > 1) continue;
    // What is said of lo is what it is anyway.
    if (isLeftover(suffix) || suffix === "lo") continue;
    if (kind === "route" || kind === "route6") {
      const family = kind === "route" ? "ipv4" : "ipv6";
      const all = routes.get(suffix) ?? { ipv4: [], ipv6: [] };
      routes.set(suffix, { ...all, [family]: readRouteFile(path, text, family, diagnostics) });
    } else if (kind === "rule" || kind === "rule6")
      rules.set(suffix, [...(rules.get(suffix) ?? []), ...readRuleFile(text, kind === "rule" ? "inet" : "inet6")]);
    else {
      const read = readAssignedFile(path, suffix, text, "shell");
      for (const one of read.diagnostics) diagnostics.push(one);
      if (kind === "keys") keys.set(suffix, read.file);
      else interfaces.push(...withDevice(read.file, diagnostics));
    }
  }
  return { interfaces: oneEach(interfaces, diagnostics), routes, rules, keys, diagnostics };
}

function withDevice(file: AssignedFile, diagnostics: Diagnostic[]): readonly IfcfgFile[] {
  const device = file.said.get("DEVICE");
  const name = device === undefined || device.value === "" ? file.suffix : device.value;
  const [bare = "", alias] = name.split(":");
  const start = { file: file.path, start: 0, end: 0 };
  if (!isInterfaceName(bare)) {
    if (file.said.size > 0)
      diagnostics.push({
        code: "bad-value",
        severity: "error",
        message: `${JSON.stringify(bare)} cannot be an interface's name: the file sets nothing up`,
        hint: "Write DEVICE=NAME, with the name that `ip link` shows.",
        at: device?.valueAt ?? start,
      });
    return [];
  }
  if (device === undefined || device.value === "") diagnostics.push(aboutNoDevice(file, device));
  return [{ ...file, device: bare, isAlias: alias !== undefined }];
}

function aboutNoDevice(file: AssignedFile, device: Said | undefined): Diagnostic {
  const at = device?.at ?? { file: file.path, start: 0, end: 0 };
  const isFound = (file.said.get("HWADDR")?.value ?? "") !== "";
  return {
    code: "ifcfg-rh-no-device",
    severity: isFound ? "advice" : "warning",
    message: isFound
      ? `no DEVICE is named: the interface is found by HWADDR alone; Holdfast calls it ${file.suffix}, as the file is called`
      : `no DEVICE is named: the initscripts pass over this file, and NetworkManager takes it for any interface`,
    hint: `Add DEVICE=${file.suffix}, or the name that \`ip link\` shows.`,
    at,
  };
}

/** The initscripts look for ifcfg-NAME first, and then take the first file that names the device. */
function oneEach(files: readonly IfcfgFile[], diagnostics: Diagnostic[]): readonly IfcfgFile[] {
  const chosen = new Map<string, IfcfgFile>();
  for (const file of files) {
    if (file.isAlias) continue;
    const earlier = chosen.get(file.device);
    if (earlier === undefined || (file.suffix === file.device && earlier.suffix !== file.device))
      chosen.set(file.device, file);
  }
  return files.filter((file) => {
    const isUsed = file.isAlias || chosen.get(file.device) === file;
    if (!isUsed)
      diagnostics.push({
        code: "ifcfg-rh-device-twice",
        severity: "warning",
        message: `${file.device} has another file too, which is read instead of this one; NetworkManager makes two profiles of them`,
        hint: "Keep one file for each interface.",
        at: file.said.get("DEVICE")?.at ?? { file: file.path, start: 0, end: 0 },
      });
    return isUsed;
  });
}
