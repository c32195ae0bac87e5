import type { Config, Interface } from "../model/config.ts";
import { mainBond } from "./addressing.ts";

/** Keys by which a port names its bond, and a bond its ports, in the files of ifupdown and ifenslave; underscores count as hyphens. */
const masterKeys = ["bond-master", "master"];
const portKeys = ["bond-slaves", "bond-ports", "slaves"];

/** The bonds that the configuration speaks of: those it declares, the main one first, and those its source names as a master or gives
 *  bonding options, whether or not they ever come up. None of them is a thing that a cable goes into. */
export function meantBonds(config: Config): readonly string[] {
  const main = mainBond(config)?.name;
  const named = config.interfaces.flatMap((one) => valuesOf(one, masterKeys)).filter((name) => name !== "none");
  const speaking = config.interfaces.filter(isMadeByOptions).map((one) => one.name);
  const declared = config.bonds.map((bond) => bond.name);
  return [...new Set([...(main === undefined ? [] : [main]), ...declared, ...named, ...speaking])];
}

/** The ports that stanzas of bonds name, in their order: there they are, whether or not the bond ever comes up. */
export function meantPorts(config: Config): readonly string[] {
  const named = config.interfaces.flatMap((one) => valuesOf(one, portKeys)).flatMap((value) => value.split(/\s+/));
  return [...new Set(named)].filter((name) => name !== "" && name !== "none" && name !== "all");
}

/** Has ports of its own, or bonding options without being anybody's port. */
function isMadeByOptions(one: Interface): boolean {
  if (valuesOf(one, portKeys).length > 0) return true;
  return one.extra.some(({ key }) => plain(key).startsWith("bond-")) && valuesOf(one, masterKeys).length === 0;
}

function valuesOf(one: Interface, keys: readonly string[]): readonly string[] {
  return one.extra.filter(({ key }) => keys.includes(plain(key))).map(({ value }) => value.trim());
}

function plain(key: string): string {
  return key.replaceAll("_", "-");
}
