import { balanceOptions } from "./options/balance.ts";
import { failoverOptions } from "./options/failover.ts";
import { lacpOptions } from "./options/lacp.ts";
import { monitorOptions } from "./options/monitor.ts";
import { portOptions } from "./options/port.ts";
import { type Mode, modes, type OptionRow } from "./options/row.ts";

export type { Mode, OptionRow };
export { modes };

/** Every option of the kernel's bonding driver by its sysfs (or netlink) name: the one table that validation, the
 *  JSON Schema, the documentation and every dialect read. Source: bond_options.c, bond_netlink.c of 6.1, 6.12 and 7.2. */
export const bondOptions = {
  ...failoverOptions,
  ...monitorOptions,
  ...balanceOptions,
  ...lacpOptions,
  ...portOptions,
} as const satisfies Record<string, OptionRow>;

export type OptionName = keyof typeof bondOptions;

/** Options of one port, not of the bond. */
export type PortOptionName = keyof typeof portOptions;

type ValueOf = { int: number; flag: number; choice: string; list: readonly string[]; mac: string; port: string };

/** What the model holds for an option: a number (flags are 0 or 1), the kernel's word, or a list of addresses. */
export type OptionValue<K extends OptionName> = ValueOf[(typeof bondOptions)[K]["kind"]];

/** What was said of a bond, by kernel name. The rows of one port (scope "port") stand in Bond.portOptions instead. */
export type BondOptions = { readonly [K in OptionName]?: OptionValue<K> };

/** What was said of one port of a bond. */
export type PortOptions = { readonly [K in PortOptionName]?: OptionValue<K> };

/** Every option name, in the order of the table. */
export const optionNames = Object.keys(bondOptions) as readonly OptionName[];

const places: ReadonlyMap<string, number> = new Map(optionNames.map((name, place) => [name, place]));

/** The options that are said, in the order of the table: a bond has a dozen of three dozen, and mostly in this order. */
export function optionsIn(options: BondOptions): readonly OptionName[] {
  const said: OptionName[] = [];
  let last = -1;
  let isOrdered = true;
  for (const name in options) {
    const place = places.get(name);
    if (place === undefined || options[name as OptionName] === undefined) continue;
    said.push(name as OptionName);
    isOrdered &&= place > last;
    last = place;
  }
  return isOrdered ? said : said.sort((one, other) => (places.get(one) ?? 0) - (places.get(other) ?? 0));
}

/** The table's row for an option, with the fields all rows share. */
export function optionRow(name: OptionName): OptionRow {
  return bondOptions[name];
}

/** The option a kernel name stands for (num_grat_arp and num_unsol_na are one value), or undefined. */
export function optionNamed(text: string): OptionName | undefined {
  if (Object.hasOwn(bondOptions, text)) return text as OptionName;
  return optionNames.find((name) => {
    const row = optionRow(name);
    return row.kind === "int" && row.aliases?.includes(text);
  });
}

/** The order in which the kernel applies the attributes of one netlink message, and the order to write options in:
 *  mode first, monitors before what needs them. Port options follow once the ports are in. Source: bond_changelink(). */
export const applyOrder = [
  "mode",
  "active_slave",
  "miimon",
  "updelay",
  "downdelay",
  "peer_notif_delay",
  "use_carrier",
  "arp_interval",
  "arp_ip_target",
  "ns_ip6_target",
  "arp_validate",
  "arp_all_targets",
  "primary",
  "primary_reselect",
  "fail_over_mac",
  "xmit_hash_policy",
  "resend_igmp",
  "num_peer_notif",
  "all_slaves_active",
  "min_links",
  "lp_interval",
  "packets_per_slave",
  "lacp_active",
  "lacp_rate",
  "ad_select",
  "ad_actor_sys_prio",
  "ad_user_port_key",
  "ad_actor_system",
  "tlb_dynamic_lb",
  "arp_missed_max",
  "coupled_control",
  "broadcast_neighbor",
  "lacp_strict",
  "queue_id",
  "prio",
  "actor_port_prio",
] as const satisfies readonly OptionName[];
