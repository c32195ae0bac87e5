import type { Diagnostic, FileSet } from "../../diagnostic/diagnostic.ts";
import { failed, ok, type Result } from "../../model/result.ts";
import { wordsOf } from "../../syntax/ini.ts";
import { type Amendment, type Cut, cutText, dropIdle } from "../amend.ts";
import { radioUnitPath, supplicantStartPath } from "../wpa-supplicant.ts";
import { readMatch } from "./match.ts";
import { allOf, readUnits, sheetOf, type Unit } from "./units.ts";

const folder = "/etc/systemd/network";

/** Takes the units of the names away, or their names out of units for others too, and puts the written ones in: under the name of the
 *  unit they follow, and always before any unit whose conditions might fit them as well, as networkd takes the first that fits. */
export function amendUnits(amendment: Amendment): Result<FileSet, readonly Diagnostic[]> {
  const { files, names, written, about } = amendment;
  const result = new Map(files);
  const obstacles: Diagnostic[] = [];
  const places = new Map<string, string>();
  const others: string[] = [];
  for (const unit of readUnits(files).filter(({ kind }) => kind !== "link")) {
    const said = namesOf(unit);
    const own = said.filter((name) => names.has(name));
    const isByName = own.length > 0 && own.length === said.length && isOnlyByName(unit);
    const isAll = isByName || (said.length === 0 && about.has(unit.path));
    if ((own.length > 0 || isAll) && !unit.path.startsWith(`${folder}/`)) obstacles.push(notOurs(unit, own));
    else if (isAll) {
      if (own.length === 1) places.set(`${own[0]}.${unit.kind}`, unit.name);
      for (const path of pathsOf(unit, files)) result.delete(path);
    } else {
      if (own.length > 0) result.set(unit.path, withoutNames(unit, files.get(unit.path) ?? "", names));
      if (unit.kind === "network") others.push(unit.name);
    }
  }
  if (obstacles.length > 0) return failed(obstacles);
  dropIdle(result, amendment, (name) => [radioUnitPath(name), supplicantStartPath(name)]);
  // Units with drop-ins elsewhere, and patterns, are told apart from ours by order alone.
  const first = others.toSorted()[0];
  for (const [path, text] of written) result.set(placed(path, places, first), text);
  return ok(result);
}

/** The name of the unit it follows, or its own; before all others. */
function placed(path: string, places: ReadonlyMap<string, string>, first: string | undefined): string {
  const found = /^\/etc\/systemd\/network\/(\d+)-(.+)\.(netdev|network)$/.exec(path);
  if (found === null) return path;
  const [, number = "", name = "", kind = ""] = found;
  const wanted = places.get(`${name}.${kind}`) ?? `${number}-${name}.${kind}`;
  const isBehind = kind === "network" && first !== undefined && wanted > first;
  return `${folder}/${isBehind ? `00-holdfast-${name}.${kind}` : wanted}`;
}

/** The interfaces a unit names without patterns. */
function namesOf(unit: Unit): readonly string[] {
  const sheet = sheetOf(unit, () => false);
  if (unit.kind === "netdev") return allOf(sheet, "NetDev.Name").map(({ value }) => value);
  return [...(readMatch(sheet, "Name").names?.plain ?? [])];
}

/** Whether nothing but plain names says whom it is for. */
function isOnlyByName(unit: Unit): boolean {
  if (unit.kind === "netdev") return true;
  const { names } = readMatch(
    sheetOf(unit, () => false),
    "Name",
  );
  return names !== undefined && names.globs.length + names.not.length === 0;
}

function withoutNames(unit: Unit, text: string, names: ReadonlySet<string>): string {
  const entries = unit.sections.filter(({ name }) => name === "Match").flatMap(({ entries: all }) => all);
  const cuts = entries
    .filter(({ key, keyAt }) => key === "Name" && keyAt.file === unit.path)
    .flatMap((entry) => wordsOf(entry).filter((word) => names.has(word.text)))
    .map(({ at: { start, end } }): Cut => {
      // With the blank behind it, or the one before where it is the last.
      const behind =
        text.charAt(end) === " "
          ? { start, end: end + 1 }
          : { start: text.charAt(start - 1) === " " ? start - 1 : start, end };
      return { ...behind, text: "" };
    });
  return cutText(text, cuts);
}

/** The unit's own file, and its drop-ins beside it. */
function pathsOf(unit: Unit, files: FileSet): readonly string[] {
  return [...files.keys()].filter((path) => path === unit.path || path.startsWith(`${folder}/${unit.name}.d/`));
}

function notOurs({ path }: Unit, own: readonly string[]): Diagnostic {
  return {
    code: "plan-cannot-merge",
    severity: "error",
    message: `${path} configures ${own.join(" and ")}, and what lies there is another program's to write`,
    hint: `Make an empty file of that name in ${folder}: it masks the other.`,
    at: { file: path, start: 0, end: 0 },
  };
}
