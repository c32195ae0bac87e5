import type { FileSet, Span } from "../diagnostic/diagnostic.ts";
import { languageNamed, languages } from "../dialects/registry.ts";
import type { Config } from "../model/config.ts";
import type { HostState } from "../model/host-state.ts";
import { isFileOf, shareFiles } from "../model/managers.ts";
import { runningConfig } from "../model/running-config.ts";
import { inSysfs } from "./about/host.ts";
import { ifupdownSubject, type Surroundings } from "./ifupdown-subject.ts";
import type { Elsewhere, Subject } from "./rule.ts";

/** A running host with all of its files as something to judge: those of the manager in charge are its configuration. Where that
 *  says nothing of a bond that runs, what runs is judged by itself. Never throws. */
export function hostSubject(files: FileSet, host: HostState, surroundings: Surroundings): Subject {
  const { language } = host;
  const read = language === undefined ? undefined : readAs(language, files, surroundings);
  const elsewhere = elsewhereOf(files, surroundings, language);
  const isSilent = read === undefined || (read.config.bonds.length === 0 && host.bonds.length > 0);
  const judged = isSilent ? runningSubject(files, host) : read;
  const { around, fileModes } = surroundings;
  return {
    ...judged,
    config: { ...judged.config, ...around },
    files,
    host,
    elsewhere,
    ...(fileModes === undefined ? {} : { fileModes }),
  };
}

function readAs(name: string, files: FileSet, surroundings: Surroundings): Subject | undefined {
  const own: FileSet = new Map([...files].filter(([path]) => isFileOf(name, path)));
  if (name === "ifupdown") return ifupdownSubject(own, surroundings);
  const parsed = languageNamed(name)?.parse(own, surroundings.facts);
  return parsed === undefined ? undefined : { dialect: name, files: own, ...parsed };
}

/** What the kernel runs, with places in sysfs. The language is the kernel's own: silence means its defaults. */
function runningSubject(files: FileSet, host: HostState): Subject {
  const config = runningConfig(host);
  return { dialect: "running", files, config, origins: placesInSysfs(config), diagnostics: [] };
}

function placesInSysfs({ bonds, interfaces }: Config): ReadonlyMap<string, Span> {
  const places = new Map<string, Span>();
  for (const { name, ports, options } of bonds) {
    places.set(`bond/${name}`, inSysfs(name));
    for (const port of ports) places.set(`bond/${name}/port/${port}`, inSysfs(port));
    for (const option of Object.keys(options))
      places.set(`bond/${name}/option/${option}`, inSysfs(name, `bonding/${option}`));
  }
  for (const { name } of interfaces) places.set(`interface/${name}`, inSysfs(name));
  return places;
}

/** Files of languages that the manager in charge doesn't read, as far as they speak of bonds. */
function elsewhereOf(files: FileSet, surroundings: Surroundings, counts: string | undefined): readonly Elsewhere[] {
  return languages.flatMap(({ name }, at) => {
    const isReadAlready =
      (counts !== undefined && shareFiles(name, counts)) ||
      languages.slice(0, at).some((earlier) => shareFiles(name, earlier.name));
    if (isReadAlready || name === counts || ![...files.keys()].some((path) => isFileOf(name, path))) return [];
    const read = readAs(name, files, surroundings);
    return read === undefined || read.config.bonds.length === 0
      ? []
      : [{ language: name, config: read.config, origins: read.origins }];
  });
}
