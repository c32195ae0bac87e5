import { type BondOptions, type Mode, type OptionName, optionNames, optionRow } from "../../model/options.ts";

/** How an option is written in BONDING_MODULE_OPTS, or that wicked has no word for it. */
export type Spelling = { readonly opts: string; readonly also?: readonly string[] } | "cannot-say";

/** BONDING_MODULE_OPTS, option by option: names and values are the kernel's module parameters'. Nothing younger than tlb_dynamic_lb,
 *  nothing of single ports. active_slave is known as a volatile option: it would move traffic at every ifup.
 *  Source: src/bonding.c and ifcfg-bonding(5) of wicked 0.6. */
export const spelling = {
  mode: { opts: "mode" },
  active_slave: "cannot-say",
  primary: { opts: "primary" },
  primary_reselect: { opts: "primary_reselect" },
  fail_over_mac: { opts: "fail_over_mac" },
  num_peer_notif: { opts: "num_grat_arp", also: ["num_unsol_na"] },
  peer_notif_delay: "cannot-say",
  resend_igmp: { opts: "resend_igmp" },
  all_slaves_active: { opts: "all_slaves_active" },
  min_links: { opts: "min_links" },
  miimon: { opts: "miimon" },
  updelay: { opts: "updelay" },
  downdelay: { opts: "downdelay" },
  use_carrier: { opts: "use_carrier" },
  arp_interval: { opts: "arp_interval" },
  arp_ip_target: { opts: "arp_ip_target" },
  ns_ip6_target: "cannot-say",
  arp_validate: { opts: "arp_validate" },
  arp_all_targets: { opts: "arp_all_targets" },
  arp_missed_max: "cannot-say",
  xmit_hash_policy: { opts: "xmit_hash_policy" },
  lp_interval: { opts: "lp_interval" },
  packets_per_slave: { opts: "packets_per_slave" },
  tlb_dynamic_lb: { opts: "tlb_dynamic_lb" },
  lacp_active: "cannot-say",
  lacp_rate: { opts: "lacp_rate" },
  ad_select: { opts: "ad_select" },
  ad_actor_sys_prio: { opts: "ad_actor_sys_prio" },
  ad_user_port_key: { opts: "ad_user_port_key" },
  ad_actor_system: { opts: "ad_actor_system" },
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

/** Why wicked refuses a bond for one option, in words that go on from "OPTION=VALUE: ". Each alone is enough: then the whole file
 *  sets nothing up. Source: ni_bonding_validate() of wicked 0.6. */
export interface Refusal {
  readonly option: OptionName;
  readonly why: string;
}

/** Every reason to refuse a bond with these options; none for one that is made. */
export function refusals(options: BondOptions): readonly Refusal[] {
  const mode = (options.mode ?? "balance-rr") as Mode;
  const found: Refusal[] = [];
  for (const option of optionNames) {
    if (options[option] === undefined) continue;
    const why = refusal(option, options, mode);
    if (why !== undefined) found.push({ option, why });
  }
  return found;
}

/** Whether a link monitor is configured that wicked accepts. */
export function isWatched({ miimon, arp_interval: interval, arp_ip_target: targets }: BondOptions): boolean {
  return (miimon ?? 0) > 0 || ((interval ?? 0) > 0 && (targets ?? []).length > 0);
}

function refusal(option: OptionName, options: BondOptions, mode: Mode): string | undefined {
  const value = options[option];
  const miimon = options.miimon ?? 0;
  const within = (...modes: readonly Mode[]): boolean => modes.includes(mode);
  const only = (isFine: boolean, where: string): string | undefined =>
    isFine ? undefined : `wicked takes it in ${where} only`;
  switch (option) {
    case "arp_interval":
      if (miimon > 0) return "wicked refuses two monitors at once";
      if ((options.arp_ip_target ?? []).length === 0) return "wicked refuses an ARP monitor without targets";
      return Number(value) === 0
        ? "wicked refuses an interval of 0"
        : only(
            within("balance-rr", "active-backup", "balance-xor", "broadcast"),
            "modes without a monitor of their own",
          );
    case "arp_ip_target":
      if (miimon > 0) return "wicked refuses two monitors at once";
      return (options.arp_interval ?? 0) > 0 ? undefined : "wicked refuses targets without an interval";
    case "arp_validate":
      return value === "none" || within("active-backup") ? undefined : "wicked takes it in active-backup only";
    case "updelay":
    case "downdelay":
      return Number(value) > 0 && Number(value) < miimon
        ? "it is smaller than miimon, so the kernel would make 0 of it, and wicked refuses it"
        : undefined;
    case "xmit_hash_policy":
      if (value === "vlan+srcmac") return "wicked doesn't know it";
      return only(value === "layer2" || within("balance-xor", "802.3ad"), "balance-xor and 802.3ad");
    default:
      return modeRefusal(option, value, within, only);
  }
}

function modeRefusal(
  option: OptionName,
  value: unknown,
  within: (...modes: readonly Mode[]) => boolean,
  only: (isFine: boolean, where: string) => string | undefined,
): string | undefined {
  switch (option) {
    case "lacp_rate":
      return only(value === "slow" || within("802.3ad"), "802.3ad");
    case "ad_select":
      if (value === "actor_port_prio") return "wicked doesn't know it";
      return only(value === "stable" || within("802.3ad"), "802.3ad");
    case "min_links":
      return only(value === 0 || within("802.3ad"), "802.3ad");
    case "resend_igmp":
      return only(Number(value) <= 1 || !within("balance-xor", "broadcast", "802.3ad"), "modes that fail over");
    case "fail_over_mac":
      return only(value === "none" || within("active-backup"), "active-backup");
    case "num_peer_notif":
      return only(Number(value) <= 1 || within("active-backup"), "active-backup");
    case "primary":
      return only(within("active-backup", "balance-tlb", "balance-alb"), "active-backup, balance-tlb and balance-alb");
    case "primary_reselect":
      return only(
        value === "always" || within("active-backup", "balance-tlb", "balance-alb"),
        "active-backup, balance-tlb and balance-alb",
      );
    case "packets_per_slave":
      return only(value === 1 || within("balance-rr"), "balance-rr");
    case "tlb_dynamic_lb":
      return only(value === 1 || within("balance-tlb"), "balance-tlb");
    default:
      return spellingOf(option) === "cannot-say" && optionRow(option).scope === "bond"
        ? "wicked doesn't know it"
        : undefined;
  }
}

/** Keys that say what the model has words for; those of addresses and ports may have anything behind them. */
export const meaningKeys: ReadonlySet<string> = new Set([
  "STARTMODE",
  "BOOTPROTO",
  "BONDING_MASTER",
  "BONDING_MODULE_OPTS",
  "MTU",
  "LLADDR",
  "ETHERDEVICE",
  "VLAN",
  "VLAN_ID",
  "BRIDGE",
  "BRIDGE_PORTS",
  "BRIDGE_STP",
  "BRIDGE_PRIORITY",
  "BRIDGE_AGEINGTIME",
  "BRIDGE_FORWARDDELAY",
  "BRIDGE_HELLOTIME",
  "BRIDGE_MAXAGE",
  "LINK_REQUIRED",
  "DHCLIENT_ROUTE_PRIORITY",
  "DHCLIENT_SET_DEFAULT_ROUTE",
  "WIRELESS_ESSID",
  "WIRELESS_WPA_PSK",
  "WIRELESS_AUTH_MODE",
  "WIRELESS_HIDDEN_SSID",
  "WIRELESS_AP",
  "NETWORK",
]);

/** Whether a key says what the model has a word for. */
export function isMeaning(key: string): boolean {
  return meaningKeys.has(key) || /^(IPADDR|PREFIXLEN|NETMASK|BROADCAST|BONDING_SLAVE)\w*$/.test(key);
}

/** Every key that wicked reads: what a misspelt one is compared with. */
export const knownKeys: ReadonlySet<string> = new Set([
  ...meaningKeys,
  "IPADDR",
  "PREFIXLEN",
  "NETMASK",
  "BROADCAST",
  "REMOTE_IPADDR",
  "LABEL",
  "SCOPE",
  "IP_OPTIONS",
  "BONDING_SLAVE_0",
  "NAME",
  "USERCONTROL",
  "MASTER_DEVICE",
  "FIREWALL",
  "ZONE",
  "ETHTOOL_OPTIONS",
  "VLAN_PROTOCOL",
  "BRIDGE_PORTPRIORITIES",
  "BRIDGE_PATHCOSTS",
  "CHECK_DUPLICATE_IP",
  "SEND_GRATUITOUS_ARP",
  "LINK_READY_WAIT",
  "IFPLUGD_PRIORITY",
  "PRE_UP_SCRIPT",
  "POST_UP_SCRIPT",
  "PRE_DOWN_SCRIPT",
  "POST_DOWN_SCRIPT",
  "AUTO6_WAIT_AT_BOOT",
  "AUTO6_UPDATE",
  "DHCLIENT_UPDATE",
  "DHCLIENT_SLEEP",
  "DHCLIENT_TIMEOUT",
  "DHCLIENT_WAIT_AT_BOOT",
  "DHCLIENT_CLIENT_ID",
  "DHCLIENT_HOSTNAME_OPTION",
  "DHCLIENT_SET_HOSTNAME",
  "DHCLIENT_RELEASE_BEFORE_QUIT",
  "DHCLIENT_USE_LAST_LEASE",
  "DHCLIENT6_MODE",
  "DHCLIENT6_UPDATE",
  "DHCLIENT6_CLIENT_ID",
  "WIRELESS",
  "WIRELESS_MODE",
  "WIRELESS_AP_SCANMODE",
  "WIRELESS_WPA_PROTO",
  "WIRELESS_EAP_MODE",
  "WIRELESS_EAP_AUTH",
  "WIRELESS_PMF",
  "WIRELESS_FREQUENCY_LIST",
  "TUNNEL",
  "DUMMY",
  "PREFIXLEN",
  "REMOTE_IPADDR",
  "DEVICE",
  "TYPE",
]);
