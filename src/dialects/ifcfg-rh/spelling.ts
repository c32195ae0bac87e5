import { type OptionName, optionNames } from "../../model/options.ts";

/** How an option is written in ifcfg files. opts: a word in BONDING_OPTS of the bond's file; port: a key of the port's file.
 *  by: "networkmanager" where the initscripts cannot set it, because sysfs has no file for it or they never write port options. */
export type Spelling =
  | { readonly opts: string; readonly also?: readonly string[]; readonly by?: "networkmanager" }
  | { readonly port: string; readonly by: "networkmanager" }
  | "cannot-say";

/** BONDING_OPTS, option by option. Both readers take the kernel's own names and values there: the initscripts echo each value into
 *  the sysfs file of its name; NetworkManager's plugin keeps those its bond setting knows. active_slave is written before any port has
 *  joined, and NetworkManager takes it for primary.
 *  Source: install_bonding_driver() of network-functions 10; nm-setting-bond.c of 1.44 and the fixtures of its ifcfg plugin. */
export const spelling = {
  mode: { opts: "mode" },
  active_slave: "cannot-say",
  primary: { opts: "primary" },
  primary_reselect: { opts: "primary_reselect" },
  fail_over_mac: { opts: "fail_over_mac" },
  num_peer_notif: { opts: "num_grat_arp", also: ["num_unsol_na"] },
  peer_notif_delay: { opts: "peer_notif_delay" },
  resend_igmp: { opts: "resend_igmp" },
  all_slaves_active: { opts: "all_slaves_active" },
  min_links: { opts: "min_links" },
  miimon: { opts: "miimon" },
  updelay: { opts: "updelay" },
  downdelay: { opts: "downdelay" },
  use_carrier: { opts: "use_carrier" },
  arp_interval: { opts: "arp_interval" },
  arp_ip_target: { opts: "arp_ip_target" },
  ns_ip6_target: { opts: "ns_ip6_target", by: "networkmanager" },
  arp_validate: { opts: "arp_validate" },
  arp_all_targets: { opts: "arp_all_targets" },
  arp_missed_max: { opts: "arp_missed_max" },
  xmit_hash_policy: { opts: "xmit_hash_policy" },
  lp_interval: { opts: "lp_interval" },
  packets_per_slave: { opts: "packets_per_slave" },
  tlb_dynamic_lb: { opts: "tlb_dynamic_lb" },
  lacp_active: { opts: "lacp_active" },
  lacp_rate: { opts: "lacp_rate" },
  ad_select: { opts: "ad_select" },
  ad_actor_sys_prio: { opts: "ad_actor_sys_prio" },
  ad_user_port_key: { opts: "ad_user_port_key" },
  ad_actor_system: { opts: "ad_actor_system" },
  coupled_control: "cannot-say",
  broadcast_neighbor: "cannot-say",
  lacp_strict: "cannot-say",
  queue_id: { port: "BOND_PORT_QUEUE_ID", by: "networkmanager" },
  prio: { port: "BOND_PORT_PRIO", by: "networkmanager" },
  actor_port_prio: "cannot-say",
} as const satisfies Record<OptionName, Spelling>;

/** The spelling of an option, as the plain type. */
export function spellingOf(option: OptionName): Spelling {
  return spelling[option];
}

/** Whether BONDING_OPTS has a word for the option. */
export function isInOpts(option: OptionName): boolean {
  const said = spellingOf(option);
  return said !== "cannot-say" && "opts" in said;
}

/** The options of a port that its own file sets, by key. */
export const portKeys: ReadonlyMap<string, OptionName> = new Map(
  optionNames.flatMap((option): [string, OptionName][] => {
    const said = spellingOf(option);
    return said !== "cannot-say" && "port" in said ? [[said.port, option]] : [];
  }),
);

/** Keys that say what the model has words for: what Holdfast reads and writes, and what no extra may be called. A number may follow
 *  those of addresses and name servers. */
export const meaningKeys: ReadonlySet<string> = new Set([
  "DEVICE",
  "TYPE",
  "DEVICETYPE",
  "ONBOOT",
  "BOOTPROTO",
  "IPADDR",
  "PREFIX",
  "NETMASK",
  "GATEWAY",
  "METRIC",
  "PEERDNS",
  "PEERROUTES",
  "IPV4_ROUTE_METRIC",
  "IPV6INIT",
  "IPV6ADDR",
  "IPV6ADDR_SECONDARIES",
  "IPV6_AUTOCONF",
  "IPV6_DEFAULTGW",
  "IPV6_PEERDNS",
  "IPV6_PEERROUTES",
  "IPV6_ROUTE_METRIC",
  "DHCPV6C",
  "DNS",
  "DOMAIN",
  "MTU",
  "MACADDR",
  "HWADDR",
  "BONDING_OPTS",
  "BONDING_MASTER",
  "MASTER",
  "MASTER_UUID",
  "SLAVE",
  ...portKeys.keys(),
  "BRIDGE",
  "BRIDGE_UUID",
  "STP",
  "DELAY",
  "PRIO",
  "AGEING",
  "BRIDGING_OPTS",
  "VLAN",
  "VLAN_ID",
  "VID",
  "PHYSDEV",
  "ESSID",
  "WPA_PSK",
  "KEY_MGMT",
  "SSID_HIDDEN",
  "BSSID",
  "NETWORK",
  "BROADCAST",
]);

/** Keys that the one or the other reads and that are kept as they stand. */
export const keptKeys: ReadonlySet<string> = new Set([
  "NAME",
  "UUID",
  "USERCTL",
  "NM_CONTROLLED",
  "HOTPLUG",
  "LINKDELAY",
  "DEVTIMEOUT",
  "ARPCHECK",
  "ARPUPDATE",
  "ARPING_WAIT",
  "ARP",
  "SCOPE",
  "SRCADDR",
  "GATEWAYDEV",
  "NOZEROCONF",
  "ETHTOOL_OPTS",
  "ETHTOOL_DELAY",
  "DHCP_HOSTNAME",
  "DHCP_FQDN",
  "DHCP_CLIENT_ID",
  "DHCLIENTARGS",
  "PERSISTENT_DHCLIENT",
  "PROXY_METHOD",
  "BROWSER_ONLY",
  "IPV4_FAILURE_FATAL",
  "IPV4_DAD_TIMEOUT",
  "IPV6_FAILURE_FATAL",
  "IPV6_ADDR_GEN_MODE",
  "IPV6_PRIVACY",
  "DEFROUTE",
  "IPV6_DEFROUTE",
  "IPV6_DISABLED",
  "IPV6_MTU",
  "IPV6_ROUTER",
  "IPV6FORWARDING",
  "IPV6_FORCE_ACCEPT_RA",
  "IPV6_SET_SYSCTLS",
  "AUTOCONNECT_PRIORITY",
  "AUTOCONNECT_RETRIES",
  "AUTOCONNECT_SLAVES",
  "CONNECTION_METERED",
  "ZONE",
  "LLDP",
  "MODE",
  "BAND",
  "CHANNEL",
  "REORDER_HDR",
  "GVRP",
  "SUBCHANNELS",
  "NETTYPE",
  "OPTIONS",
  "PORTNAME",
  "MACADDR_POLICY",
  "RES_OPTIONS",
  "WINDOW",
  "BONDING_MODULE_OPTS",
]);

/** Every key that something reads: what a misspelt one is compared with. */
export const knownKeys: ReadonlySet<string> = new Set([
  ...meaningKeys,
  ...keptKeys,
  "DNS1",
  "DNS2",
  "IPADDR0",
  "PREFIX0",
]);
