import { formatOption } from "../../model/option-value.ts";
import { type BondOptions, type OptionName, optionNames } from "../../model/options.ts";

/** How `ip link` spells an option. */
export interface Spelling {
  /** The word behind `type bond` or `type bond_slave`. */
  readonly word: string;
  /** Other words of the same value. */
  readonly also?: readonly string[];
  /** Written as on and off; other flags are 0 and 1. */
  readonly onOff?: true;
  /** Younger than iproute2 6.1 or kernel 6.1 (both of Debian 12): an older one must not stop the whole script. */
  readonly newer?: true;
  /** Names a port, so it is set when the ports are in. */
  readonly afterPorts?: true;
}

/** Every option, for `ip link set`. active_slave is read, but not written: it moves the traffic of the moment, and fails where the port
 *  has no link yet. Source: ip/iplink_bond.c and ip/iplink_bond_slave.c of iproute2 7.3; options.md of the kernel probe. */
export const spelling = {
  mode: { word: "mode" },
  active_slave: { word: "active_slave", afterPorts: true },
  primary: { word: "primary", afterPorts: true },
  primary_reselect: { word: "primary_reselect" },
  fail_over_mac: { word: "fail_over_mac" },
  num_peer_notif: { word: "num_grat_arp", also: ["num_unsol_na"] },
  peer_notif_delay: { word: "peer_notify_delay" },
  resend_igmp: { word: "resend_igmp" },
  all_slaves_active: { word: "all_slaves_active" },
  min_links: { word: "min_links" },
  miimon: { word: "miimon" },
  updelay: { word: "updelay" },
  downdelay: { word: "downdelay" },
  use_carrier: { word: "use_carrier" },
  arp_interval: { word: "arp_interval" },
  arp_ip_target: { word: "arp_ip_target" },
  ns_ip6_target: { word: "ns_ip6_target" },
  arp_validate: { word: "arp_validate" },
  arp_all_targets: { word: "arp_all_targets" },
  arp_missed_max: { word: "arp_missed_max" },
  xmit_hash_policy: { word: "xmit_hash_policy" },
  lp_interval: { word: "lp_interval" },
  packets_per_slave: { word: "packets_per_slave" },
  tlb_dynamic_lb: { word: "tlb_dynamic_lb" },
  lacp_active: { word: "lacp_active", onOff: true },
  lacp_rate: { word: "lacp_rate" },
  ad_select: { word: "ad_select" },
  ad_actor_sys_prio: { word: "ad_actor_sys_prio" },
  ad_user_port_key: { word: "ad_user_port_key" },
  ad_actor_system: { word: "ad_actor_system" },
  coupled_control: { word: "coupled_control", onOff: true, newer: true },
  broadcast_neighbor: { word: "broadcast_neighbor", onOff: true, newer: true },
  lacp_strict: { word: "lacp_strict", onOff: true, newer: true },
  queue_id: { word: "queue_id" },
  prio: { word: "prio", newer: true },
  actor_port_prio: { word: "actor_port_prio", newer: true },
} as const satisfies Record<OptionName, Spelling>;

/** The spelling of an option, as the plain type. */
export function spellingOf(option: OptionName): Spelling {
  return spelling[option];
}

const byWord: ReadonlyMap<string, OptionName> = new Map(
  optionNames.flatMap((option) => {
    const { word, also = [] } = spellingOf(option);
    return [word, ...also].map((one): [string, OptionName] => [one, option]);
  }),
);

/** The option a word of `ip link` stands for. */
export function optionOfWord(word: string): OptionName | undefined {
  return byWord.get(word);
}

/** An option and its value as words of `ip link`. */
export function optionWords(option: OptionName, value: BondOptions[OptionName]): string {
  const { word, onOff } = spellingOf(option);
  const text = formatOption(option, value as never);
  return `${word} ${onOff === true ? (text === "0" ? "off" : "on") : text}`;
}

/** Whether the option, or its value, is too young for the programs and kernels that many hosts have. */
export function isNewer(option: OptionName, value: unknown): boolean {
  return spellingOf(option).newer === true || (option === "ad_select" && value === "actor_port_prio");
}

/** Settings of a bridge that `ip link … type bridge` knows by the same name, and whether it counts them in hundredths of a second. */
export const bridgeSettings: ReadonlyMap<string, "plain" | "hundredths"> = new Map([
  ["stp_state", "plain"],
  ["priority", "plain"],
  ["vlan_filtering", "plain"],
  ["forward_delay", "hundredths"],
  ["hello_time", "hundredths"],
  ["max_age", "hundredths"],
  ["ageing_time", "hundredths"],
]);
