import { type OptionName, optionNames } from "../../model/options.ts";

/** How NetworkManager spells an option, or that it has no word for it. */
export type Spelling =
  | {
      readonly section: "bond" | "bond-port";
      readonly key: string;
      /** Other keys of the same value. */
      readonly also?: readonly string[];
      /** First NetworkManager that reads it; older ones pass over it with a warning in the journal. */
      readonly since?: string;
    }
  | "cannot-say";

function ofBond(key: string): { readonly section: "bond"; readonly key: string } {
  return { section: "bond", key };
}

/** The options of [bond] and [bond-port]. active_slave is read as another word for primary, so the port in use can't be said.
 *  Source: nm-setting-bond.c, nm-setting-bond-port.c; 1.42.4 was asked about each. */
export const spelling = {
  mode: ofBond("mode"),
  active_slave: "cannot-say",
  primary: { ...ofBond("primary"), also: ["active_slave"] },
  primary_reselect: ofBond("primary_reselect"),
  fail_over_mac: ofBond("fail_over_mac"),
  num_peer_notif: { ...ofBond("num_grat_arp"), also: ["num_unsol_na"] },
  peer_notif_delay: { ...ofBond("peer_notif_delay"), since: "1.34" },
  resend_igmp: ofBond("resend_igmp"),
  all_slaves_active: ofBond("all_slaves_active"),
  min_links: ofBond("min_links"),
  miimon: ofBond("miimon"),
  updelay: ofBond("updelay"),
  downdelay: ofBond("downdelay"),
  use_carrier: ofBond("use_carrier"),
  arp_interval: ofBond("arp_interval"),
  arp_ip_target: ofBond("arp_ip_target"),
  ns_ip6_target: { ...ofBond("ns_ip6_target"), since: "1.44" },
  arp_validate: ofBond("arp_validate"),
  arp_all_targets: ofBond("arp_all_targets"),
  arp_missed_max: { ...ofBond("arp_missed_max"), since: "1.44" },
  xmit_hash_policy: ofBond("xmit_hash_policy"),
  lp_interval: ofBond("lp_interval"),
  packets_per_slave: ofBond("packets_per_slave"),
  tlb_dynamic_lb: ofBond("tlb_dynamic_lb"),
  lacp_active: { ...ofBond("lacp_active"), since: "1.44" },
  lacp_rate: ofBond("lacp_rate"),
  ad_select: ofBond("ad_select"),
  ad_actor_sys_prio: ofBond("ad_actor_sys_prio"),
  ad_user_port_key: ofBond("ad_user_port_key"),
  ad_actor_system: ofBond("ad_actor_system"),
  coupled_control: "cannot-say",
  broadcast_neighbor: "cannot-say",
  lacp_strict: "cannot-say",
  queue_id: { section: "bond-port", key: "queue-id", since: "1.34" },
  prio: { section: "bond-port", key: "prio", since: "1.44" },
  actor_port_prio: "cannot-say",
} as const satisfies Record<OptionName, Spelling>;

/** The spelling of an option, as the plain type. */
export function spellingOf(option: OptionName): Spelling {
  return spelling[option];
}

/** Debian 12's, the oldest that is still about: what it can't read is worth a word. */
const oldest = 42;

/** The version that first reads an option, where there are still older ones about. */
export function youngerThanOldest(option: OptionName): string | undefined {
  const said = spellingOf(option);
  if (said === "cannot-say" || said.since === undefined) return undefined;
  return Number(said.since.split(".")[1]) > oldest ? said.since : undefined;
}

const byKey: ReadonlyMap<string, OptionName> = new Map(
  optionNames.flatMap((option) => {
    const said = spellingOf(option);
    if (said === "cannot-say") return [];
    return [said.key, ...(said.also ?? [])].map((key): [string, OptionName] => [`${said.section}.${key}`, option]);
  }),
);

/** The option that a key of a section stands for. */
export function optionOfKey(section: "bond" | "bond-port", key: string): OptionName | undefined {
  return byKey.get(`${section}.${key}`);
}

/** Every key of [bond]: what a misspelt one is compared with. */
export const bondKeys: readonly string[] = [...byKey.keys()]
  .filter((key) => key.startsWith("bond."))
  .map((key) => key.slice(5));
