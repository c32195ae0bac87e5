import { concat, fromText, fromU8, fromU16, u16 } from "./bytes.ts";
import {
  type Attribute,
  attribute,
  decodeAttributes,
  encodeAttributes,
  encodeMessage,
  type NetlinkMessage,
  NLM_F_ACK,
  NLM_F_REQUEST,
} from "./netlink.ts";

/** Generic netlink: families that have no number of their own are asked for by name. Source: linux/genetlink.h. */

const GENL_ID_CTRL = 16;
const CTRL_CMD_GETFAMILY = 3;
const CTRL_ATTR = { FAMILY_ID: 1, FAMILY_NAME: 2 };
/** struct genlmsghdr: command, version, two bytes unused. */
const HEADER = 4;

/** One command for a family, with the kernel's acknowledgement asked for. */
export function encodeCommand(family: number, command: number, attributes: readonly Attribute[]): Uint8Array {
  const header = concat([fromU8(command), fromU8(1), fromU16(0)]);
  const payload = concat([header, encodeAttributes(attributes)]);
  return encodeMessage({ type: family, flags: NLM_F_REQUEST | NLM_F_ACK, seq: 1, payload });
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
