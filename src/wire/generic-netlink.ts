import { concat, fromText, fromU8, fromU16, text, u16, u32 } from "./bytes.ts";
import {
  type Attribute,
  attribute,
  decodeAttributes,
  encodeAttributes,
  encodeMessage,
  listAttributes,
  type NetlinkMessage,
  NLM_F_ACK,
  NLM_F_REQUEST,
} from "./netlink.ts";

/** Generic netlink: families that have no number of their own are asked for by name. Source: linux/genetlink.h. */

const GENL_ID_CTRL = 16;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_ATTR = { FAMILY_ID: 1, FAMILY_NAME: 2, MCAST_GROUPS: 7 };
const GROUP = { NAME: 1, ID: 2 };
/** struct genlmsghdr: command, version, two bytes unused. */
const HEADER = 4;

/** One command for a family, with the kernel's acknowledgement asked for. */
export function encodeCommand(family: number, command: number, attributes: readonly Attribute[]): Uint8Array {
  return encodeGeneric({ family, command, seq: 1, flags: NLM_F_REQUEST | NLM_F_ACK }, attributes);
}

/** A command with a sequence number and flags of its own. */
export function encodeGeneric(
  head: { readonly family: number; readonly command: number; readonly seq: number; readonly flags: number },
  attributes: readonly Attribute[],
): Uint8Array {
  const header = concat([fromU8(head.command), fromU8(1), fromU16(0)]);
  const payload = concat([header, encodeAttributes(attributes)]);
  return encodeMessage({ type: head.family, flags: head.flags, seq: head.seq, payload });
}

/** What a family says: its command, and the attributes; undefined where the message is another family's, or cut short. */
export function decodeGeneric(
  message: NetlinkMessage,
  family: number,
): { readonly command: number; readonly attributes: ReadonlyMap<number, Uint8Array> } | undefined {
  const command = message.payload[0];
  if (message.type !== family || command === undefined || message.payload.length < HEADER) return undefined;
  return { command, attributes: decodeAttributes(message.payload.subarray(HEADER)) };
}

/** Asks for the number of a family, by its name ("nl80211"). */
export function encodeFamilyRequest(name: string): Uint8Array {
  return encodeCommand(GENL_ID_CTRL, CTRL_CMD_GETFAMILY, [attribute(CTRL_ATTR.FAMILY_NAME, fromText(name))]);
}

/** The family's number from the answer; undefined where the message is something else. */
export function decodeFamily(message: NetlinkMessage): number | undefined {
  if (message.type !== GENL_ID_CTRL) return undefined;
  const id = decodeAttributes(message.payload.subarray(HEADER)).get(CTRL_ATTR.FAMILY_ID);
  return id === undefined || id.length < 2 ? undefined : u16(id, 0);
}

/** The family's multicast groups by name, from the same answer as its number; empty where the message is something else. */
export function decodeGroups(message: NetlinkMessage): ReadonlyMap<string, number> {
  const groups = new Map<string, number>();
  const list = decodeGeneric(message, GENL_ID_CTRL)?.attributes.get(CTRL_ATTR.MCAST_GROUPS);
  for (const { value } of list === undefined ? [] : listAttributes(list)) {
    const group = decodeAttributes(value);
    const [name, id] = [group.get(GROUP.NAME), group.get(GROUP.ID)];
    if (name !== undefined && id !== undefined && id.length >= 4) groups.set(text(name), u32(id, 0));
  }
  return groups;
}
