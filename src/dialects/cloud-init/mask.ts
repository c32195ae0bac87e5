import { parseAddress } from "../../model/address.ts";

/** The bits of a prefix written as a number or as a mask of either family, or undefined where it is none. */
export function maskBits(text: string): number | undefined {
  if (/^\d{1,3}$/.test(text)) return Number(text);
  const read = parseAddress(text);
  if (!read.ok) return undefined;
  const width = read.value.family === 4 ? 32 : 128;
  const bits = read.value.bits.toString(2).padStart(width, "0");
  return /^1*0*$/.test(bits) ? bits.lastIndexOf("1") + 1 : undefined;
}
