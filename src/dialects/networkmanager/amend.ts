import type { Diagnostic, FileSet } from "../../diagnostic/diagnostic.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import { readIni } from "../../syntax/ini.ts";
import { type Amendment, dropIdle } from "../amend.ts";
import { radioDefaultsPath } from "./radio-defaults.ts";

const folder = "/etc/NetworkManager/system-connections/";

/** Takes the profiles of the names away, and puts the written ones in. Profiles that name no interface stay: a bond that brings up its
 *  ports itself takes them whatever else would fit. */
export function amendProfiles({ files, names, written, about }: Amendment): Result<FileSet, readonly Diagnostic[]> {
  const result = new Map(files);
  const obstacles: Diagnostic[] = [];
  for (const [path, text] of files) {
    if (!path.includes("/NetworkManager/system-connections/")) continue;
    const name = interfaceOf(path, text);
    if (name === undefined ? !about.has(path) : !names.has(name)) continue;
    if (path.startsWith(folder)) result.delete(path);
    else obstacles.push(notOurs(path, name ?? "a port"));
  }
  if (obstacles.length > 0) return failed(obstacles);
  dropIdle(result, { names, written }, (name) => [radioDefaultsPath(name)]);
  for (const [path, text] of written) {
    if (result.has(path) && path.startsWith(folder)) return failed([taken(path)]);
    result.set(path, text);
  }
  return ok(result);
}

function interfaceOf(path: string, text: string): string | undefined {
  const { sections } = readIni(path, text, "keyfile");
  const entries = sections.filter(({ name }) => name === "connection").flatMap(({ entries: all }) => all);
  return entries.findLast(({ key }) => key === "interface-name")?.value.trim();
}

function notOurs(path: string, name: string): Diagnostic {
  return {
    code: "plan-cannot-merge",
    severity: "error",
    message: `${path} is a profile for ${name}, and what lies there is another program's to write`,
    hint: "Find out which program wrote it (netplan, the initramfs), and make the change there.",
    at: { file: path, start: 0, end: 0 },
  };
}

function taken(path: string): Diagnostic {
  return {
    code: "plan-cannot-merge",
    severity: "error",
    message: `${path} is there already, and is a profile of something else`,
    hint: "Rename that file; NetworkManager goes by what is in it.",
    at: { file: path, start: 0, end: 0 },
  };
}
