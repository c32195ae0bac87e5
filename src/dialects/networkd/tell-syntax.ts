import { nearest } from "../../model/nearest.ts";
import type { IniProblem, IniSection } from "../../syntax/ini.ts";
import { checkedSections, isSection, keysOf, type UnitKind } from "./keys.ts";
import { type Problems, report, shown } from "./report.ts";
import type { Unit } from "./units.ts";

const slips: Readonly<Record<IniProblem["what"], string>> = {
  "outside-section": "a line before the first [section]",
  "no-equals": "a line without an equals sign",
  "no-key": "a line without a key",
  "bad-header": "a section's name without its closing bracket",
};

/** Says what networkd logs and passes over: lines that are none, sections and keys it does not know. */
export function tellSyntax(unit: Unit, problems: Problems): void {
  for (const { what, at } of unit.problems) {
    const message = `${unit.name}: ${slips[what]} is passed over`;
    report(problems, "networkd-bad-line", "warning", message, at);
  }
  for (const section of unit.sections) {
    if (section.name.startsWith("X-")) continue;
    if (section.name === "DHCP" && unit.kind === "network") tellKeys(unit, { ...section, name: "DHCPv4" }, problems);
    else if (isSection(unit.kind, section.name)) tellKeys(unit, section, problems);
    else tellSection(unit, section, problems);
  }
}

/** Findings after which no hint is looked for any more: a file that is wrong on every line is none of networkd's. */
const mostHinted = 100;

function tellSection(unit: Unit, { name, at }: IniSection, problems: Problems): void {
  const elsewhere = (["netdev", "network", "link"] as const).find((kind) => isSection(kind, name));
  const meant = (): string | undefined => (problems.length < mostHinted ? nearestSection(unit.kind, name) : undefined);
  const hint = elsewhere === undefined ? meant() : `[${name}] belongs in a .${elsewhere} file.`;
  const message = `${unit.name}: networkd knows no section ${shown(name)} in a .${unit.kind} file, and passes over it`;
  report(problems, "networkd-unknown-section", "warning", message, at, hint);
}

function nearestSection(kind: UnitKind, name: string): string | undefined {
  const near = nearest(
    name,
    [...checkedSections(kind)].map(([section]) => section),
  );
  return near === undefined ? undefined : `Did you mean [${near}]?`;
}

function tellKeys(unit: Unit, section: IniSection, problems: Problems): void {
  const known = keysOf(unit.kind, section.name);
  if (known === undefined) return;
  for (const { key, keyAt } of section.entries) {
    const since = known.get(key);
    if (since === 0 || key.startsWith("X-")) continue;
    if (since !== undefined) {
      if (section.name === "Bond") continue;
      const message = `${key}= is read by systemd ${since} and later; before (Debian 12 has 252) it does nothing`;
      report(problems, "networkd-younger-key", "advice", message, keyAt);
      continue;
    }
    const message = `${unit.name}: networkd knows no ${shown(key)} in [${section.name}], and passes over the line`;
    const hint = problems.length < mostHinted ? hintFor(unit.kind, section.name, key, known) : undefined;
    report(problems, "networkd-unknown-key", "warning", message, keyAt, hint);
  }
}

function hintFor(kind: UnitKind, section: string, key: string, known: ReadonlyMap<string, number>): string | undefined {
  const near = nearest(key, known.keys());
  if (near !== undefined && near.toLowerCase() === key.toLowerCase()) return `Write ${near}=: capitals count.`;
  for (const [other, keys] of checkedSections(kind))
    if (other !== section && keys.has(key)) return `${key}= belongs in [${other}].`;
  return near === undefined ? undefined : `Did you mean ${near}=?`;
}
