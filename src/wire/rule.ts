import { concat, fromU8, fromU32, text, u32 } from "./bytes.ts";
import { ipText } from "./ip.ts";
import {
  type Attribute,
  attribute,
  decodeAttributes,
  encodeAttributes,
  encodeMessage,
  type NetlinkMessage,
  NLM_F_ACK,
  NLM_F_CREATE,
  NLM_F_DUMP,
  NLM_F_EXCL,
  NLM_F_REQUEST,
} from "./netlink.ts";

/** rtnetlink messages about rules: which routing table a packet is looked up in. Source: linux/fib_rules.h. */

export const RTM_NEWRULE = 32;
export const RTM_DELRULE = 33;
export const RTM_GETRULE = 34;
const FRA = { DST: 1, SRC: 2, IIFNAME: 3, PRIORITY: 6, FWMARK: 10, TABLE: 15, FWMASK: 16, OIFNAME: 17 };
const HEADER_BYTES = 12;
/** Look the packet up in a table; other actions go to another rule or end the lookup. */
export const RULE_TO_TABLE = 1;

/** A network as a rule names it: "" with prefix 0 is every address. */
interface Selector {
  readonly ip: string;
  readonly prefix: number;
}

/** One rule as the kernel has it. */
export interface RoutingRule {
  readonly family: number;
  /** Rules are asked in the order of their priority, lowest first; the kernel's own have 0, 32766 and 32767. */
  readonly priority: number;
  readonly action: number;
  readonly table: number;
  readonly from: Selector;
  readonly to: Selector;
  /** Links a packet must come in by, or a socket be bound to; "" for any. */
  readonly inLink: string;
  readonly outLink: string;
  /** The firewall mark it asks for, under its mask; 0 for none. */
  readonly mark: number;
  readonly mask: number;
}

/** A rule to be made or taken away: source network as bytes in network order; none is every source. */
export interface NewRule {
  readonly family: number;
  readonly priority: number;
  readonly table: number;
  readonly from?: { readonly bytes: Uint8Array; readonly prefix: number };
}

/** Asks for every rule of both families. */
export function encodeRuleDump(seq: number): Uint8Array {
  return encodeMessage({ type: RTM_GETRULE, flags: NLM_F_REQUEST | NLM_F_DUMP, seq, payload: header(0, 0, 0) });
}

/** Makes a rule. EEXIST when there is one like it. */
export function encodeRuleAdd(seq: number, rule: NewRule): Uint8Array {
  const flags = NLM_F_REQUEST | NLM_F_ACK | NLM_F_CREATE | NLM_F_EXCL;
  return encodeMessage({ type: RTM_NEWRULE, flags, seq, payload: body(rule) });
}

/** Takes a rule away. ENOENT when it is gone already. */
export function encodeRuleRemove(seq: number, rule: NewRule): Uint8Array {
  return encodeMessage({ type: RTM_DELRULE, flags: NLM_F_REQUEST | NLM_F_ACK, seq, payload: body(rule) });
}

/** A rule message; undefined when it is too short to be one. */
export function decodeRule(message: NetlinkMessage): RoutingRule | undefined {
  const { payload } = message;
  if (payload.length < HEADER_BYTES) return undefined;
  const has = decodeAttributes(payload.subarray(HEADER_BYTES));
  const of = (type: number): Uint8Array => has.get(type) ?? new Uint8Array();
  return {
    family: payload[0] ?? 0,
    priority: u32(of(FRA.PRIORITY), 0),
    action: payload[7] ?? 0,
    table: has.has(FRA.TABLE) ? u32(of(FRA.TABLE), 0) : (payload[4] ?? 0),
    from: { ip: ipText(of(FRA.SRC)), prefix: payload[2] ?? 0 },
    to: { ip: ipText(of(FRA.DST)), prefix: payload[1] ?? 0 },
    inLink: text(of(FRA.IIFNAME)),
    outLink: text(of(FRA.OIFNAME)),
    mark: u32(of(FRA.FWMARK), 0),
    mask: u32(of(FRA.FWMASK), 0),
  };
}

function body({ family, priority, table, from }: NewRule): Uint8Array {
  const attributes: Attribute[] = [attribute(FRA.PRIORITY, fromU32(priority)), attribute(FRA.TABLE, fromU32(table))];
  if (from !== undefined) attributes.push(attribute(FRA.SRC, from.bytes));
  return concat([header(family, from?.prefix ?? 0, RULE_TO_TABLE), encodeAttributes(attributes)]);
}

/** struct fib_rule_hdr: family, prefix lengths of destination and source, tos, table, two reserved, action, flags. The table stands
 *  in an attribute: a byte is too small for it. */
function header(family: number, sourcePrefix: number, action: number): Uint8Array {
  return concat([...[family, 0, sourcePrefix, 0, 0, 0, 0, action].map(fromU8), fromU32(0)]);
}
