import { formatAddress, parseAddress } from "../model/address.ts";

/** Address families as the kernel numbers them. Source: linux/socket.h. */
export const AF_INET = 2;
export const AF_INET6 = 10;

/** Four or sixteen bytes in network order; undefined when the text is no address. */
export function ipBytes(text: string): Uint8Array | undefined {
  const parsed = parseAddress(text);
  if (!parsed.ok) return undefined;
  const width = parsed.value.family === 4 ? 4 : 16;
  return Uint8Array.from({ length: width }, (_, at) =>
    Number((parsed.value.bits >> BigInt(8 * (width - 1 - at))) & 255n),
  );
}

/** The canonical text of four or sixteen bytes; "" for any other number of them. */
export function ipText(bytes: Uint8Array): string {
  if (bytes.length === 4) return bytes.join(".");
  if (bytes.length !== 16) return "";
  return formatAddress({ family: 6, bits: bytes.reduce((bits, byte) => (bits << 8n) | BigInt(byte), 0n) });
}

/** AF_INET or AF_INET6, by the width of the address. */
export function familyOf(bytes: Uint8Array): number {
  return bytes.length === 4 ? AF_INET : AF_INET6;
}
