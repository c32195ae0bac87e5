import { type OptionName, optionRow } from "../model/options.ts";

/** What the kernel does with a bonding option that nobody says, and what comes of it, in words that go on from "… is left out: ":
 *  "the kernel keeps its default 1: after a failover one membership report is sent". Source: bonding.rst, bond_main.c of 6.1. */
export function keptByKernel(option: OptionName): string {
  const { default: own } = optionRow(option);
  const follows = consequences[option];
  const value = own === null || own === undefined ? "" : String(own);
  if (value === "") return follows ?? "the kernel has none";
  return `the kernel keeps its default ${value}${follows === undefined ? "" : `: ${follows}`}`;
}

/** What the default comes to on a host, where its value alone would not tell. */
const consequences: Partial<Record<OptionName, string>> = {
  active_slave: "the kernel picks the active port itself",
  fail_over_mac:
    "every port gets the bond's MAC address; a radio or a virtual function that refuses it does not join, or carries nothing",
  num_peer_notif: "after a failover one announcement is sent",
  peer_notif_delay:
    "after a failover the announcements go out one per monitor interval, maybe before the new path forwards",
  resend_igmp: "after a failover one membership report is sent",
  all_slaves_active: "frames that arrive at a standby are dropped",
  min_links: "the bond has carrier as long as one port has",
  use_carrier: "the carrier is read from the driver",
  arp_interval: "nothing asks whether anything answers behind a live link",
  arp_ip_target: "nobody is asked",
  ns_ip6_target: "no IPv6 target is asked, and without IPv4 ones no port counts as up for long",
  arp_validate: "any frame that comes in keeps a port up, also one that says nothing of the path",
  arp_all_targets: "a port is up while one of the targets answers",
  arp_missed_max: "a port is given up after 2 intervals without an answer",
  lp_interval: "learning packets go out every second",
  packets_per_slave: "every packet takes the next port",
  tlb_dynamic_lb: "flows are moved between ports by load",
  lacp_active: "LACP frames are sent at intervals, asked or not",
  ad_select: "another aggregator is chosen only when all ports of the active one are down",
  ad_actor_sys_prio: "the switch, if its number is lower, decides which ports carry",
  ad_user_port_key: "ports are put together by speed and duplex alone",
  ad_actor_system: "in LACP the bond goes by its own MAC address",
  xmit_hash_policy: "all that goes through one router takes one port",
  queue_id: "the port gets no queue of its own",
  prio: "apart from the primary all ports are preferred alike",
};
