import { concat, fromU16, fromU32, s32, text, u16, u32 } from "./bytes.ts";

/** Netlink framing: messages and attributes, both ways. Source: linux/netlink.h. Nothing here throws; bytes that
 *  don't fit end the walk and are counted as malformed. */

export const NLMSG_NOOP = 1;
export const NLMSG_ERROR = 2;
export const NLMSG_DONE = 3;
export const NLM_F_REQUEST = 0x01;
export const NLM_F_MULTI = 0x02;
export const NLM_F_ACK = 0x04;
export const NLM_F_DUMP_INTR = 0x10;
export const NLM_F_DUMP = 0x300;
export const NLM_F_CREATE = 0x400;
export const NLM_F_REPLACE = 0x100;
export const NLM_F_EXCL = 0x200;
const NLM_F_CAPPED = 0x100;
const NLM_F_ACK_TLVS = 0x200;
const HEADER = 16;
/** Attribute type without the nested and byte-order bits. */
const TYPE_MASK = 0x3fff;

export interface NetlinkMessage {
  readonly type: number;
  readonly flags: number;
  readonly seq: number;
  readonly pid: number;
  readonly payload: Uint8Array;
}

export interface Attribute {
  readonly type: number;
  readonly value: Uint8Array;
}

/** One message with its header. `pid` 0 is the kernel. */
export function encodeMessage(message: Omit<NetlinkMessage, "pid">): Uint8Array {
  const { type, flags, seq, payload } = message;
  const length = HEADER + payload.length;
  const header = concat([fromU32(length), fromU16(type), fromU16(flags), fromU32(seq), fromU32(0)]);
  return concat([header, payload, new Uint8Array(align(length) - length)]);
}

/** All whole messages of one datagram. `malformed` tells that the rest made no sense. */
export function decodeMessages(bytes: Uint8Array): {
  readonly messages: readonly NetlinkMessage[];
  readonly malformed: boolean;
} {
  const messages: NetlinkMessage[] = [];
  let at = 0;
  while (at + HEADER <= bytes.length) {
    const length = u32(bytes, at);
    if (length < HEADER || at + length > bytes.length) return { messages, malformed: true };
    messages.push({
      type: u16(bytes, at + 4),
      flags: u16(bytes, at + 6),
      seq: u32(bytes, at + 8),
      pid: u32(bytes, at + 12),
      payload: bytes.subarray(at + HEADER, at + length),
    });
    at += align(length);
  }
  return { messages, malformed: at < bytes.length };
}

export function attribute(type: number, value: Uint8Array): Attribute {
  return { type, value };
}

/** Attributes one after the other, each padded to four bytes. */
export function encodeAttributes(attributes: readonly Attribute[]): Uint8Array {
  return concat(
    attributes.flatMap(({ type, value }) => {
      const length = 4 + value.length;
      return [fromU16(length), fromU16(type), value, new Uint8Array(align(length) - length)];
    }),
  );
}

/** Attributes by type; of repeated ones the last. Stops quietly where a length makes no sense. */
export function decodeAttributes(bytes: Uint8Array): ReadonlyMap<number, Uint8Array> {
  const found = new Map<number, Uint8Array>();
  for (const { type, value } of listAttributes(bytes)) found.set(type, value);
  return found;
}

/** Attributes in order, repeated ones too (lists such as ARP targets are nested attributes 0, 1, 2 …). */
export function listAttributes(bytes: Uint8Array): readonly Attribute[] {
  const list: Attribute[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const length = u16(bytes, at);
    if (length < 4 || at + length > bytes.length) return list;
    list.push({ type: u16(bytes, at + 2) & TYPE_MASK, value: bytes.subarray(at + 4, at + length) });
    at += align(length);
  }
  return list;
}

/** What an NLMSG_ERROR (or NLMSG_DONE) says. errno 0 is an acknowledgement. */
export interface NetlinkError {
  readonly errno: number;
  /** The kernel's own words (extended acknowledgement), when it gave any. */
  readonly message?: string;
}

/** Decodes the payload of NLMSG_ERROR. Source: struct nlmsgerr, NLMSGERR_ATTR_MSG. */
export function decodeError(message: NetlinkMessage): NetlinkError {
  const errno = Math.abs(s32(message.payload, 0));
  if ((message.flags & NLM_F_ACK_TLVS) === 0) return { errno };
  const inner = u32(message.payload, 4);
  const start = 4 + ((message.flags & NLM_F_CAPPED) !== 0 ? HEADER : align(inner));
  const words = decodeAttributes(message.payload.subarray(start)).get(1);
  return words === undefined ? { errno } : { errno, message: text(words) };
}

function align(length: number): number {
  return (length + 3) & ~3;
}
