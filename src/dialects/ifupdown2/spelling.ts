import { type OptionName, optionNames, optionRow } from "../../model/options.ts";

/** The attribute that says an option, or what follows from there being none, in words that go on from "OPTION is left out: ". */
export type Spelling =
  | {
      readonly key: string;
      /** Other attributes of the same value. */
      readonly also?: readonly string[];
    }
  | { readonly lack: string };

const default0 = "ifupdown2 has no attribute for it, and the kernel keeps its default";

/** What the bond addon of ifupdown2 3.0.0 reads, option by option. Everything else under a bond is passed over without a word.
 *  Source: _bond_attr_set_list of addons/bond.py, and runs of the package of Debian. */
export const spelling = {
  mode: { key: "bond-mode" },
  active_slave: { lack: "ifupdown2 has no attribute for it; bond-primary says which port is preferred" },
  primary: { key: "bond-primary" },
  primary_reselect: { key: "bond-primary-reselect" },
  fail_over_mac: {
    lack: "ifupdown2 has no attribute for it, and with the kernel's default (none) every port gets the bond's MAC address; a radio or a virtual function that refuses it does not join, or carries nothing",
  },
  num_peer_notif: { key: "bond-num-grat-arp", also: ["bond-num-unsol-na"] },
  peer_notif_delay: {
    lack: `${default0} 0: after a failover all announcements go out at once, maybe before the new path forwards`,
  },
  resend_igmp: { lack: `${default0} 1: after a failover one membership report is sent` },
  all_slaves_active: { lack: `${default0} 0: frames that arrive at a standby are dropped` },
  min_links: { key: "bond-min-links" },
  miimon: { key: "bond-miimon" },
  updelay: { key: "bond-updelay" },
  downdelay: { key: "bond-downdelay" },
  use_carrier: { key: "bond-use-carrier" },
  arp_interval: {
    lack: "ifupdown2 3.0 has no ARP monitor (3.3 has one for balance-rr and balance-xor only); nothing asks whether anything answers behind a live link",
  },
  arp_ip_target: { lack: "ifupdown2 3.0 has no ARP monitor, and nobody is asked" },
  ns_ip6_target: { lack: "ifupdown2 has no ARP monitor, and nobody is asked" },
  arp_validate: { lack: "ifupdown2 has no ARP monitor; there are no answers to check" },
  arp_all_targets: { lack: "ifupdown2 has no ARP monitor; there are no answers to count" },
  arp_missed_max: { lack: "ifupdown2 has no ARP monitor; there are no answers to miss" },
  xmit_hash_policy: { key: "bond-xmit-hash-policy" },
  lp_interval: { lack: `${default0} 1: learning packets go out every second` },
  packets_per_slave: { lack: `${default0} 1: every packet takes the next port` },
  tlb_dynamic_lb: { lack: `${default0} 1: flows are moved between ports by load` },
  lacp_active: { lack: `${default0}: LACP frames are sent at intervals, asked or not` },
  lacp_rate: { key: "bond-lacp-rate" },
  ad_select: {
    lack: `${default0} stable: another aggregator is chosen only when all ports of the active one are down`,
  },
  ad_actor_sys_prio: { key: "bond-ad-actor-sys-prio", also: ["bond-ad-sys-priority"] },
  ad_user_port_key: { lack: `${default0} 0` },
  ad_actor_system: { key: "bond-ad-actor-system", also: ["bond-ad-sys-mac-addr", "es-sys-mac"] },
  coupled_control: { lack: `${default0} 1` },
  broadcast_neighbor: { lack: `${default0} 0` },
  lacp_strict: { lack: `${default0} 0` },
  queue_id: { lack: "ifupdown2 sets nothing of single ports" },
  prio: { lack: "ifupdown2 sets nothing of single ports; apart from bond-primary all ports are preferred alike" },
  actor_port_prio: { lack: "ifupdown2 sets nothing of single ports" },
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

/** The line that sets an option all the same, where the kernel takes it while the bond runs. */
export function wayOut(option: OptionName, value: unknown): string | undefined {
  const { sysfs, scope, needs, kind } = optionRow(option);
  if (sysfs === null || scope === "port" || needs.length > 0) return undefined;
  const file = `/sys/class/net/$IFACE/bonding/${sysfs}`;
  // The kernel refuses a target that it has: the second ifup would complain.
  const targets: readonly unknown[] = Array.isArray(value) ? value : [value];
  if (kind === "list") return targets.map((one) => `up grep -qwF ${one} ${file} || echo +${one} > ${file}`).join("; ");
  return `up echo ${value} > ${file}`;
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

/** Every attribute of a bond: what a misspelt one is compared with. */
export const bondKeys: readonly string[] = [...byKey.keys(), "bond-slaves", "bond-ports", "bond-lacp-bypass-allow"];
