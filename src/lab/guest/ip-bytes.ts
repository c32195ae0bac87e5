import { isIPv4, isIPv6 } from "node:net";

export interface IpAddress {
  /** AF_INET (2) or AF_INET6 (10). */
  readonly family: 2 | 10;
  /** Network order, 4 or 16 bytes. */
  readonly bytes: Uint8Array;
}

/** An address as bytes. Throws on anything else: plans are made by us. */
export function parseAddress(text: string): IpAddress {
  if (isIPv4(text)) return { family: 2, bytes: Uint8Array.from(text.split("."), Number) };
  if (isIPv6(text)) return { family: 10, bytes: ipv6Bytes(text) };
  throw new Error(`"${text}" is no IP address`);
}

/** An address with its prefix length; without one the whole address. */
export function parseCidr(text: string): { readonly address: IpAddress; readonly prefix: number } {
  const [ip = "", length] = text.split("/");
  const address = parseAddress(ip);
  const prefix = length === undefined ? address.bytes.length * 8 : Number(length);
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > address.bytes.length * 8)
    throw new Error(`"${text}" is no CIDR`);
  return { address, prefix };
}

/** struct sockaddr_in or sockaddr_in6. */
export function socketAddress(address: IpAddress, port: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(address.family === 2 ? 16 : 28).fill(0);
  bytes.writeUInt16LE(address.family, 0);
  bytes.writeUInt16BE(port, 2);
  bytes.set(address.bytes, address.family === 2 ? 4 : 8);
  return bytes;
}

/** Any address of a family, at a port. */
export function anyAddress(family: 2 | 10, port: number): Buffer {
  return socketAddress({ family, bytes: new Uint8Array(family === 2 ? 4 : 16) }, port);
}

function ipv6Bytes(text: string): Uint8Array {
  const dotted = /^(.*:)(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text);
  const plain = dotted === null ? text : `${dotted[1]}${pair(dotted[2], dotted[3])}:${pair(dotted[4], dotted[5])}`;
  const [head = "", tail] = plain.split("::");
  const left = head === "" ? [] : head.split(":");
  const right = tail === undefined || tail === "" ? [] : tail.split(":");
  const groups = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => "0"), ...right];
  return Uint8Array.from(
    groups.flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 0xff]),
  );
}

function pair(high = "0", low = "0"): string {
  return ((Number(high) << 8) | Number(low)).toString(16);
}
