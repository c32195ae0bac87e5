import { addressFamily, canonicalAddress, canonicalCidr, cidrFamily, parseAddress } from "../model/address.ts";

/** The prefix length a dotted netmask stands for, or undefined where the text is none. */
export function prefixOfNetmask(text: string): number | undefined {
  const parsed = parseAddress(text);
  if (!parsed.ok || parsed.value.family !== 4) return undefined;
  const bits = Number(parsed.value.bits);
  const prefix = bits === 0 ? 0 : 32 - trailingZeros(bits);
  return bits === 0 || isMask(bits, prefix) ? prefix : undefined;
}

function trailingZeros(bits: number): number {
  let count = 0;
  for (let rest = bits; rest % 2 === 0; rest /= 2) count++;
  return count;
}

function isMask(bits: number, prefix: number): boolean {
  return bits === 2 ** 32 - 2 ** (32 - prefix);
}

/** The prefix length that the class of an IPv4 address stands for, as older programs guess it. */
export function prefixOfClass(address: string): number {
  const first = Number(address.split(".")[0]);
  return first < 128 ? 8 : first < 192 ? 16 : 24;
}

/** Whether text is an address of the family. */
export function isAddress(text: string, family: "ipv4" | "ipv6"): boolean {
  return addressFamily(text) === familyNumber(family);
}

/** Whether text is an address with its prefix length, of the family. */
export function isCidr(text: string, family: "ipv4" | "ipv6"): boolean {
  return cidrFamily(text) === familyNumber(family) && !/\/0\d/.test(text);
}

/** Whether text is an address of the family in the one spelling that programs answer with, and not the one of all zeros. */
export function isCanonicalAddress(text: string, family: "ipv4" | "ipv6"): boolean {
  return isAddress(text, family) && canonicalAddress(text) === text && text !== "0.0.0.0" && text !== "::";
}

/** Whether text is an address with its prefix length, of the family, in that one spelling. */
export function isCanonicalCidr(text: string, family: "ipv4" | "ipv6"): boolean {
  return cidrFamily(text) === familyNumber(family) && canonicalCidr(text) === text;
}

/** The family of an address, with or without a prefix length; undefined where the text is neither. */
export function familyOf(text: string): "ipv4" | "ipv6" | undefined {
  const family = text.includes("/") ? cidrFamily(text) : addressFamily(text);
  return family === undefined ? undefined : family === 4 ? "ipv4" : "ipv6";
}

function familyNumber(family: "ipv4" | "ipv6"): 4 | 6 {
  return family === "ipv4" ? 4 : 6;
}
