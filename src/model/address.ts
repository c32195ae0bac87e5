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

/** The family of an address without a prefix; undefined where the text is none. Cheaper than
 *  to parse it. */
export function addressFamily(text: string): 4 | 6 | undefined {
  if (text.includes(":")) return typeof ipv6Groups(text) === "string" ? undefined : 6;
  return ipv4Number(text) < 0 ? undefined : 4;
}

/** The family of ADDRESS/PREFIX as `parseCidr` takes it; undefined where the text is none. */
export function cidrFamily(text: string): 4 | 6 | undefined {
  const slash = text.indexOf("/");
  const family = slash < 0 ? undefined : addressFamily(text.slice(0, slash));
  if (family === undefined) return undefined;
  const prefix = text.slice(slash + 1);
  return /^\d{1,3}$/.test(prefix) && Number(prefix) <= (family === 4 ? 32 : 128) ? family : undefined;
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
  if (address.family === 4) return dotted(Number(address.bits));
  const groups = [96n, 64n, 32n, 0n].flatMap((shift) => {
    const pair = Number((address.bits >> shift) & 0xffffffffn);
    return [pair >>> 16, pair & 0xffff];
  });
  return colons(groups);
}

/** The canonical spelling of an address, as `formatAddress` writes it; undefined where the text is none. Without big integers: they
 *  cost as much as all the rest of an address. */
export function canonicalAddress(text: string): string | undefined {
  // Nothing can be left out of four numbers without leading zeros.
  if (!text.includes(":")) return ipv4Number(text) < 0 ? undefined : text;
  const groups = ipv6Groups(text);
  return typeof groups === "string" ? undefined : colons(groups);
}

/** The canonical spelling of ADDRESS/PREFIX as `parseCidr` takes it; undefined where the text is none. */
export function canonicalCidr(text: string): string | undefined {
  if (cidrFamily(text) === undefined) return undefined;
  const slash = text.indexOf("/");
  return `${canonicalAddress(text.slice(0, slash))}/${Number(text.slice(slash + 1))}`;
}

/** Whether bits are set beyond the prefix: then it is an address in a network, and no network. */
export function hasHostBits(cidr: Cidr): boolean {
  const shift = BigInt(width(cidr) - cidr.prefix);
  return (cidr.bits >> shift) << shift !== cidr.bits;
}

/** The network that ADDRESS/PREFIX with bits beyond its prefix lies in; undefined where there are none, and of what is no CIDR. In
 *  groups of 16 bits: big integers cost as much as all the rest of a route. */
export function networkAround(text: string): string | undefined {
  const slash = text.indexOf("/");
  const family = cidrFamily(text);
  if (family === undefined) return undefined;
  const prefix = Number(text.slice(slash + 1));
  if (family === 4) {
    const bits = ipv4Number(text.slice(0, slash));
    const size = 2 ** (32 - prefix);
    if (bits % size === 0) return undefined;
    return `${dotted(bits - (bits % size))}/${prefix}`;
  }
  const groups = ipv6Groups(text.slice(0, slash));
  if (typeof groups === "string") return undefined;
  const network = groups.map((group, at) => {
    const size = 2 ** Math.min(16, Math.max(0, 16 * (at + 1) - prefix));
    return group - (group % size);
  });
  return network.every((group, at) => group === groups[at]) ? undefined : `${colons(network)}/${prefix}`;
}

function dotted(bits: number): string {
  return `${Math.floor(bits / 0x1000000)}.${(bits >>> 16) & 255}.${(bits >>> 8) & 255}.${bits & 255}`;
}

function colons(groups: readonly number[]): string {
  const gap = longestZeroRun(groups);
  return gap === undefined ? hex(groups, 0, 8) : `${hex(groups, 0, gap.from)}::${hex(groups, gap.to, 8)}`;
}

const digits = "0123456789abcdef";

function hex(groups: readonly number[], from: number, to: number): string {
  let text = "";
  for (let at = from; at < to; at++) {
    const group = groups[at] ?? 0;
    if (at > from) text += ":";
    if (group >= 0x1000) text += digits.charAt(group >> 12);
    if (group >= 0x100) text += digits.charAt((group >> 8) & 15);
    if (group >= 0x10) text += digits.charAt((group >> 4) & 15);
    text += digits.charAt(group & 15);
  }
  return text;
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
  if (bits >= 0) return ok({ family: 4, bits: BigInt(bits) });
  return failed(
    text.split(".").length === 4
      ? "each number must be 0 to 255, without leading zeros"
      : "an IPv4 address has four numbers",
  );
}

/** The address as a number of 32 bits, or -1. A leading zero is octal to some programs and decimal to others, so it is nobody's.
 *  By hand: files of ten thousand hosts have hundreds of thousands. */
function ipv4Number(text: string): number {
  let bits = 0;
  let dots = 0;
  let byte = -1;
  for (let at = 0; at < text.length; at++) {
    const digit = text.charCodeAt(at) - 48;
    if (digit === dot && byte >= 0 && dots < 3) {
      bits = bits * 256 + byte;
      dots++;
      byte = -1;
    } else if (digit < 0 || digit > 9 || byte === 0) return -1;
    else byte = byte < 0 ? digit : byte * 10 + digit;
    if (byte > 255) return -1;
  }
  return byte >= 0 && dots === 3 ? bits * 256 + byte : -1;
}

/** A dot, counted from the digit 0. */
const dot = -2;

function parseIpv6(text: string): Result<Address, string> {
  const groups = ipv6Groups(text);
  return typeof groups === "string" ? failed(groups) : ok({ family: 6, bits: bitsOf(groups) });
}

/** The eight groups of an address; a text says what is wrong with it. By hand for the same reason. */
function ipv6Groups(text: string): readonly number[] | string {
  const groups: number[] = [];
  let gap = text.startsWith("::") ? 0 : -1;
  for (let at = gap === 0 ? 2 : 0; at < text.length; at++) {
    const start = at;
    let group = 0;
    for (let digit = hexDigit(text, at); digit >= 0; digit = hexDigit(text, ++at)) group = group * 16 + digit;
    if (text[at] === ".") {
      const quad = ipv4Number(text.slice(start));
      if (quad < 0) return badGroups;
      groups.push(Math.floor(quad / 0x10000), quad % 0x10000);
      break;
    }
    if (at === start || at - start > 4) return badGroups;
    groups.push(group);
    if (at === text.length) break;
    if (text[at] !== ":" || at + 1 === text.length) return badGroups;
    if (text[at + 1] !== ":") continue;
    if (gap >= 0) return "an IPv6 address has at most one ::";
    gap = groups.length;
    at++;
  }
  const missing = 8 - groups.length;
  if (gap < 0 ? missing !== 0 : missing < 1) return "an IPv6 address has eight groups";
  return gap < 0 ? groups : groups.toSpliced(gap, 0, ...zeros.slice(0, missing));
}

const badGroups = "an IPv6 address has groups of up to four hexadecimal digits";
const zeros: readonly number[] = [0, 0, 0, 0, 0, 0, 0, 0];

/** The value of a digit, or -1: also where the text has ended. */
function hexDigit(text: string, at: number): number {
  const code = text.charCodeAt(at);
  if (code >= 48 && code <= 57) return code - 48;
  // Upper case is lower case less one bit.
  const letter = (code | 32) - 97;
  return letter >= 0 && letter < 6 ? letter + 10 : -1;
}

/** Two groups at a time: numbers of 32 bits cost nothing, big ones do. */
function bitsOf(groups: readonly number[]): bigint {
  let bits = 0n;
  for (let at = 0; at < 8; at += 2) bits = (bits << 32n) | BigInt((groups[at] ?? 0) * 0x10000 + (groups[at + 1] ?? 0));
  return bits;
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
