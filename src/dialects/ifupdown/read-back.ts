import type { Bond } from "../../model/bond.ts";
import type { Config, Interface } from "../../model/config.ts";
import type { OptionName } from "../../model/options.ts";
import { isSame } from "../../model/same.ts";
import type { Loss } from "../dialect.ts";
import { bridgeKeyOf } from "./bridge-settings.ts";
import { interpret } from "./meaning.ts";
import { readInterfaces } from "./parse-document.ts";
import type { Dropped } from "./render-interface.ts";
import { interfacesPath } from "./source-files.ts";
import { optionOfEnv } from "./spelling.ts";
import { envName } from "./variables.ts";
import { isInterfaceName } from "./write-line.ts";

/** The host the written file is checked against: one where systemd keeps the module from making bonds. */
const plainHost = { maxBonds: 0 };

/** Reads what was written and compares. Extras and commands that would be read as something else (an extra called
 *  bond-mode, a second address) are taken out: `mended` is the configuration without them. */
export function readBack(
  config: Config,
  text: string,
  dropped: Dropped,
): { readonly mended?: Config; readonly losses: readonly Loss[] } {
  const read = readText(text);
  const back = new Map(read.interfaces.map((iface) => [iface.name, iface]));
  const made = new Set(read.bonds.map((bond) => bond.name));
  // A name that could not even be written was reported when it was left out.
  const failed = config.bonds.filter((bond) => !made.has(bond.name) && isInterfaceName(bond.name));
  const losses: Loss[] = failed.map(noBond);
  const altered = alteredOptions(config.bonds, read.bonds);
  let changed = failed.length > 0;
  const interfaces = config.interfaces.map((iface) => {
    const held = back.get(iface.name);
    if (held === undefined) return iface;
    const joining = isKeptOut(iface.name, config.bonds, read.bonds)
      ? held.extra.filter(({ key }) => !keepsOut.has(envName(key)))
      : held.extra;
    const masking = new Set([...(isMasked(iface, held) ? settings : []), ...lostBridgeKeys(iface, held)]);
    const unmasked = masking.size === 0 ? joining : joining.filter(({ key }) => !masking.has(envName(key)));
    const harmless =
      altered.size === 0 ? unmasked : unmasked.filter(({ key }) => !altered.has(optionOfEnv(envName(key))));
    const extra = keepers(iface.extra, harmless, (one) => `${one.key} ${one.value}`, dropped);
    const hooks = keepers(iface.hooks, held.hooks, (one) => `${one.when} ${one.command.trim()}`, dropped);
    if (extra.lost.length + hooks.lost.length === 0) return iface;
    changed = true;
    for (const { key } of extra.lost) losses.push(taken(iface, "extra", `${JSON.stringify(key)}`));
    for (const { when } of hooks.lost) losses.push(taken(iface, "hooks", `the ${when} command`));
    return { ...iface, extra: extra.kept, hooks: hooks.kept };
  });
  return changed
    ? { mended: { ...config, bonds: config.bonds.filter((bond) => !failed.includes(bond)), interfaces }, losses }
    : { losses };
}

/** Variables of what the model has fields for. */
const settings = new Set(["address", "netmask", "gateway", "metric", "mtu", "hwaddress"].map(envName));

/** Extras with which nobody puts a port into its bond: without ifupdown's scripts, or as a VLAN, which is made later. */
const keepsOut = new Set(["no-scripts", "vlan-raw-device"].map(envName));

/** Whether a port is none when read. */
function isKeptOut(port: string, wanted: readonly Bond[], read: readonly Bond[]): boolean {
  const has = (bonds: readonly Bond[]): boolean => bonds.some(({ ports }) => ports.includes(port));
  return has(wanted) && !has(read);
}

/** Whether a setting is no longer read: an extra that stood in another stanza, and took nothing there, now stands beside it (a mask, or
 *  another spelling of one variable). */
function isMasked(wanted: Interface, read: Interface): boolean {
  const isLost = (of: (iface: Interface) => string | number | undefined): boolean =>
    of(wanted) !== undefined && of(read) === undefined;
  return (
    wanted.ipv4.addresses.length > read.ipv4.addresses.length ||
    wanted.ipv6.addresses.length > read.ipv6.addresses.length ||
    isLost(({ mtu }) => mtu) ||
    isLost(({ mac }) => mac) ||
    isLost(({ ipv4 }) => ipv4.gateway) ||
    isLost(({ ipv6 }) => ipv6.gateway)
  );
}

/** Variables of the bridge's settings that are no longer read, likewise. */
function lostBridgeKeys(wanted: Interface, read: Interface): readonly string[] {
  const lost = Object.keys(wanted.bridge?.settings ?? {}).filter(
    (setting) => read.bridge !== undefined && !Object.hasOwn(read.bridge.settings, setting),
  );
  return lost.map((setting) => envName(`bridge_${bridgeKeyOf(setting) ?? setting}`));
}

/** Options that a bond came to have although nobody said them of it: an extra that had no effect where it stood has one in the one
 *  stanza that is written (bond-primary-reselect beside the bond-master of another stanza). */
function alteredOptions(wanted: readonly Bond[], read: readonly Bond[]): ReadonlySet<OptionName | undefined> {
  const said = new Map(wanted.map((bond) => [bond.name, bond.options]));
  const altered = new Set<OptionName | undefined>();
  for (const { name, options } of read)
    for (const option of Object.keys(options) as OptionName[])
      if (!isSame(said.get(name)?.[option], options[option])) altered.add(option);
  return altered;
}

function readText(text: string): Config {
  return interpret(readInterfaces(new Map([[interfacesPath, text]])).document, plainHost).config;
}

function keepers<T extends Interface["extra"][number] | Interface["hooks"][number]>(
  wanted: readonly T[],
  held: readonly T[],
  keyOf: (one: T) => string,
  dropped: Dropped,
): { kept: T[]; lost: T[] } {
  const left = new Map<string, number>();
  for (const one of held) left.set(keyOf(one), (left.get(keyOf(one)) ?? 0) + 1);
  const kept: T[] = [];
  const lost: T[] = [];
  for (const one of wanted) {
    if (dropped.has(one)) {
      kept.push(one);
      continue;
    }
    const count = left.get(keyOf(one)) ?? 0;
    left.set(keyOf(one), count - 1);
    (count > 0 ? kept : lost).push(one);
  }
  return { kept, lost };
}

function noBond(bond: Bond): Loss {
  const message = `${bond.name}: ifup makes no bond of what could be written`;
  return { code: "ifupdown-cannot-say", severity: "error", message, about: `bond/${bond.name}` };
}

function taken(iface: Interface, field: "extra" | "hooks", what: string): Loss {
  const message = `${iface.name}: ${what} is left out: in this place it would be read as something else, or not at all`;
  return { code: "ifupdown-cannot-say", severity: "warning", message, about: `interface/${iface.name}/${field}` };
}
