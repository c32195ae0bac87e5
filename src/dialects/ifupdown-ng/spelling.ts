import { type OptionName, optionNames, optionRow } from "../../model/options.ts";

/** The attribute that says an option, or why there is none. */
export type Spelling = { readonly key: string; readonly also?: readonly string[] } | { readonly lack: string };

const onePort = { lack: "ifupdown-ng sets nothing of single ports; an up line with ip in the port's stanza would" };

/** ifupdown-ng hands every bond-WORD to `ip link add … type bond WORD` (0.12), so the words are ip's. One that ip or the kernel
 *  refuses costs the bond. Source: executor-scripts/linux/bond, and runs of the package. */
export const spelling = {
  mode: { key: "bond-mode" },
  active_slave: { lack: "the bond has no port yet when it is set, and would not be made" },
  primary: { key: "bond-primary" },
  primary_reselect: { key: "bond-primary-reselect" },
  fail_over_mac: { key: "bond-fail-over-mac" },
  num_peer_notif: { key: "bond-num-grat-arp", also: ["bond-num-unsol-na"] },
  peer_notif_delay: { key: "bond-peer-notify-delay" },
  resend_igmp: { key: "bond-resend-igmp" },
  all_slaves_active: { key: "bond-all-slaves-active" },
  min_links: { key: "bond-min-links" },
  miimon: { key: "bond-miimon" },
  updelay: { key: "bond-updelay" },
  downdelay: { key: "bond-downdelay" },
  use_carrier: { key: "bond-use-carrier" },
  arp_interval: { key: "bond-arp-interval" },
  arp_ip_target: { key: "bond-arp-ip-target" },
  ns_ip6_target: { key: "bond-ns-ip6-target" },
  arp_validate: { key: "bond-arp-validate" },
  arp_all_targets: { key: "bond-arp-all-targets" },
  arp_missed_max: { key: "bond-arp-missed-max" },
  xmit_hash_policy: { key: "bond-xmit-hash-policy" },
  lp_interval: { key: "bond-lp-interval" },
  packets_per_slave: { key: "bond-packets-per-slave" },
  tlb_dynamic_lb: { key: "bond-tlb-dynamic-lb" },
  lacp_active: { key: "bond-lacp-active" },
  lacp_rate: { key: "bond-lacp-rate" },
  ad_select: { key: "bond-ad-select" },
  ad_actor_sys_prio: { key: "bond-ad-actor-sys-prio", also: ["bond-ad-sys-priority"] },
  ad_user_port_key: { key: "bond-ad-user-port-key" },
  ad_actor_system: { key: "bond-ad-actor-system" },
  coupled_control: { key: "bond-coupled-control" },
  broadcast_neighbor: { key: "bond-broadcast-neighbor" },
  lacp_strict: { key: "bond-lacp-strict" },
  queue_id: onePort,
  prio: onePort,
  actor_port_prio: onePort,
} as const satisfies Record<OptionName, Spelling>;

/** The spelling of an option, as the plain type. */
export function spellingOf(option: OptionName): Spelling {
  return spelling[option];
}

/** Why an option cannot be written; undefined where it can. */
export function lackOf(option: OptionName): string | undefined {
  const said = spellingOf(option);
  return "lack" in said ? said.lack : undefined;
}

const byKey: ReadonlyMap<string, OptionName> = new Map(
  optionNames.flatMap((option) => {
    const said = spellingOf(option);
    return "lack" in said ? [] : [said.key, ...(said.also ?? [])].map((key): [string, OptionName] => [key, option]);
  }),
);

/** The option an attribute stands for. */
export function optionOfKey(key: string): OptionName | undefined {
  return byKey.get(key);
}

/** Options that are 0 or 1 to the kernel and have words in ip. */
export function isFlag(option: OptionName): boolean {
  return optionRow(option).kind === "flag";
}
