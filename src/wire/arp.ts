import { be16, concat, fromBe16, macBytes, macText } from "./bytes.ts";

/** ARP for IPv4 over Ethernet. Source: RFC 826; probes with sender 0.0.0.0 by RFC 5227. */

export interface Arp {
  readonly operation: "request" | "reply";
  readonly senderMac: string;
  /** Dotted quad. 0.0.0.0 asks without teaching anybody our address. */
  readonly senderIp: string;
  readonly targetMac: string;
  readonly targetIp: string;
}

const ZERO_MAC = "00:00:00:00:00:00";

export function encodeArp(arp: Arp): Uint8Array {
  const mac = (text: string): Uint8Array => macBytes(text) ?? new Uint8Array(6);
  return concat([
    fromBe16(1),
    fromBe16(0x0800),
    Uint8Array.of(6, 4),
    fromBe16(arp.operation === "request" ? 1 : 2),
    mac(arp.senderMac),
    ipv4Bytes(arp.senderIp),
    mac(arp.targetMac),
    ipv4Bytes(arp.targetIp),
  ]);
}

/** Anything that is not a well-formed IPv4-over-Ethernet request or reply is undefined. Trailing padding is allowed. */
export function decodeArp(bytes: Uint8Array): Arp | undefined {
  if (bytes.length < 28 || be16(bytes, 0) !== 1 || be16(bytes, 2) !== 0x0800) return undefined;
  if (bytes[4] !== 6 || bytes[5] !== 4) return undefined;
  const operation = be16(bytes, 6);
  if (operation !== 1 && operation !== 2) return undefined;
  return {
    operation: operation === 1 ? "request" : "reply",
    senderMac: macText(bytes.subarray(8, 14)),
    senderIp: ipv4Text(bytes.subarray(14, 18)),
    targetMac: macText(bytes.subarray(18, 24)),
    targetIp: ipv4Text(bytes.subarray(24, 28)),
  };
}

/** "Who has this address?", asked so that no neighbour table changes: sender 0.0.0.0. */
export function arpProbe(fromMac: string, targetIp: string): Arp {
  return { operation: "request", senderMac: fromMac, senderIp: "0.0.0.0", targetMac: ZERO_MAC, targetIp };
}

/** "This address is at this MAC", to everybody. */
export function arpAnnouncement(mac: string, ip: string): Arp {
  return { operation: "request", senderMac: mac, senderIp: ip, targetMac: ZERO_MAC, targetIp: ip };
}

/** Four bytes of a dotted quad; zeros when it is none. */
export function ipv4Bytes(text: string): Uint8Array {
  const parts = text.split(".").map(Number);
  const good = parts.length === 4 && parts.every((part) => Number.isInteger(part) && part >= 0 && part <= 255);
  return good ? Uint8Array.from(parts) : new Uint8Array(4);
}

export function ipv4Text(bytes: Uint8Array): string {
  return Array.from(bytes.subarray(0, 4)).join(".");
}
