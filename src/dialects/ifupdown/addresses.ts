import { addressFamily, cidrFamily } from "../../model/address.ts";

/** Whether text is a dotted quad as inet_pton takes it: four numbers 0–255 without leading zeros. */
export function isIpv4(text: string): boolean {
  return addressFamily(text) === 4;
}

/** Whether text is an IPv6 address without prefix or zone. */
export function isIpv6(text: string): boolean {
  return addressFamily(text) === 6;
}

/** Bits of an IPv4 netmask: "24", or a dotted quad of ones and then zeros. undefined for anything else. */
export function maskBits(text: string): number | undefined {
  if (/^\d{1,2}$/.test(text)) return Number(text) <= 32 ? Number(text) : undefined;
  if (!isIpv4(text)) return undefined;
  const bits = text
    .split(".")
    .map((part) => Number(part).toString(2).padStart(8, "0"))
    .join("");
  return /^1*0*$/.test(bits) ? bits.lastIndexOf("1") + 1 : undefined;
}

/** Prefix length ifupdown guesses for an IPv4 address given without one: the class of its first byte. */
export function classBits(address: string): number {
  const first = Number(address.split(".")[0]);
  if (first <= 127) return 8;
  if (first <= 191) return 16;
  return first <= 223 ? 24 : 32;
}

/** Whether text is ADDRESS/BITS of the family. */
export function isCidr(text: string, family: "inet" | "inet6"): boolean {
  return cidrFamily(text) === (family === "inet" ? 4 : 6) && !/\/0\d/.test(text);
}

/** A MAC address in the model's form (lower case, colons), or undefined. */
export function readMac(text: string): string | undefined {
  return /^([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$/.test(text) ? text.toLowerCase() : undefined;
}
