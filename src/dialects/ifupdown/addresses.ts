/** Whether text is a dotted quad as inet_pton takes it: four numbers 0–255 without leading zeros. */
export function isIpv4(text: string): boolean {
  const parts = text.split(".");
  return parts.length === 4 && parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
}

/** Whether text is an IPv6 address without prefix or zone. */
export function isIpv6(text: string): boolean {
  if (text.length > 45 || !/^[0-9a-fA-F:.]+$/.test(text)) return false;
  const halves = text.split("::");
  if (halves.length > 2) return false;
  const groups = halves.map((half) => (half === "" ? [] : half.split(":")));
  const all = groups.flat();
  const last = all.at(-1);
  const quad = last?.includes(".") === true;
  if (quad && (!isIpv4(last) || text.endsWith("::"))) return false;
  const plain = quad ? all.slice(0, -1) : all;
  if (!plain.every((group) => /^[0-9a-fA-F]{1,4}$/.test(group))) return false;
  const count = plain.length + (quad ? 2 : 0);
  return halves.length === 2 ? count <= 7 : count === 8;
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
  const [address = "", bits = "", ...more] = text.split("/");
  if (more.length > 0 || !/^(0|[1-9]\d{0,2})$/.test(bits)) return false;
  return family === "inet" ? isIpv4(address) && Number(bits) <= 32 : isIpv6(address) && Number(bits) <= 128;
}

/** A MAC address in the model's form (lower case, colons), or undefined. */
export function readMac(text: string): string | undefined {
  return /^([0-9a-fA-F]{2}:){5}[0-9a-fA-F]{2}$/.test(text) ? text.toLowerCase() : undefined;
}
