import { type OptionName, optionNames, optionRow } from "../../model/options.ts";
import { keptByKernel } from "../kept-by-kernel.ts";

/** The attribute that says an option, or what follows from there being none, in words that go on from "OPTION is left out: ". */
export type Spelling =
  | {
      readonly key: string;
      /** Other attributes of the same value. */
      readonly also?: readonly string[];
    }
  | { readonly lack: string };

/** Nothing but the kernel's own value is left. */
function unsaid(option: OptionName): Spelling {
  return { lack: `ifupdown2 has no attribute for it, and ${keptByKernel(option)}` };
}

/** What the bond addon of ifupdown2 3.0.0 reads, option by option. Everything else under a bond is passed over without a word.
 *  Source: _bond_attr_set_list of addons/bond.py, and runs of the package of Debian. */
export const spelling = {
  mode: { key: "bond-mode" },
  active_slave: { lack: "ifupdown2 has no attribute for it; bond-primary says which port is preferred" },
  primary: { key: "bond-primary" },
  primary_reselect: { key: "bond-primary-reselect" },
  fail_over_mac: unsaid("fail_over_mac"),
  num_peer_notif: { key: "bond-num-grat-arp", also: ["bond-num-unsol-na"] },
  peer_notif_delay: unsaid("peer_notif_delay"),
  resend_igmp: unsaid("resend_igmp"),
  all_slaves_active: unsaid("all_slaves_active"),
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
  arp_missed_max: unsaid("arp_missed_max"),
  xmit_hash_policy: { key: "bond-xmit-hash-policy" },
  lp_interval: unsaid("lp_interval"),
  packets_per_slave: unsaid("packets_per_slave"),
  tlb_dynamic_lb: unsaid("tlb_dynamic_lb"),
  lacp_active: unsaid("lacp_active"),
  lacp_rate: { key: "bond-lacp-rate" },
  ad_select: unsaid("ad_select"),
  ad_actor_sys_prio: { key: "bond-ad-actor-sys-prio", also: ["bond-ad-sys-priority"] },
  ad_user_port_key: unsaid("ad_user_port_key"),
  ad_actor_system: { key: "bond-ad-actor-system", also: ["bond-ad-sys-mac-addr", "es-sys-mac"] },
  coupled_control: unsaid("coupled_control"),
  broadcast_neighbor: unsaid("broadcast_neighbor"),
  lacp_strict: unsaid("lacp_strict"),
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
