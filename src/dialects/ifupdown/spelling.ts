import { type OptionName, optionNames } from "../../model/options.ts";
import { envName } from "./variables.ts";

/** How ifenslave spells an option of the bond, or that it has no word for it. */
export type Spelling =
  | {
      readonly key: string;
      /** Where the line must stand to take effect. both: in the bond's stanza, and again in the port's own to hold after a replug. */
      readonly stanza: "bond" | "both";
      /** Other keys of the same value. */
      readonly also?: readonly string[];
    }
  | "cannot-say";

/** What ifenslave 2.13 reads, option by option. "cannot-say" where its script never looks, or where what it does cannot work:
 *  bond-active-slave is written before any port has joined, bond-queue-id to a file the kernel does not have.
 *  Source: /etc/network/if-pre-up.d/ifenslave. */
export const spelling = {
  mode: { key: "bond-mode", stanza: "bond" },
  active_slave: "cannot-say",
  primary: { key: "bond-primary", stanza: "both" },
  primary_reselect: { key: "bond-primary-reselect", stanza: "bond" },
  fail_over_mac: { key: "bond-fail-over-mac", stanza: "bond" },
  num_peer_notif: { key: "bond-num-grat-arp", stanza: "bond", also: ["bond-num-unsol-na"] },
  peer_notif_delay: "cannot-say",
  resend_igmp: "cannot-say",
  all_slaves_active: "cannot-say",
  min_links: "cannot-say",
  miimon: { key: "bond-miimon", stanza: "bond" },
  updelay: { key: "bond-updelay", stanza: "bond" },
  downdelay: { key: "bond-downdelay", stanza: "bond" },
  use_carrier: { key: "bond-use-carrier", stanza: "bond" },
  arp_interval: { key: "bond-arp-interval", stanza: "bond" },
  arp_ip_target: { key: "bond-arp-ip-target", stanza: "bond" },
  ns_ip6_target: "cannot-say",
  arp_validate: { key: "bond-arp-validate", stanza: "bond" },
  arp_all_targets: "cannot-say",
  arp_missed_max: "cannot-say",
  xmit_hash_policy: { key: "bond-xmit-hash-policy", stanza: "bond" },
  lp_interval: "cannot-say",
  packets_per_slave: { key: "bond-packets-per-slave", stanza: "bond" },
  tlb_dynamic_lb: { key: "bond-tlb-dynamic-lb", stanza: "bond" },
  lacp_active: "cannot-say",
  lacp_rate: { key: "bond-lacp-rate", stanza: "bond" },
  ad_select: { key: "bond-ad-select", stanza: "bond" },
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

/** The order in which ifenslave writes the options of a bond's stanza into sysfs; it decides which of two rivals wins.
 *  primary and primary_reselect follow when the ports are in. Source: early_setup_master(), setup_master(). */
export const writeOrder = [
  "BOND_FAIL_OVER_MAC",
  "BOND_USE_CARRIER",
  "BOND_NUM_GRAT_ARP",
  "BOND_NUM_UNSOL_NA",
  "BOND_ARP_IP_TARGET",
  "BOND_ARP_INTERVAL",
  "BOND_MIIMON",
  "BOND_DOWNDELAY",
  "BOND_UPDELAY",
  "BOND_AD_SELECT",
  "BOND_MODE",
  "BOND_XMIT_HASH_POLICY",
  "BOND_TLB_DYNAMIC_LB",
  "BOND_PACKETS_PER_SLAVE",
  "BOND_ARP_VALIDATE",
  "BOND_LACP_RATE",
] as const;

const byEnv: ReadonlyMap<string, OptionName> = new Map(
  optionNames.flatMap((option) => {
    const said = spellingOf(option);
    const keys = said === "cannot-say" ? [] : [said.key, ...(said.also ?? [])];
    return keys.map((key): [string, OptionName] => [envName(key), option]);
  }),
);

/** The option a hook variable such as BOND_MODE stands for, where ifenslave reads it. */
export function optionOfEnv(env: string): OptionName | undefined {
  return byEnv.get(env);
}

/** Hook variables ifenslave reads that are no option of the kernel, and those it reads in vain. */
export const otherBondVariables: ReadonlySet<string> = new Set([
  "BOND_MASTER",
  "BOND_SLAVES",
  "SLAVES",
  "BOND_GIVE_A_CHANCE",
  "BOND_ACTIVE_SLAVE",
  "BOND_QUEUE_ID",
]);

/** Every key ifenslave reads, in its usual spelling: what a misspelt key is compared with. */
export const knownKeys: readonly string[] = [
  ...optionNames.flatMap((option) => {
    const said = spellingOf(option);
    return said === "cannot-say" ? [] : [said.key, ...(said.also ?? [])];
  }),
  "bond-master",
  "bond-slaves",
  "bond-give-a-chance",
  "bond-active-slave",
  "bond-queue-id",
];
