import { concat, fromText, fromU8, fromU16, fromU32, macText, s32, text, u16, u32 } from "./bytes.ts";
import {
  type Attribute,
  attribute,
  decodeAttributes,
  encodeAttributes,
  encodeMessage,
  listAttributes,
  type NetlinkMessage,
  NLM_F_ACK,
  NLM_F_DUMP,
  NLM_F_REQUEST,
} from "./netlink.ts";

/** rtnetlink link messages: links, bonds and ports. Source: linux/if_link.h, linux/rtnetlink.h. */

export const RTM_NEWLINK = 16;
export const RTM_DELLINK = 17;
export const RTM_GETLINK = 18;
export const RTMGRP_LINK = 1;
export const RTMGRP_NEIGH = 4;
export const RTMGRP_IPV4_IFADDR = 0x10;
export const RTMGRP_IPV4_ROUTE = 0x40;
export const RTMGRP_IPV6_IFADDR = 0x100;
export const RTMGRP_IPV6_ROUTE = 0x400;

const IFF_UP = 0x1;
const IFF_LOWER_UP = 0x10000;
const IFLA = {
  ADDRESS: 1,
  IFNAME: 3,
  MTU: 4,
  MASTER: 10,
  OPERSTATE: 16,
  LINKINFO: 18,
  WIRELESS: 11,
  CARRIER: 33,
  PROP_LIST: 52,
  PERM_ADDRESS: 54,
};
const ALT_NAME = 53;
const VLAN_ID = 1;
const INFO = { KIND: 1, DATA: 2, SLAVE_KIND: 4, SLAVE_DATA: 5 };
const SLAVE = { STATE: 1, MII_STATUS: 2, LINK_FAILURES: 3, PERM_HWADDR: 4, QUEUE_ID: 5, PRIO: 9 };
/** Attribute numbers of the bond's own options. Source: IFLA_BOND_* in linux/if_link.h. */
export const IFLA_BOND = {
  mode: 1,
  active_slave: 2,
  miimon: 3,
  updelay: 4,
  downdelay: 5,
  use_carrier: 6,
  arp_interval: 7,
  arp_ip_target: 8,
  arp_validate: 9,
  arp_all_targets: 10,
  primary: 11,
  primary_reselect: 12,
  fail_over_mac: 13,
  xmit_hash_policy: 14,
  resend_igmp: 15,
  num_peer_notif: 16,
  all_slaves_active: 17,
  min_links: 18,
  lp_interval: 19,
  packets_per_slave: 20,
  peer_notif_delay: 28,
  arp_missed_max: 30,
  ns_ip6_target: 31,
} as const;

export type OperState = "unknown" | "not-present" | "down" | "lower-layer-down" | "testing" | "dormant" | "up";
const operStates: readonly OperState[] = [
  "unknown",
  "not-present",
  "down",
  "lower-layer-down",
  "testing",
  "dormant",
  "up",
];

export interface LinkState {
  readonly index: number;
  readonly name: string;
  readonly isUp: boolean;
  readonly hasCarrier: boolean;
  readonly operState: OperState;
  readonly mac: string;
  readonly permanentMac: string;
  readonly mtuBytes: number;
  /** ifindex of the bond or bridge it belongs to; 0: none. */
  readonly master: number;
  readonly kind: string;
  readonly bond?: BondState;
  readonly port?: PortState;
}

/** What the kernel says of a bond. Numbers as the kernel counts them (ms, enumerations). */
export interface BondState {
  readonly mode: number;
  /** ifindex; 0: none. */
  readonly activePort: number;
  readonly primary: number;
  readonly miimon: number;
  readonly arpInterval: number;
  readonly failOverMac: number;
  readonly primaryReselect: number;
  readonly updelay: number;
  readonly downdelay: number;
  readonly numPeerNotif: number;
  /** Frames that arrive on inactive ports: 0 dropped, 1 taken. */
  readonly allSlavesActive: number;
  readonly arpIpTargets: readonly string[];
}

export interface PortState {
  readonly isActive: boolean;
  readonly miiStatus: "up" | "going-down" | "down" | "going-back";
  readonly linkFailures: number;
  readonly permanentMac: string;
}

/** Asks for every link (or one, by index) with all details. */
export function encodeLinkDump(seq: number): Uint8Array {
  return encodeMessage({ type: RTM_GETLINK, flags: NLM_F_REQUEST | NLM_F_DUMP, seq, payload: linkHeader(0) });
}

/** Sets options of a live bond; attributes go in the order given (the kernel applies them in its own). Needs CAP_NET_ADMIN. */
export function encodeBondOptions(seq: number, bondIndex: number, options: readonly Attribute[]): Uint8Array {
  const info = encodeAttributes([
    attribute(INFO.KIND, fromText("bond")),
    attribute(INFO.DATA, encodeAttributes(options)),
  ]);
  const payload = concat([linkHeader(bondIndex), encodeAttributes([attribute(IFLA.LINKINFO, info)])]);
  return encodeMessage({ type: RTM_NEWLINK, flags: NLM_F_REQUEST | NLM_F_ACK, seq, payload });
}

/** The active port of a bond, by the port's ifindex. EINVAL when it is no port or can't carry traffic. */
export function encodeActivePort(seq: number, bondIndex: number, portIndex: number): Uint8Array {
  return encodeBondOptions(seq, bondIndex, [attribute(IFLA_BOND.active_slave, fromU32(portIndex))]);
}

/** The primary of a bond, by ifindex; 0 clears it. */
export function encodePrimary(seq: number, bondIndex: number, portIndex: number): Uint8Array {
  return encodeBondOptions(seq, bondIndex, [attribute(IFLA_BOND.primary, fromU32(portIndex))]);
}

/** Sets a link up or down. */
export function encodeLinkUp(seq: number, index: number, state: "up" | "down"): Uint8Array {
  const flags = state === "up" ? IFF_UP : 0;
  return encodeMessage({
    type: RTM_NEWLINK,
    flags: NLM_F_REQUEST | NLM_F_ACK,
    seq,
    payload: linkHeader(index, flags, IFF_UP),
  });
}

/** A link message as a LinkState; undefined when the payload is too short to be one, or when it isn't about the link: radios tell of
 *  scans and associations by such messages too, with the name and nothing else (IFLA_WIRELESS, net/wireless/wext-core.c). */
export function decodeLink(message: NetlinkMessage): LinkState | undefined {
  if (message.payload.length < 16) return undefined;
  const flags = u32(message.payload, 8);
  const has = decodeAttributes(message.payload.subarray(16));
  if (has.has(IFLA.WIRELESS)) return undefined;
  const get = (type: number): Uint8Array => has.get(type) ?? new Uint8Array();
  const info = decodeAttributes(get(IFLA.LINKINFO));
  const carrier = has.get(IFLA.CARRIER);
  const base = {
    index: s32(message.payload, 4),
    name: text(get(IFLA.IFNAME)),
    isUp: (flags & IFF_UP) !== 0,
    hasCarrier: carrier === undefined ? (flags & IFF_LOWER_UP) !== 0 : carrier[0] === 1,
    operState: operStates[get(IFLA.OPERSTATE)[0] ?? 0] ?? "unknown",
    mac: macText(get(IFLA.ADDRESS)),
    permanentMac: macText(get(IFLA.PERM_ADDRESS)),
    mtuBytes: u32(get(IFLA.MTU), 0),
    master: u32(get(IFLA.MASTER), 0),
    kind: text(info.get(INFO.KIND) ?? new Uint8Array()),
  } as const;
  const bond = base.kind === "bond" ? info.get(INFO.DATA) : undefined;
  const isPort = text(info.get(INFO.SLAVE_KIND) ?? new Uint8Array()) === "bond";
  const port = isPort ? info.get(INFO.SLAVE_DATA) : undefined;
  return {
    ...base,
    ...(bond === undefined ? {} : { bond: decodeBond(bond) }),
    ...(port === undefined ? {} : { port: decodePort(port) }),
  };
}

/** What only a careful look at a host asks for. */
export interface LinkDetails {
  readonly name: string;
  /** Further names it answers to. */
  readonly altNames: readonly string[];
  /** Undefined: no VLAN. */
  readonly vlanId: number | undefined;
}

/** The further names of a link and its VLAN's number; undefined when the payload is too short. */
export function decodeLinkDetails(message: NetlinkMessage): LinkDetails | undefined {
  if (message.payload.length < 16) return undefined;
  const has = decodeAttributes(message.payload.subarray(16));
  const get = (type: number): Uint8Array => has.get(type) ?? new Uint8Array();
  const info = decodeAttributes(get(IFLA.LINKINFO));
  const isVlan = text(info.get(INFO.KIND) ?? new Uint8Array()) === "vlan";
  const id = isVlan ? decodeAttributes(info.get(INFO.DATA) ?? new Uint8Array()).get(VLAN_ID) : undefined;
  return {
    name: text(get(IFLA.IFNAME)),
    altNames: listAttributes(get(IFLA.PROP_LIST)).flatMap(({ type, value }) =>
      type === ALT_NAME ? [text(value)] : [],
    ),
    vlanId: id === undefined ? undefined : u16(id, 0),
  };
}

function decodeBond(bytes: Uint8Array): BondState {
  const has = decodeAttributes(bytes);
  const number = (type: number): number => {
    const value = has.get(type) ?? new Uint8Array();
    return value.length === 1 ? (value[0] ?? 0) : value.length === 2 ? u16(value, 0) : u32(value, 0);
  };
  return {
    mode: number(IFLA_BOND.mode),
    activePort: number(IFLA_BOND.active_slave),
    primary: number(IFLA_BOND.primary),
    miimon: number(IFLA_BOND.miimon),
    arpInterval: number(IFLA_BOND.arp_interval),
    failOverMac: number(IFLA_BOND.fail_over_mac),
    primaryReselect: number(IFLA_BOND.primary_reselect),
    updelay: number(IFLA_BOND.updelay),
    downdelay: number(IFLA_BOND.downdelay),
    numPeerNotif: number(IFLA_BOND.num_peer_notif),
    allSlavesActive: number(IFLA_BOND.all_slaves_active),
    arpIpTargets: listAttributes(has.get(IFLA_BOND.arp_ip_target) ?? new Uint8Array()).map(({ value }) =>
      value.join("."),
    ),
  };
}

function decodePort(bytes: Uint8Array): PortState {
  const has = decodeAttributes(bytes);
  const statuses = ["up", "going-down", "down", "going-back"] as const;
  return {
    isActive: (has.get(SLAVE.STATE)?.[0] ?? 1) === 0,
    miiStatus: statuses[has.get(SLAVE.MII_STATUS)?.[0] ?? 0] ?? "up",
    linkFailures: u32(has.get(SLAVE.LINK_FAILURES) ?? new Uint8Array(), 0),
    permanentMac: macText(has.get(SLAVE.PERM_HWADDR) ?? new Uint8Array()),
  };
}

/** struct ifinfomsg. */
function linkHeader(index: number, flags = 0, change = 0): Uint8Array {
  return concat([fromU8(0), fromU8(0), fromU16(0), fromU32(index), fromU32(flags), fromU32(change)]);
}
