import { type OptionName, optionNames } from "../../model/options.ts";

/** How nmstate spells an option, or that it has no word for it. */
export type Spelling =
  | {
      /** Of the bond itself, of its options, or of a port in ports-config. */
      readonly place: "bond" | "options" | "port";
      readonly key: string;
      /** Other keys of the same value. */
      readonly also?: readonly string[];
      /** Written as true and false. */
      readonly form?: "boolean" | "delivery" | "comma-text";
    }
  | "cannot-say";

function option(key: string): { readonly place: "options"; readonly key: string } {
  return { place: "options", key };
}

/** What nmstate 2.2 reads under link-aggregation; a field it doesn't know makes it refuse the whole state.
 *  Source: rust/src/lib/ifaces/bond.rs. */
export const spelling = {
  mode: { place: "bond", key: "mode" },
  active_slave: "cannot-say",
  primary: option("primary"),
  primary_reselect: option("primary_reselect"),
  fail_over_mac: option("fail_over_mac"),
  num_peer_notif: { ...option("num_grat_arp"), also: ["num_unsol_na"] },
  peer_notif_delay: "cannot-say",
  resend_igmp: option("resend_igmp"),
  all_slaves_active: { ...option("all_slaves_active"), form: "delivery" },
  min_links: option("min_links"),
  miimon: option("miimon"),
  updelay: option("updelay"),
  downdelay: option("downdelay"),
  use_carrier: { ...option("use_carrier"), form: "boolean" },
  arp_interval: option("arp_interval"),
  arp_ip_target: { ...option("arp_ip_target"), form: "comma-text" },
  ns_ip6_target: "cannot-say",
  arp_validate: option("arp_validate"),
  arp_all_targets: option("arp_all_targets"),
  arp_missed_max: option("arp_missed_max"),
  xmit_hash_policy: option("xmit_hash_policy"),
  lp_interval: option("lp_interval"),
  packets_per_slave: option("packets_per_slave"),
  tlb_dynamic_lb: { ...option("tlb_dynamic_lb"), form: "boolean" },
  lacp_active: "cannot-say",
  lacp_rate: option("lacp_rate"),
  ad_select: option("ad_select"),
  ad_actor_sys_prio: option("ad_actor_sys_prio"),
  ad_user_port_key: option("ad_user_port_key"),
  ad_actor_system: option("ad_actor_system"),
  coupled_control: "cannot-say",
  broadcast_neighbor: "cannot-say",
  lacp_strict: "cannot-say",
  queue_id: { place: "port", key: "queue-id" },
  prio: { place: "port", key: "priority" },
  actor_port_prio: "cannot-say",
} as const satisfies Record<OptionName, Spelling>;

/** The spelling of an option, as the plain type. */
export function spellingOf(name: OptionName): Spelling {
  return spelling[name];
}

const byKey: ReadonlyMap<string, OptionName> = new Map(
  optionNames.flatMap((name) => {
    const said = spellingOf(name);
    if (said === "cannot-say") return [];
    return [said.key, ...(said.also ?? [])].map((key): [string, OptionName] => [`${said.place}.${key}`, name]);
  }),
);

/** The option that a key stands for under link-aggregation ("bond"), its options, or an entry of ports-config ("port"). */
export function optionOfKey(place: "bond" | "options" | "port", key: string): OptionName | undefined {
  return byKey.get(`${place}.${key}`);
}

/** The keys of link-aggregation.options: what a misspelt one is compared with. */
export const optionKeys: readonly string[] = [...byKey.keys()]
  .filter((key) => key.startsWith("options."))
  .map((key) => key.slice("options.".length));
