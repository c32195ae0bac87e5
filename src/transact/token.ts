import { createHash, timingSafeEqual } from "node:crypto";

/** What confirms a change. */
export interface Token {
  /** 128 bits, base32, in groups: "abcd-efgh-…". Shown once, stored nowhere. */
  readonly text: string;
  /** Hex, of the text without its dashes. */
  readonly sha256: string;
}

const letters = "abcdefghijklmnopqrstuvwxyz234567";

/** RFC 4648 base32 in small letters, without padding. */
export function base32(bytes: Uint8Array): string {
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, "0")).join("");
  return (bits.match(/.{1,5}/g) ?? []).map((five) => letters[Number.parseInt(five.padEnd(5, "0"), 2)]).join("");
}

export function makeToken(bytes: Uint8Array): Token {
  const plain = base32(bytes);
  return { text: (plain.match(/.{1,4}/g) ?? []).join("-"), sha256: digest(plain).toString("hex") };
}

/** Compares in a time that says nothing about where they differ. Dashes, blanks and capitals don't matter. */
export function isToken(text: string, sha256: string): boolean {
  const given = digest(text.toLowerCase().replaceAll(/[^a-z2-7]/g, ""));
  const expected = Buffer.from(sha256, "hex");
  return expected.length === given.length && timingSafeEqual(given, expected);
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
