import { concat, fromU8, fromU16, fromU32, macBytes, macText, s32, u16 } from "./bytes.ts";
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

/** rtnetlink neighbour messages (the ARP and ND tables). Source: linux/neighbour.h. */

export const RTM_NEWNEIGH = 28;
export const RTM_DELNEIGH = 29;
export const RTM_GETNEIGH = 30;
/** Changes of neighbour entries. */
export const RTMGRP_NEIGH = 0x4;
export const AF_INET = 2;
export const AF_INET6 = 10;
const NDA_DST = 1;
const NDA_LLADDR = 2;
export const NUD = {
  incomplete: 1,
  reachable: 2,
  stale: 4,
  delay: 8,
  probe: 16,
  failed: 32,
  noarp: 64,
  permanent: 128,
};

export interface Neighbour {
  readonly family: number;
  readonly index: number;
  readonly state: number;
  /** Address bytes in network order: 4 or 16. */
  readonly address: Uint8Array;
  /** "" while it isn't resolved. */
  readonly mac: string;
}

export function encodeNeighbourDump(seq: number, family: number): Uint8Array {
  return encodeMessage({
    type: RTM_GETNEIGH,
    flags: NLM_F_REQUEST | NLM_F_DUMP,
    seq,
    payload: header({ family, index: 0, state: 0 }),
  });
}

/** Removes an entry, so that the next packet resolves it anew. ENOENT when it is gone already. */
export function encodeNeighbourDelete(
  seq: number,
  entry: { readonly family: number; readonly index: number; readonly address: Uint8Array },
): Uint8Array {
  const payload = concat([header({ ...entry, state: 0 }), encodeAttributes([attribute(NDA_DST, entry.address)])]);
  return encodeMessage({ type: RTM_DELNEIGH, flags: NLM_F_REQUEST | NLM_F_ACK, seq, payload });
}

/** Writes an entry with the MAC just seen: `stale`, so that the kernel uses it at once and confirms it by itself. */
export function encodeNeighbourReplace(
  seq: number,
  entry: { readonly family: number; readonly index: number; readonly address: Uint8Array; readonly mac: string },
): Uint8Array {
  const payload = concat([
    header({ ...entry, state: NUD.stale }),
    encodeAttributes([
      attribute(NDA_DST, entry.address),
      attribute(NDA_LLADDR, macBytes(entry.mac) ?? new Uint8Array(6)),
    ]),
  ]);
  const flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_REPLACE;
  return encodeMessage({ type: RTM_NEWNEIGH, flags, seq, payload });
}

/** A neighbour message; undefined when it is too short to be one. */
export function decodeNeighbour(message: NetlinkMessage): Neighbour | undefined {
  const { payload } = message;
  if (payload.length < 12) return undefined;
  const has = decodeAttributes(payload.subarray(12));
  return {
    family: payload[0] ?? 0,
    index: s32(payload, 4),
    state: u16(payload, 8),
    address: has.get(NDA_DST) ?? new Uint8Array(),
    mac: macText(has.get(NDA_LLADDR) ?? new Uint8Array()),
  };
}

/** struct ndmsg. */
function header(of: { readonly family: number; readonly index: number; readonly state: number }): Uint8Array {
  return concat([fromU8(of.family), fromU8(0), fromU16(0), fromU32(of.index), fromU16(of.state), fromU8(0), fromU8(0)]);
}
