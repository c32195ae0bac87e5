import type { Span } from "../../diagnostic/diagnostic.ts";
import type { Bond } from "../../model/bond.ts";
import type { Config, Hook, Interface } from "../../model/config.ts";
import { parseOption } from "../../model/option-value.ts";
import { type BondOptions, type OptionName, optionRow } from "../../model/options.ts";

/* ifupdown2 has no attribute for some options, fail_over_mac and the ARP monitor among them. What the kernel takes while the bond
 * runs, a command of the bond's own stanza says. For the rest: a bond that is there already ifupdown2 keeps, sets what its stanza
 * says, and leaves the rest as it is; ports come up before the bond, so the command of one of them can make it. But `ifup bond0`
 * runs nothing of the ports. Source: get_ifla_bond_attr_from_user_config() of addons/bond.py, addons.conf, and the lab. */

/** Options that the commands can carry: ip of Debian 12 knows them, by the kernel's own names and in its words. */
const carried = [
  "fail_over_mac",
  "all_slaves_active",
  "resend_igmp",
  "arp_interval",
  "arp_ip_target",
  "arp_validate",
  "arp_all_targets",
  "lp_interval",
  "packets_per_slave",
  "tlb_dynamic_lb",
  "ad_select",
  "ad_user_port_key",
] as const satisfies readonly OptionName[];

/** Whether an option may be one of a command's. */
export function isCarried(option: OptionName): boolean {
  return carried.some((one) => one === option);
}

/** The options of a bond that commands carry; none where it has no port for the command to stand at. A policy for
 *  MAC addresses means something in one mode only; an ARP monitor that asks only IPv6 targets would ask nobody. */
export function carriedOf({ options, ports }: Pick<Bond, "options" | "ports">): readonly OptionName[] {
  if (ports.length === 0) return [];
  const { mode, fail_over_mac: policy, arp_interval: interval = 0, arp_ip_target: targets = [] } = options;
  const hasPolicy = mode === "active-backup" && (policy === "active" || policy === "follow");
  const hasMonitor = interval > 0 && targets.length > 0;
  return carried.filter((option) => {
    if (options[option] === undefined) return false;
    if (option === "fail_over_mac") return hasPolicy;
    return !option.startsWith("arp_") || hasMonitor;
  });
}

/** Of those, what the kernel takes from a bond that has its ports and is up. With miimon beside it, an ARP monitor set last would
 *  be the one that counts: then it stays where the stanza's miimon comes after it. */
function setLater({ options, ports }: Pick<Bond, "options" | "ports">): readonly OptionName[] {
  const hasMiimon = (options.miimon ?? 0) > 0;
  return carriedOf({ options, ports }).filter(
    (option) => optionRow(option).needs.length === 0 && !(hasMiimon && option.startsWith("arp_")),
  );
}

/** Of those, what has to be said when the bond is made. */
export function saidBeforehand(bond: Pick<Bond, "options" | "ports">): readonly OptionName[] {
  const later = new Set(setLater(bond));
  return carriedOf(bond).filter((option) => !later.has(option));
}

/** The port whose stanza has the command. */
export function portThatMakes({ options: { primary }, ports }: Bond): string | undefined {
  return primary ?? ports[0];
}

/** The command of the bond's own stanza that sets what it can while the bond runs, as often as it likes; undefined where there is
 *  nothing of that kind. What the kernel refuses of it, ifup tells. */
export function settingCommand(bond: Pick<Bond, "options" | "ports">): string | undefined {
  const later = setLater(bond);
  return later.length === 0 ? undefined : `ip link set $IFACE type bond${wordsOf(bond, later)}`;
}

function wordsOf({ options }: Pick<Bond, "options">, said: readonly OptionName[]): string {
  return said.map((option) => ` ${option} ${String(options[option])}`).join("");
}

/** The command that makes the bond with its policy. The primary is said as well: of a bond that is there and has none, ifupdown2
 *  takes bond-primary for something the kernel doesn't know (test/lab/managers.test.ts). */
export function makingCommand(bond: Bond, said: readonly OptionName[] = saidBeforehand(bond)): string {
  const { name, options } = bond;
  const primary = options.primary === undefined ? "" : ` primary ${options.primary}`;
  return `ip link add ${name} type bond mode ${options.mode ?? "balance-rr"}${wordsOf(bond, said)}${primary} || true`;
}

const making = /^ip link add \S+ type bond mode \S+((?: [a-z0-9_]+ [\w.,:-]+)+) \|\| true$/;
const setting = /^ip link set \$IFACE type bond((?: [a-z0-9_]+ [\w.,:-]+)+)$/;

/** The options that one of the commands carries; those of ifupdown2's own attributes are the stanza's. */
function optionsIn(command: string): BondOptions {
  const [, words = ""] = making.exec(command) ?? setting.exec(command) ?? [];
  const all: Record<string, unknown> = {};
  for (const [, word = "", text = ""] of words.matchAll(/ (\S+) (\S+)/g)) {
    const option = carried.find((one) => one === word);
    const read = option === undefined ? undefined : parseOption(option, text);
    if (option !== undefined && read?.ok) all[option] = read.value;
  }
  return all as BondOptions;
}

/** A command that makes a bond or sets options of it, and the interface it stands at. */
export interface Making {
  readonly stands: string;
  readonly hook: Hook;
  readonly at: Span;
}

/** Whether a command may be one of those; what it says is looked at when all the bonds are known. */
export function looksLikeMaking({ when, command, family }: Hook): boolean {
  return (when === "pre-up" && making.test(command)) || (when === "up" && !family && setting.test(command));
}

/** Bonds with the options that the commands of their own stanza and of one of their ports give them, and interfaces without those
 *  commands. A command that says anything else than the stanzas do stays a command. */
export function takeMakings(
  bonds: readonly Bond[],
  interfaces: readonly Interface[],
  makings: readonly Making[],
  place: (option: string, at: Span) => void,
): Pick<Config, "bonds" | "interfaces"> {
  const taken = new Set<Hook>();
  const take = (bond: Bond, says: (one: Bond, making: Making, said: BondOptions) => boolean): Bond => {
    for (const making of makings) {
      const said = optionsIn(making.hook.command);
      const one: Bond = { ...bond, options: { ...bond.options, ...said } };
      if (taken.has(making.hook) || !says(one, making, said)) continue;
      taken.add(making.hook);
      for (const option of Object.keys(said)) place(`bond/${bond.name}/option/${option}`, making.at);
      return one;
    }
    return bond;
  };
  // A command that makes the bond may say what could be set later as well.
  const made = bonds.map((bond) =>
    take(take(bond, isSetting), (one, { stands, hook }, said) => {
      const carried = carriedOf(one).filter((option) => option in said);
      return bond.ports.includes(stands) && carried.length > 0 && makingCommand(one, carried) === hook.command;
    }),
  );
  if (taken.size === 0) return { bonds, interfaces };
  const without = (iface: Interface): Interface =>
    iface.hooks.some((hook) => taken.has(hook))
      ? { ...iface, hooks: iface.hooks.filter((hook) => !taken.has(hook)) }
      : iface;
  return { bonds: made, interfaces: interfaces.map(without) };
}

function isSetting(one: Bond, { stands, hook }: Making): boolean {
  return stands === one.name && settingCommand(one) === hook.command;
}
