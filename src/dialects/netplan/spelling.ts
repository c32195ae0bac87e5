import { type OptionName, optionNames } from "../../model/options.ts";

/** How netplan spells an option of the bond under `parameters`, or that it has no key for it. */
export type Spelling =
  | {
      readonly key: string;
      /** Older keys of the same value. */
      readonly also?: readonly string[];
      /** word: as the kernel spells it. ms, s: a time, bare numbers in that unit. whole, flag: a number that netplan drops when
       *  it is 0. list: IPv4 addresses. port: the name of a definition. */
      readonly form: "word" | "ms" | "s" | "whole" | "flag" | "list" | "port";
    }
  | "cannot-say";

/** What netplan reads, option by option. The keys with "member" are the newer ones: 0.105 and before know "slave" only.
 *  Source: bond_params_handlers in netplan's parse.c. */
export const spelling = {
  mode: { key: "mode", form: "word" },
  active_slave: "cannot-say",
  primary: { key: "primary", form: "port" },
  primary_reselect: { key: "primary-reselect-policy", form: "word" },
  fail_over_mac: { key: "fail-over-mac-policy", form: "word" },
  num_peer_notif: { key: "gratuitous-arp", also: ["gratuitious-arp"], form: "whole" },
  peer_notif_delay: "cannot-say",
  resend_igmp: { key: "resend-igmp", form: "whole" },
  all_slaves_active: { key: "all-members-active", also: ["all-slaves-active"], form: "flag" },
  min_links: { key: "min-links", form: "whole" },
  miimon: { key: "mii-monitor-interval", form: "ms" },
  updelay: { key: "up-delay", form: "ms" },
  downdelay: { key: "down-delay", form: "ms" },
  use_carrier: "cannot-say",
  arp_interval: { key: "arp-interval", form: "ms" },
  arp_ip_target: { key: "arp-ip-targets", form: "list" },
  ns_ip6_target: "cannot-say",
  arp_validate: { key: "arp-validate", form: "word" },
  arp_all_targets: { key: "arp-all-targets", form: "word" },
  arp_missed_max: "cannot-say",
  xmit_hash_policy: { key: "transmit-hash-policy", form: "word" },
  lp_interval: { key: "learn-packet-interval", form: "s" },
  packets_per_slave: { key: "packets-per-member", also: ["packets-per-slave"], form: "whole" },
  tlb_dynamic_lb: "cannot-say",
  lacp_active: "cannot-say",
  lacp_rate: { key: "lacp-rate", form: "word" },
  ad_select: { key: "ad-select", form: "word" },
  ad_actor_sys_prio: "cannot-say",
  ad_user_port_key: "cannot-say",
  ad_actor_system: "cannot-say",
  coupled_control: "cannot-say",
  broadcast_neighbor: "cannot-say",
  lacp_strict: "cannot-say",
  queue_id: "cannot-say",
  prio: "cannot-say",
  actor_port_prio: "cannot-say",
} as const satisfies Record<OptionName, Spelling>;

/** The spelling of an option, as the plain type. */
export function spellingOf(option: OptionName): Spelling {
  return spelling[option];
}

const byKey: ReadonlyMap<string, OptionName> = new Map(
  optionNames.flatMap((option) => {
    const said = spellingOf(option);
    return said === "cannot-say"
      ? []
      : [said.key, ...(said.also ?? [])].map((key): [string, OptionName] => [key, option]);
  }),
);

/** The option a key under `parameters` stands for. */
export function optionOfKey(key: string): OptionName | undefined {
  return byKey.get(key);
}

/** Every key under a bond's `parameters`. */
export const parameterKeys: readonly string[] = [...byKey.keys()];

/** Words that netplan hands on unread and systemd-networkd does not know: it logs a line and leaves the kernel's default.
 *  NetworkManager takes them. Source: systemd 262, netdev/bond.c. */
const unknownToNetworkd: Partial<Record<OptionName, readonly string[]>> = {
  arp_validate: ["filter", "filter_active", "filter_backup"],
  xmit_hash_policy: ["vlan+srcmac"],
  ad_select: ["actor_port_prio"],
};

/** Whether systemd-networkd takes the value of an option that netplan hands on. */
export function networkdTakes(option: OptionName, value: unknown): boolean {
  return unknownToNetworkd[option]?.includes(String(value)) !== true;
}
