import { concat, fromText, fromU8, fromU16, fromU32, macBytes } from "../../wire/bytes.ts";
import {
  type Attribute,
  attribute,
  encodeAttributes,
  encodeMessage,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_EXCL,
  NLM_F_REPLACE,
  NLM_F_REQUEST,
} from "../../wire/netlink.ts";
import { type IpAddress, parseAddress, parseCidr } from "./ip-bytes.ts";

/** rtnetlink requests that build a network: wires, bridges, addresses, routes, loss. Sources: linux/if_link.h,
 *  linux/rtnetlink.h, linux/pkt_sched.h. Sequence number 1 throughout: one request, one answer. */

const RTM = { NEWLINK: 16, NEWADDR: 20, NEWROUTE: 24, NEWQDISC: 36, DELQDISC: 37 };
const IFF_UP = 1;
const IFLA = { ADDRESS: 1, IFNAME: 3, LINK: 5, MASTER: 10, LINKINFO: 18, NET_NS_FD: 28 };
const INFO = { KIND: 1, DATA: 2 };
const VETH_INFO_PEER = 1;
const VLAN_ID = 1;
const BRIDGE = { FORWARD_DELAY: 1, STP_STATE: 5, MCAST_SNOOPING: 23 };
/** Bridge times are in hundredths of a second (USER_HZ). */
const USER_HZ = 100;
const TC_H_ROOT = 0xffffffff;
const ASK = NLM_F_REQUEST | NLM_F_ACK;

export interface NewEnd {
  readonly dev: string;
  readonly mac: string;
  readonly namespaceFd: number;
}

/** A pair of interfaces, each born in its namespace under its own name and MAC, both down. */
export function encodeWire(a: NewEnd, b: NewEnd): Uint8Array {
  const peer = concat([linkHeader(0), encodeAttributes(endAttributes(b))]);
  const info = linkInfo("veth", encodeAttributes([attribute(VETH_INFO_PEER, peer)]));
  return newLink([...endAttributes(a), info]);
}

/** A bridge. Without a forward delay (s) spanning tree is off and ports forward at once. Multicast snooping is off:
 *  without a querier it would only drop what a plain switch forwards. */
export function encodeBridge(bridge: {
  readonly name: string;
  readonly mac?: string;
  readonly stpForwardDelay?: number;
}): Uint8Array {
  const delay = bridge.stpForwardDelay ?? 0;
  const data = encodeAttributes([
    attribute(BRIDGE.FORWARD_DELAY, fromU32(Math.round(delay * USER_HZ))),
    attribute(BRIDGE.STP_STATE, fromU32(delay > 0 ? 1 : 0)),
    attribute(BRIDGE.MCAST_SNOOPING, fromU8(0)),
  ]);
  const mac = bridge.mac === undefined ? [] : [attribute(IFLA.ADDRESS, mustMac(bridge.mac))];
  return newLink([attribute(IFLA.IFNAME, fromText(bridge.name)), ...mac, linkInfo("bridge", data)]);
}

/** A VLAN interface on top of another. */
export function encodeVlan(vlan: { readonly name: string; readonly id: number }, parentIndex: number): Uint8Array {
  const data = encodeAttributes([attribute(VLAN_ID, fromU16(vlan.id))]);
  return newLink([
    attribute(IFLA.IFNAME, fromText(vlan.name)),
    attribute(IFLA.LINK, fromU32(parentIndex)),
    linkInfo("vlan", data),
  ]);
}

/** Puts a link into a bridge; 0 takes it out. */
export function encodeMaster(index: number, bridgeIndex: number): Uint8Array {
  return setLink(index, [attribute(IFLA.MASTER, fromU32(bridgeIndex))]);
}

/** Gives a link another MAC while it runs. */
export function encodeMac(index: number, mac: string): Uint8Array {
  return setLink(index, [attribute(IFLA.ADDRESS, mustMac(mac))]);
}

export function encodeUp(index: number, state: "up" | "down"): Uint8Array {
  const payload = linkHeader(index, state === "up" ? IFF_UP : 0, IFF_UP);
  return encodeMessage({ type: RTM.NEWLINK, flags: ASK, seq: 1, payload });
}

export function encodeAddress(index: number, cidr: string): Uint8Array {
  const { address, prefix } = parseCidr(cidr);
  // IFA_F_NODAD: waiting for duplicate address detection would only cost time; the plan's addresses are distinct.
  const flags = address.family === 10 ? 0x02 : 0;
  const header = concat([fromU8(address.family), fromU8(prefix), fromU8(flags), fromU8(0), fromU32(index)]);
  const attributes = [attribute(1, address.bytes), attribute(2, address.bytes)];
  if (address.family === 2 && prefix < 31) attributes.push(attribute(4, broadcast(address, prefix)));
  const payload = concat([header, encodeAttributes(attributes)]);
  return encodeMessage({ type: RTM.NEWADDR, flags: ASK | NLM_F_CREATE | NLM_F_EXCL, seq: 1, payload });
}

/** A route; `to` is "default" or a CIDR. One that stands already is replaced. */
export function encodeRoute(route: {
  readonly to: string;
  readonly via?: string;
  readonly index?: number;
}): Uint8Array {
  const via = route.via === undefined ? undefined : parseAddress(route.via);
  const to = route.to === "default" ? undefined : parseCidr(route.to);
  const family = to?.address.family ?? via?.family ?? 2;
  const scope = via === undefined && family === 2 ? 253 : 0;
  // family, dst_len, src_len, tos, table main, protocol static, scope, type unicast, flags
  const header = [family, to?.prefix ?? 0, 0, 0, 254, 4, scope, 1].map(fromU8);
  const attributes: Attribute[] = [];
  if (to !== undefined) attributes.push(attribute(1, to.address.bytes));
  if (via !== undefined) attributes.push(attribute(5, via.bytes));
  if (route.index !== undefined) attributes.push(attribute(4, fromU32(route.index)));
  const payload = concat([...header, fromU32(0), encodeAttributes(attributes)]);
  return encodeMessage({ type: RTM.NEWROUTE, flags: ASK | NLM_F_CREATE | NLM_F_REPLACE, seq: 1, payload });
}

/** netem counts in ticks of 64 ns. Source: PSCHED_SHIFT, net/pkt_sched.h. */
const TICKS_PER_MS = 1e6 / 64;

/** Lets a share of what leaves an interface vanish (netem), and the rest come late, give or take a half. 100 percent is silence. */
export function encodeLoss(index: number, percent: number, delayMs = 0): Uint8Array {
  const latency = Math.round(delayMs * TICKS_PER_MS);
  const loss = Math.min(0xffffffff, Math.round((percent / 100) * 0xffffffff));
  // struct tc_netem_qopt: latency, limit (packets), loss, gap, duplicate, jitter.
  const options = concat([latency, 100_000, loss, 0, 0, Math.round(latency / 2)].map(fromU32));
  const payload = concat([
    qdiscHeader(index),
    encodeAttributes([attribute(1, fromText("netem")), attribute(2, options)]),
  ]);
  return encodeMessage({ type: RTM.NEWQDISC, flags: ASK | NLM_F_CREATE | NLM_F_REPLACE, seq: 1, payload });
}

/** Ends what `encodeLoss` began. ENOENT when there is nothing to end. */
export function encodeLossEnd(index: number): Uint8Array {
  return encodeMessage({ type: RTM.DELQDISC, flags: ASK, seq: 1, payload: qdiscHeader(index) });
}

function endAttributes(end: NewEnd): readonly Attribute[] {
  return [
    attribute(IFLA.IFNAME, fromText(end.dev)),
    attribute(IFLA.ADDRESS, mustMac(end.mac)),
    attribute(IFLA.NET_NS_FD, fromU32(end.namespaceFd)),
  ];
}

function newLink(attributes: readonly Attribute[]): Uint8Array {
  const payload = concat([linkHeader(0), encodeAttributes(attributes)]);
  return encodeMessage({ type: RTM.NEWLINK, flags: ASK | NLM_F_CREATE | NLM_F_EXCL, seq: 1, payload });
}

function setLink(index: number, attributes: readonly Attribute[]): Uint8Array {
  const payload = concat([linkHeader(index), encodeAttributes(attributes)]);
  return encodeMessage({ type: RTM.NEWLINK, flags: ASK, seq: 1, payload });
}

function linkInfo(kind: string, data: Uint8Array): Attribute {
  const parts = [attribute(INFO.KIND, fromText(kind)), attribute(INFO.DATA, data)];
  return attribute(IFLA.LINKINFO, encodeAttributes(parts));
}

/** struct ifinfomsg. */
function linkHeader(index: number, flags = 0, change = 0): Uint8Array {
  return concat([fromU8(0), fromU8(0), fromU16(0), fromU32(index), fromU32(flags), fromU32(change)]);
}

/** struct tcmsg, at the root. */
function qdiscHeader(index: number): Uint8Array {
  return concat([fromU32(0), fromU32(index), fromU32(0), fromU32(TC_H_ROOT), fromU32(0)]);
}

function broadcast(address: IpAddress, prefix: number): Uint8Array {
  return address.bytes.map((byte, at) => byte | (0xff >> Math.min(8, Math.max(0, prefix - at * 8))));
}

function mustMac(mac: string): Uint8Array {
  const bytes = macBytes(mac);
  if (bytes === undefined) throw new Error(`"${mac}" is no MAC address`);
  return bytes;
}
