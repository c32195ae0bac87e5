import type { Span } from "../../diagnostic/diagnostic.ts";
import type { Bond } from "../../model/bond.ts";
import type { Config, Hook, Interface } from "../../model/config.ts";
import { parseOption } from "../../model/option-value.ts";
import type { BondOptions, OptionName } from "../../model/options.ts";

/* ifupdown2 has no attribute for some options, fail_over_mac and the ARP monitor among them. A bond that is there already it keeps,
 * sets what its stanza says, and leaves the rest as it is; ports come up before the bond, so the command of one of them can make it.
 * Source: get_ifla_bond_attr_from_user_config() of addons/bond.py, and the lab. */

/** Options that the command can carry: ip of Debian 12 knows them, by the kernel's own names and in its words. */
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

/** The options of a bond that the command that makes it carries; none where it has no port for the command to stand at. A policy for
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

/** Whether a command makes the bond before ifupdown2 comes to it. */
export function isMadeBeforehand(bond: Pick<Bond, "options" | "ports">): boolean {
  return carriedOf(bond).length > 0;
}

/** The port whose stanza has the command. */
export function portThatMakes({ options: { primary }, ports }: Bond): string | undefined {
  return primary ?? ports[0];
}

/** The command that makes the bond with its policy. The primary is said as well: of a bond that is there and has none, ifupdown2
 *  takes bond-primary for something the kernel doesn't know (test/lab/managers.test.ts). */
export function makingCommand(bond: Bond): string {
  const { name, options } = bond;
  const said = carriedOf(bond).map((option) => ` ${option} ${String(options[option])}`);
  const primary = options.primary === undefined ? "" : ` primary ${options.primary}`;
  return `ip link add ${name} type bond mode ${options.mode ?? "balance-rr"}${said.join("")}${primary} || true`;
}

const making = /^ip link add \S+ type bond mode \S+((?: [a-z0-9_]+ [\w.,:-]+)+) \|\| true$/;

/** The options that a command carries; those of ifupdown2's own attributes are the stanza's. */
function optionsIn(command: string): BondOptions {
  const [, words = ""] = making.exec(command) ?? [];
  const all: Record<string, unknown> = {};
  for (const [, word = "", text = ""] of words.matchAll(/ (\S+) (\S+)/g)) {
    const option = carried.find((one) => one === word);
    const read = option === undefined ? undefined : parseOption(option, text);
    if (option !== undefined && read?.ok) all[option] = read.value;
  }
  return all as BondOptions;
}

/** A command that makes a bond, where it stands. */
export interface Making {
  readonly port: string;
  readonly hook: Hook;
  readonly at: Span;
}

/** Whether a command may be one of those; what it makes is looked at when all the bonds are known. */
export function looksLikeMaking({ when, command }: Hook): boolean {
  return when === "pre-up" && making.test(command);
}

/** Bonds with the options that a command of one of their ports gives them, and interfaces without those commands. A command that says
 *  anything else than the stanzas do stays a command. */
export function takeMakings(
  bonds: readonly Bond[],
  interfaces: readonly Interface[],
  makings: readonly Making[],
  place: (option: string, at: Span) => void,
): Pick<Config, "bonds" | "interfaces"> {
  const taken = new Set<Hook>();
  const made = bonds.map((bond): Bond => {
    for (const { port, hook, at } of makings) {
      const said = optionsIn(hook.command);
      const one: Bond = { ...bond, options: { ...bond.options, ...said } };
      if (!bond.ports.includes(port) || !isMadeBeforehand(one) || makingCommand(one) !== hook.command) continue;
      taken.add(hook);
      for (const option of Object.keys(said)) place(`bond/${bond.name}/option/${option}`, at);
      return one;
    }
    return bond;
  });
  if (taken.size === 0) return { bonds, interfaces };
  const without = (iface: Interface): Interface =>
    iface.hooks.some((hook) => taken.has(hook))
      ? { ...iface, hooks: iface.hooks.filter((hook) => !taken.has(hook)) }
      : iface;
  return { bonds: made, interfaces: interfaces.map(without) };
}
