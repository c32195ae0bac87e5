import { be16, concat, fromBe16, fromU8 } from "./bytes.ts";
import { checksum } from "./icmp.ts";
import { ipBytes, ipText } from "./ip.ts";

/** ICMPv6 messages in IPv6 packets without extension headers. Source: RFC 4443, RFC 8200. */

const ICMP6 = 58;

/** One message with what matters of its packet. `body` is what follows type, code and checksum. */
export interface Icmp6 {
  readonly from: string;
  readonly to: string;
  readonly hopLimit: number;
  readonly type: number;
  readonly body: Uint8Array;
}

/** A whole IPv6 packet, checksum filled in; the code is 0. */
export function encodeIcmp6(message: Icmp6): Uint8Array {
  const from = ipBytes(message.from) ?? new Uint8Array(16);
  const to = ipBytes(message.to) ?? new Uint8Array(16);
  const bare = concat([fromU8(message.type), fromU8(0), fromBe16(0), message.body]);
  bare.set(fromBe16(checksum(withPseudoHeader(from, to, bare))), 2);
  const header = concat([Uint8Array.of(0x60, 0, 0, 0), fromBe16(bare.length), fromU8(ICMP6), fromU8(message.hopLimit)]);
  return concat([header, from, to, bare]);
}

/** A message with a right checksum and code 0; everything else (extension headers, other protocols) is undefined. */
export function decodeIcmp6(packet: Uint8Array): Icmp6 | undefined {
  const length = be16(packet, 4);
  if ((packet[0] ?? 0) >> 4 !== 6 || packet[6] !== ICMP6 || length < 4 || packet.length < 40 + length) return undefined;
  const from = packet.subarray(8, 24);
  const to = packet.subarray(24, 40);
  const bare = packet.subarray(40, 40 + length);
  if (bare[1] !== 0 || checksum(withPseudoHeader(from, to, bare)) !== 0) return undefined;
  return {
    from: ipText(from),
    to: ipText(to),
    hopLimit: packet[7] ?? 0,
    type: bare[0] ?? 0,
    body: bare.subarray(4),
  };
}

function withPseudoHeader(from: Uint8Array, to: Uint8Array, message: Uint8Array): Uint8Array {
  return concat([from, to, fromBe16(0), fromBe16(message.length), Uint8Array.of(0, 0, 0, ICMP6), message]);
}
