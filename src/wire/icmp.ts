import { ipv4Bytes, ipv4Text } from "./arp.ts";
import { be16, concat, fromBe16 } from "./bytes.ts";

/** ICMP echo in IPv4, whole packets as they stand in a frame. Source: RFC 791, RFC 792. */

export interface Echo {
  readonly kind: "request" | "reply";
  readonly from: string;
  readonly to: string;
  readonly id: number;
  readonly seq: number;
  /** Comes back as sent: the probe's nonce stands here. */
  readonly data: Uint8Array;
}

const HOP_LIMIT = 64;

/** An IPv4 packet with an echo message, checksums filled in. */
export function encodeEcho(echo: Echo): Uint8Array {
  const type = echo.kind === "request" ? 8 : 0;
  const bare = concat([Uint8Array.of(type, 0), fromBe16(0), fromBe16(echo.id), fromBe16(echo.seq), echo.data]);
  bare.set(fromBe16(checksum(bare)), 2);
  const header = concat([
    Uint8Array.of(0x45, 0),
    fromBe16(20 + bare.length),
    fromBe16(0),
    fromBe16(0x4000),
    Uint8Array.of(HOP_LIMIT, 1),
    fromBe16(0),
    ipv4Bytes(echo.from),
    ipv4Bytes(echo.to),
  ]);
  header.set(fromBe16(checksum(header)), 10);
  return concat([header, bare]);
}

/** An echo request or reply with a right checksum; everything else (fragments, options gone wrong, other types) is undefined. */
export function decodeEcho(bytes: Uint8Array): Echo | undefined {
  const first = bytes[0] ?? 0;
  const headerLength = (first & 0x0f) * 4;
  const total = be16(bytes, 2);
  if (first >> 4 !== 4 || headerLength < 20 || total < headerLength + 8 || total > bytes.length) return undefined;
  if ((be16(bytes, 6) & 0x3fff) !== 0 || bytes[9] !== 1) return undefined;
  const body = bytes.subarray(headerLength, total);
  const type = body[0];
  if ((type !== 0 && type !== 8) || body[1] !== 0 || checksum(body) !== 0) return undefined;
  return {
    kind: type === 8 ? "request" : "reply",
    from: ipv4Text(bytes.subarray(12, 16)),
    to: ipv4Text(bytes.subarray(16, 20)),
    id: be16(body, 4),
    seq: be16(body, 6),
    data: body.subarray(8),
  };
}

/** The Internet checksum (RFC 1071); over data that carries its own right checksum it is 0. */
export function checksum(bytes: Uint8Array): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += be16(bytes, at);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}
