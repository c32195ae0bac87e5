import { addressOf, MSG_DONTWAIT, recvmmsg } from "../../host/linux/libc.ts";

/** One received datagram: the number it carries, when the kernel got it, and from where. */
export interface Datagram {
  readonly number: number;
  /** Monotonic, ns. */
  readonly atNs: bigint;
  /** The sender's socket address; valid only until the next call. */
  readonly from: Uint8Array;
}

/** Bytes of a numbered datagram: its sequence number and which direction it belongs to. Padded to what a small voice packet has. */
export const DATAGRAM_BYTES = 32;
const BATCH = 64;
/** struct mmsghdr on a 64-bit kernel: msghdr (56), msg_len (4), padding. */
const HEADER = 64;
const NAME = 28;
/** cmsghdr (16) and a timespec (16). */
const CONTROL = 32;
const NONE = -1n;

const headers = Buffer.allocUnsafeSlow(BATCH * HEADER).fill(0);
const vectors = Buffer.allocUnsafeSlow(BATCH * 16).fill(0);
const payloads = Buffer.allocUnsafeSlow(BATCH * DATAGRAM_BYTES).fill(0);
const names = Buffer.allocUnsafeSlow(BATCH * NAME).fill(0);
const controls = Buffer.allocUnsafeSlow(BATCH * CONTROL).fill(0);
let ready = false;

/** Everything a socket holds, in batches: one system call for up to 64 datagrams, each with the kernel's own time of arrival.
 *  `wallOffsetNs` turns those (wall clock) into monotonic time. */
export function drain(fd: number, wallOffsetNs: bigint, each: (datagram: Datagram) => void): void {
  if (!ready) prepare();
  for (;;) {
    const count = recvmmsg(fd, headers, BATCH, MSG_DONTWAIT, null);
    for (let index = 0; index < count; index++) {
      each(readOne(index, wallOffsetNs));
      rearm(index);
    }
    if (count < BATCH) return;
  }
}

function readOne(index: number, wallOffsetNs: bigint): Datagram {
  const at = index * CONTROL;
  const stamped = headers.readUInt32LE(index * HEADER + 40) >= CONTROL;
  const wall = stamped ? controls.readBigInt64LE(at + 16) * 1_000_000_000n + controls.readBigInt64LE(at + 24) : NONE;
  const length = headers.readUInt32LE(index * HEADER + 8);
  return {
    number: payloads.readUInt32LE(index * DATAGRAM_BYTES),
    atNs: wall - wallOffsetNs,
    from: names.subarray(index * NAME, index * NAME + length),
  };
}

function prepare(): void {
  const [name, payload, vector, control] = [names, payloads, vectors, controls].map(addressOf);
  for (let index = 0; index < BATCH; index++) {
    vectors.writeBigUInt64LE((payload ?? 0n) + BigInt(index * DATAGRAM_BYTES), index * 16);
    vectors.writeBigUInt64LE(BigInt(DATAGRAM_BYTES), index * 16 + 8);
    const at = index * HEADER;
    headers.writeBigUInt64LE((name ?? 0n) + BigInt(index * NAME), at);
    headers.writeBigUInt64LE((vector ?? 0n) + BigInt(index * 16), at + 16);
    headers.writeBigUInt64LE(1n, at + 24);
    headers.writeBigUInt64LE((control ?? 0n) + BigInt(index * CONTROL), at + 32);
    rearm(index);
  }
  ready = true;
}

/** The kernel shortens both lengths to what it wrote. */
function rearm(index: number): void {
  headers.writeUInt32LE(NAME, index * HEADER + 8);
  headers.writeBigUInt64LE(BigInt(CONTROL), index * HEADER + 40);
}
