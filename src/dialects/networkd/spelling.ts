import { type OptionName, optionNames } from "../../model/options.ts";

/** How a value stands behind the equals sign. Time spans are in seconds when bare; "boolean" is systemd's. */
export type Form = "word" | "number" | "span-ms" | "span-s" | "boolean" | "addresses" | "mac";

/** How networkd spells an option, or that it has no word for it. */
export type Spelling =
  | {
      readonly key: string;
      /** In [Bond] of the bond's .netdev, or in [Network] of the .network of the port it names. */
      readonly place: "bond";
      readonly form: Form;
      /** Words of the kernel that networkd does not know. */
      readonly without?: readonly string[];
      /** First version that reads the key, where that is later than 252. */
      readonly since?: number;
    }
  | { readonly key: string; readonly place: "port" }
  | "cannot-say";

const at252 = { place: "bond" } as const;

/** What networkd reads, option by option. Debian 12 has version 252. Source: netdev-gperf.gperf and bond.c of 252 and 257, and what
 *  252 and 262 did on real kernels. */
export const spelling = {
  mode: { ...at252, key: "Mode", form: "word" },
  active_slave: { place: "port", key: "ActiveSlave" },
  primary: { place: "port", key: "PrimarySlave" },
  primary_reselect: { ...at252, key: "PrimaryReselectPolicy", form: "word" },
  fail_over_mac: { ...at252, key: "FailOverMACPolicy", form: "word" },
  num_peer_notif: { ...at252, key: "GratuitousARP", form: "number" },
  peer_notif_delay: { ...at252, key: "PeerNotifyDelaySec", form: "span-ms", since: 256 },
  resend_igmp: { ...at252, key: "ResendIGMP", form: "number" },
  all_slaves_active: { ...at252, key: "AllSlavesActive", form: "boolean" },
  min_links: { ...at252, key: "MinLinks", form: "number" },
  miimon: { ...at252, key: "MIIMonitorSec", form: "span-ms" },
  updelay: { ...at252, key: "UpDelaySec", form: "span-ms" },
  downdelay: { ...at252, key: "DownDelaySec", form: "span-ms" },
  use_carrier: "cannot-say",
  arp_interval: { ...at252, key: "ARPIntervalSec", form: "span-ms" },
  arp_ip_target: { ...at252, key: "ARPIPTargets", form: "addresses" },
  ns_ip6_target: "cannot-say",
  arp_validate: {
    ...at252,
    key: "ARPValidate",
    form: "word",
    without: ["filter", "filter_active", "filter_backup"],
  },
  arp_all_targets: { ...at252, key: "ARPAllTargets", form: "word" },
  arp_missed_max: { ...at252, key: "ARPMissedMax", form: "number", since: 256 },
  xmit_hash_policy: { ...at252, key: "TransmitHashPolicy", form: "word", without: ["vlan+srcmac"] },
  lp_interval: { ...at252, key: "LearnPacketIntervalSec", form: "span-s" },
  packets_per_slave: { ...at252, key: "PacketsPerSlave", form: "number" },
  tlb_dynamic_lb: { ...at252, key: "DynamicTransmitLoadBalancing", form: "boolean" },
  lacp_active: "cannot-say",
  lacp_rate: { ...at252, key: "LACPTransmitRate", form: "word" },
  ad_select: { ...at252, key: "AdSelect", form: "word", without: ["actor_port_prio"] },
  ad_actor_sys_prio: { ...at252, key: "AdActorSystemPriority", form: "number" },
  ad_user_port_key: { ...at252, key: "AdUserPortKey", form: "number" },
  ad_actor_system: { ...at252, key: "AdActorSystem", form: "mac" },
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

/** The spelling for people: "[Bond] Mode=", or null. */
export function shownSpelling(option: OptionName): string | null {
  const said = spellingOf(option);
  if (said === "cannot-say") return null;
  return said.place === "bond" ? `[Bond] ${said.key}=` : `[Network] ${said.key}= in the port's .network`;
}

/** The option a key of [Bond] stands for. */
export const optionOfBondKey: ReadonlyMap<string, OptionName> = new Map(
  optionNames.flatMap((option) => {
    const said = spellingOf(option);
    return said !== "cannot-say" && said.place === "bond" ? [[said.key, option] as const] : [];
  }),
);
