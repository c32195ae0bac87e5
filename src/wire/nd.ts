import { concat, fromBe16, fromU8, macBytes, macText } from "./bytes.ts";
import { decodeIcmp6, encodeIcmp6 } from "./icmp6.ts";
import { ipBytes, ipText } from "./ip.ts";

/** Neighbour discovery for IPv6 over Ethernet, whole packets as they stand in a frame. Source: RFC 4861. */

const ROUTER_SOLICIT = 133;
const SOLICIT = 135;
const ADVERTISE = 136;
/** Anything that came through a router has less: such a message is not from this link (RFC 4861, 7.1). */
const HOP_LIMIT = 255;
const SOURCE_MAC = 1;
const TARGET_MAC = 2;
const ROUTER = 0x80;
const SOLICITED = 0x40;
const OVERRIDE = 0x20;

/** A neighbour advertisement: "this address is at this MAC". */
export interface Advertisement {
  readonly from: string;
  readonly to: string;
  readonly target: string;
  readonly mac: string;
  readonly isSolicited: boolean;
  readonly isRouter: boolean;
}

/** "Who has this address?" A `from` of "::" teaches nobody our address, and the answer then goes to all nodes (RFC 4861, 7.2.4). */
export function encodeSolicitation(ask: {
  readonly from: string;
  readonly target: string;
  readonly mac: string;
}): Uint8Array {
  const option = ask.from === "::" ? new Uint8Array() : macOption(SOURCE_MAC, ask.mac);
  const body = concat([new Uint8Array(4), ipBytes(ask.target) ?? new Uint8Array(16), option]);
  return encodeIcmp6({ from: ask.from, to: solicitedNode(ask.target), hopLimit: HOP_LIMIT, type: SOLICIT, body });
}

/** An unsolicited announcement to all nodes; it overrides what they remember. */
export function encodeAnnouncement(mac: string, ip: string): Uint8Array {
  const body = concat([
    Uint8Array.of(OVERRIDE, 0, 0, 0),
    ipBytes(ip) ?? new Uint8Array(16),
    macOption(TARGET_MAC, mac),
  ]);
  return encodeIcmp6({ from: ip, to: "ff02::1", hopLimit: HOP_LIMIT, type: ADVERTISE, body });
}

/** "You asked for this address: it is here", to the one who asked. */
export function encodeAnswer(answer: { readonly mac: string; readonly ip: string; readonly to: string }): Uint8Array {
  const { mac, ip, to } = answer;
  const flags = Uint8Array.of(SOLICITED | OVERRIDE, 0, 0, 0);
  const body = concat([flags, ipBytes(ip) ?? new Uint8Array(16), macOption(TARGET_MAC, mac)]);
  return encodeIcmp6({ from: ip, to, hopLimit: HOP_LIMIT, type: ADVERTISE, body });
}

/** A well-formed question for an address that can only have come from this link, and isn't about whether it is free; anything
 *  else is undefined. */
export function decodeSolicitation(packet: Uint8Array): { readonly from: string; readonly target: string } | undefined {
  const message = decodeIcmp6(packet);
  if (message === undefined || message.type !== SOLICIT || message.hopLimit !== HOP_LIMIT) return undefined;
  if (message.body.length < 20 || message.from === "::") return undefined;
  return { from: message.from, target: ipText(message.body.subarray(4, 20)) };
}

/** "Which routers are there?", to all routers. */
export function encodeRouterSolicitation(from: string, mac: string): Uint8Array {
  const body = concat([new Uint8Array(4), macOption(SOURCE_MAC, mac)]);
  return encodeIcmp6({ from, to: "ff02::2", hopLimit: HOP_LIMIT, type: ROUTER_SOLICIT, body });
}

/** A well-formed advertisement that can only have come from this link; anything else is undefined. */
export function decodeAdvertisement(packet: Uint8Array): Advertisement | undefined {
  const message = decodeIcmp6(packet);
  if (message === undefined || message.type !== ADVERTISE || message.hopLimit !== HOP_LIMIT) return undefined;
  const { body } = message;
  if (body.length < 20) return undefined;
  const flags = body[0] ?? 0;
  return {
    from: message.from,
    to: message.to,
    target: ipText(body.subarray(4, 20)),
    mac: targetMac(body.subarray(20)) ?? "",
    isSolicited: (flags & SOLICITED) !== 0,
    isRouter: (flags & ROUTER) !== 0,
  };
}

/** The multicast group in which an address is asked for: ff02::1:ff plus its last three bytes. */
export function solicitedNode(target: string): string {
  const bytes = ipBytes(target) ?? new Uint8Array(16);
  return ipText(concat([ipBytes("ff02::1:ff00:0")?.subarray(0, 13) ?? new Uint8Array(13), bytes.subarray(13)]));
}

/** The Ethernet address of an IPv6 multicast group. Source: RFC 2464, 7. */
export function multicastMac(group: string): string {
  return macText(concat([Uint8Array.of(0x33, 0x33), (ipBytes(group) ?? new Uint8Array(16)).subarray(12)]));
}

function macOption(type: number, mac: string): Uint8Array {
  return concat([fromU8(type), fromU8(1), macBytes(mac) ?? new Uint8Array(6)]);
}

function targetMac(options: Uint8Array): string | undefined {
  for (let at = 0; at + 8 <= options.length; ) {
    const length = (options[at + 1] ?? 0) * 8;
    if (length === 0) return undefined;
    if (options[at] === TARGET_MAC) return macText(options.subarray(at + 2, at + 8));
    at += length;
  }
  return undefined;
}

/** ICMPv6 echo, for targets beyond the router. Same fields as IPv4's. Source: RFC 4443, 4. */
export function encodeEcho6(echo: {
  readonly from: string;
  readonly to: string;
  readonly id: number;
  readonly seq: number;
  readonly data: Uint8Array;
}): Uint8Array {
  const body = concat([fromBe16(echo.id), fromBe16(echo.seq), echo.data]);
  return encodeIcmp6({ from: echo.from, to: echo.to, hopLimit: 64, type: 128, body });
}

/** An echo reply with a right checksum; anything else is undefined. */
export function decodeEchoReply6(
  packet: Uint8Array,
):
  | { readonly from: string; readonly to: string; readonly id: number; readonly seq: number; readonly data: Uint8Array }
  | undefined {
  const message = decodeIcmp6(packet);
  if (message === undefined || message.type !== 129 || message.body.length < 4) return undefined;
  const { from, to, body } = message;
  const word = (at: number): number => ((body[at] ?? 0) << 8) | (body[at + 1] ?? 0);
  return { from, to, id: word(0), seq: word(2), data: body.subarray(4) };
}
