/** The numbered packets between a drill and its reflector, in both directions alike: nobody gets more back than he sent. */
export interface Numbered {
  /** 16 bytes that only the two of them know. */
  readonly nonce: Uint8Array;
  /** 0 to 2³²−1. */
  readonly sequence: number;
  /** Of the sender's monotonic clock, ms. */
  readonly sentAtMs: number;
}

/** Bytes of every packet: what a small voice packet has. */
export const numberedBytes = 48;
export const nonceBytes = 16;
const magic = [0x48, 0x46, 0x64, 0x01] as const;

/** "HFd", version 1; nonce; number; time; zeros. */
export function encodeNumbered({ nonce, sequence, sentAtMs }: Numbered): Uint8Array {
  const bytes = new Uint8Array(numberedBytes);
  bytes.set(magic);
  bytes.set(nonce.subarray(0, nonceBytes), 4);
  const view = new DataView(bytes.buffer);
  view.setUint32(20, sequence);
  view.setFloat64(24, sentAtMs);
  return bytes;
}

/** undefined: it is none of these. The nonce is a copy. */
export function decodeNumbered(bytes: Uint8Array): Numbered | undefined {
  if (bytes.length !== numberedBytes || magic.some((byte, index) => bytes[index] !== byte)) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const sentAtMs = view.getFloat64(24);
  if (!Number.isFinite(sentAtMs)) return undefined;
  return { nonce: bytes.slice(4, 4 + nonceBytes), sequence: view.getUint32(20), sentAtMs };
}
