import { failed, ok, type Result } from "./result.ts";

/** An IP address as a number, with the width of its family. */
export interface Address {
  readonly family: 4 | 6;
  readonly bits: bigint;
}

/** An address with the length of its network's prefix. */
export interface Cidr extends Address {
  readonly prefix: number;
}

/** Reads a dotted or colon address; the error says what is wrong with it, without repeating it. */
export function parseAddress(text: string): Result<Address, string> {
  return text.includes(":") ? parseIpv6(text) : parseIpv4(text);
}

/** Reads ADDRESS/PREFIX, e.g. "192.168.1.105/24"; a netmask instead of a prefix is not taken. */
export function parseCidr(text: string): Result<Cidr, string> {
  const slash = text.indexOf("/");
  if (slash < 0) return failed("the prefix length is missing");
  const address = parseAddress(text.slice(0, slash));
  if (!address.ok) return address;
  const prefix = text.slice(slash + 1);
  const widest = width(address.value);
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > widest) return failed(`the prefix length must be 0 to ${widest}`);
  return ok({ ...address.value, prefix: Number(prefix) });
}

/** Whether the address lies in the network of the CIDR. Another family never does. */
export function containsAddress(network: Cidr, address: Address): boolean {
  if (network.family !== address.family) return false;
  const shift = BigInt(width(network) - network.prefix);
  return network.bits >> shift === address.bits >> shift;
}

/** Why no host may carry this address: "network" (all host bits 0) or "broadcast" (all 1); undefined where it may.
 *  /31 and /32 have neither (RFC 3021), and IPv6 has no broadcast. */
export function reservedRole(cidr: Cidr): "network" | "broadcast" | undefined {
  const hostBits = width(cidr) - cidr.prefix;
  if (hostBits < 2) return undefined;
  const mask = (1n << BigInt(hostBits)) - 1n;
  const host = cidr.bits & mask;
  if (host === 0n) return "network";
  return cidr.family === 4 && host === mask ? "broadcast" : undefined;
}

/** The address in its canonical spelling: dotted, or RFC 5952 for IPv6. */
export function formatAddress(address: Address): string {
  if (address.family === 4) {
    const bits = Number(address.bits);
    return `${Math.floor(bits / 0x1000000)}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
  }
  const groups = [96n, 64n, 32n, 0n].flatMap((shift) => {
    const pair = Number((address.bits >> shift) & 0xffffffffn);
    return [pair >>> 16, pair & 0xffff];
  });
  const gap = longestZeroRun(groups);
  const hex = (part: readonly number[]) => part.map((group) => group.toString(16)).join(":");
  return gap === undefined ? hex(groups) : `${hex(groups.slice(0, gap.from))}::${hex(groups.slice(gap.to))}`;
}

/** The network an address lies in, as CIDR text, e.g. "192.168.1.0/24". */
export function networkOf(cidr: Cidr): string {
  const shift = BigInt(width(cidr) - cidr.prefix);
  return `${formatAddress({ family: cidr.family, bits: (cidr.bits >> shift) << shift })}/${cidr.prefix}`;
}

/** Lower case with colons, or undefined where the text is no MAC address. */
export function parseMac(text: string): string | undefined {
  return /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text) ? text.toLowerCase() : undefined;
}

function width(address: Address): 32 | 128 {
  return address.family === 4 ? 32 : 128;
}

function parseIpv4(text: string): Result<Address, string> {
  const bits = ipv4Number(text);
  return typeof bits === "string" ? failed(bits) : ok({ family: 4, bits: BigInt(bits) });
}

/** The address as a number of 32 bits; a text says what is wrong. By hand: files of ten thousand hosts have hundreds of thousands. */
function ipv4Number(text: string): number | string {
  const parts = text.split(".");
  if (parts.length !== 4) return "an IPv4 address has four numbers";
  let bits = 0;
  for (const part of parts) {
    const byte = byteOf(part);
    if (byte < 0) return "each number must be 0 to 255, without leading zeros";
    bits = bits * 256 + byte;
  }
  return bits;
}

/** 0 to 255, or -1. A leading zero is octal to some programs and decimal to others, so it is nobody's. */
function byteOf(part: string): number {
  const { length } = part;
  if (length === 0 || length > 3 || (length > 1 && part.charCodeAt(0) === 48)) return -1;
  let value = 0;
  for (let at = 0; at < length; at++) {
    const digit = part.charCodeAt(at) - 48;
    if (digit < 0 || digit > 9) return -1;
    value = value * 10 + digit;
  }
  return value > 255 ? -1 : value;
}

function parseIpv6(text: string): Result<Address, string> {
  const halves = text.split("::");
  if (halves.length > 2) return failed("an IPv6 address has at most one ::");
  const head = groupsOf(halves[0] ?? "");
  const tail = halves.length === 2 ? groupsOf(halves[1] ?? "") : [];
  if (head === undefined || tail === undefined)
    return failed("an IPv6 address has groups of up to four hexadecimal digits");
  const missing = 8 - head.length - tail.length;
  if (halves.length === 2 ? missing < 1 : missing !== 0) return failed("an IPv6 address has eight groups");
  for (let count = 0; count < missing; count++) head.push(0);
  head.push(...tail);
  return ok({ family: 6, bits: bitsOf(head) });
}

/** Two groups at a time: numbers of 32 bits cost nothing, big ones do. */
function bitsOf(groups: readonly number[]): bigint {
  let bits = 0n;
  for (let at = 0; at < 8; at += 2) bits = (bits << 32n) | BigInt((groups[at] ?? 0) * 0x10000 + (groups[at + 1] ?? 0));
  return bits;
}

function groupsOf(text: string): number[] | undefined {
  if (text === "") return [];
  const groups: number[] = [];
  const parts = text.split(":");
  for (const [index, part] of parts.entries()) {
    if (part.includes(".") && index === parts.length - 1) {
      const tail = ipv4Number(part);
      if (typeof tail === "string") return undefined;
      groups.push(Math.floor(tail / 0x10000), tail % 0x10000);
    } else if (/^[0-9a-f]{1,4}$/i.test(part)) groups.push(Number.parseInt(part, 16));
    else return undefined;
  }
  return groups;
}

function longestZeroRun(groups: readonly number[]): { readonly from: number; readonly to: number } | undefined {
  let best: { from: number; to: number } | undefined;
  for (let from = 0; from < groups.length; from++) {
    let to = from;
    while (groups[to] === 0) to++;
    if (to - from > Math.max(1, best === undefined ? 0 : best.to - best.from)) best = { from, to };
  }
  return best;
}
