import type { FileSet } from "../diagnostic/diagnostic.ts";
import { cloudInit } from "./cloud-init/cloud-init.ts";
import type { Dialect, Language } from "./dialect.ts";
import { ifcfgRh } from "./ifcfg-rh/ifcfg-rh.ts";
import { ifupdown } from "./ifupdown/ifupdown.ts";
import { ifupdownNg } from "./ifupdown-ng/ifupdown-ng.ts";
import { ifupdown2 } from "./ifupdown2/ifupdown2.ts";
import { iproute2 } from "./iproute2/iproute2.ts";
import { netplan } from "./netplan/netplan.ts";
import { networkd } from "./networkd/networkd.ts";
import { networkmanager } from "./networkmanager/networkmanager.ts";
import { nmstate } from "./nmstate/nmstate.ts";
import { wicked } from "./wicked/wicked.ts";

/** Every language we read and write. */
export const dialects: readonly Dialect[] = [
  ifupdown,
  ifupdown2,
  ifupdownNg,
  networkmanager,
  ifcfgRh,
  netplan,
  wicked,
  networkd,
  nmstate,
  iproute2,
];

/** Every language we read: those and the ones that nobody would want written. */
export const languages: readonly Language[] = [...dialects, cloudInit];

/** The language of that name, or undefined. */
export function languageNamed(name: string): Language | undefined {
  return languages.find((language) => language.name === name);
}

/** The dialect of that name, or undefined. */
export function dialectNamed(name: string): Dialect | undefined {
  return dialects.find((dialect) => dialect.name === name);
}

/** How sure a dialect must be before files are taken for it. */
const enough = 0.5;

/** The language these files are most surely of, or undefined when none is sure enough. */
export function detectDialect(files: FileSet): Language | undefined {
  let best: { dialect: Language; score: number } | undefined;
  for (const dialect of languages) {
    const score = dialect.detect(files);
    if (score >= enough && (best === undefined || score > best.score)) best = { dialect, score };
  }
  return best?.dialect;
}
