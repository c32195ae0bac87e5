import { concat, fromU8, fromU32, s32 } from "./bytes.ts";
import { familyOf, ipText } from "./ip.ts";
import {
  attribute,
  decodeAttributes,
  encodeAttributes,
  encodeMessage,
  type NetlinkMessage,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_REPLACE,
  NLM_F_REQUEST,
} from "./netlink.ts";

/** rtnetlink messages about a link's own IP addresses. Source: linux/if_addr.h. */

export const RTM_NEWADDR = 20;
export const RTM_DELADDR = 21;
export const RTM_GETADDR = 22;
/** No duplicate address detection: an address that is put in when traffic moves can't wait a second to be used. */
const IFA_F_NODAD = 0x02;
const IFA_F_PERMANENT = 0x80;
const IFA = { ADDRESS: 1, LOCAL: 2, BROADCAST: 4, CACHEINFO: 6 };

/** One address of a link. */
export interface LinkAddress {
  readonly index: number;
  /** "192.168.1.105" or "2001:db8::5". */
  readonly ip: string;
  readonly prefix: number;
  readonly scope: "global" | "link" | "other";
  /** It expires: a DHCP server or a router's advertisement gave it. Absent: it stays. */
  readonly isLeased?: true;
}

/** Asks for every address of every link, both families. */
export function encodeAddressDump(seq: number): Uint8Array {
  const payload = header(0, 0, 0);
  return encodeMessage({ type: RTM_GETADDR, flags: NLM_F_REQUEST | NLM_F_DUMP, seq, payload });
}

/** Gives a link an address; one that it has already is left as it is. */
export function encodeAddressAdd(
  seq: number,
  entry: { readonly index: number; readonly bytes: Uint8Array; readonly prefix: number },
): Uint8Array {
  const flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
  return encodeMessage({ type: RTM_NEWADDR, flags, seq, payload: body(entry, IFA_F_NODAD) });
}

/** Keeps an IPv6 address for what still comes in, and has nothing new begin with it (RFC 4862, 5.5.4: deprecated). */
export function encodeAddressRetire(
  seq: number,
  entry: { readonly index: number; readonly bytes: Uint8Array; readonly prefix: number },
): Uint8Array {
  const flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_REPLACE;
  // struct ifa_cacheinfo: preferred for no second more, valid for ever.
  const lifetimes = attribute(IFA.CACHEINFO, concat([0, 0xffffffff, 0, 0].map(fromU32)));
  const payload = concat([body(entry, IFA_F_NODAD), encodeAttributes([lifetimes])]);
  return encodeMessage({ type: RTM_NEWADDR, flags, seq, payload });
}

/** Takes an address from a link. EADDRNOTAVAIL when it has none such. */
export function encodeAddressRemove(
  seq: number,
  entry: { readonly index: number; readonly bytes: Uint8Array; readonly prefix: number },
): Uint8Array {
  return encodeMessage({ type: RTM_DELADDR, flags: NLM_F_REQUEST | NLM_F_ACK, seq, payload: body(entry) });
}

/** An address message; undefined when it is too short to be one. */
export function decodeAddress(message: NetlinkMessage): LinkAddress | undefined {
  const { payload } = message;
  if (payload.length < 8) return undefined;
  const has = decodeAttributes(payload.subarray(8));
  const bytes = has.get(IFA.LOCAL) ?? has.get(IFA.ADDRESS) ?? new Uint8Array();
  const scope = payload[3] === 0 ? "global" : payload[3] === 253 ? "link" : "other";
  const isLeased = ((payload[2] ?? 0) & IFA_F_PERMANENT) === 0;
  const own = { index: s32(payload, 4), ip: ipText(bytes), prefix: payload[1] ?? 0, scope } as const;
  return isLeased ? { ...own, isLeased } : own;
}

function body(
  entry: { readonly index: number; readonly bytes: Uint8Array; readonly prefix: number },
  flags = 0,
): Uint8Array {
  const { index, bytes, prefix } = entry;
  const attributes = [attribute(IFA.ADDRESS, bytes), attribute(IFA.LOCAL, bytes)];
  if (bytes.length === 4 && prefix < 31) attributes.push(attribute(IFA.BROADCAST, broadcast(bytes, prefix)));
  const top = header(familyOf(bytes), prefix, index, bytes.length === 16 ? flags : 0);
  return concat([top, encodeAttributes(attributes)]);
}

/** All host bits set. */
function broadcast(bytes: Uint8Array, prefix: number): Uint8Array {
  return bytes.map((byte, at) => byte | (0xff >> Math.min(8, Math.max(0, prefix - at * 8))));
}

/** struct ifaddrmsg. */
function header(family: number, prefix: number, index: number, flags = 0): Uint8Array {
  return concat([fromU8(family), fromU8(prefix), fromU8(flags), fromU8(0), fromU32(index)]);
}
