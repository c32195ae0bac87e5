import { addressOf, MSG_DONTWAIT, POINTER_BYTES, recvmmsg } from "./libc.ts";

/** One received datagram: what it carries, when the kernel got it, and from where. The bytes are valid only until the next call. */
export interface Datagram {
  /** As much as fits into `MOST_BYTES`. */
  readonly payload: Buffer;
  /** Monotonic, ns. */
  readonly atNs: bigint;
  /** The sender's socket address. */
  readonly from: Uint8Array;
}

/** What a flow of ours ever carries, an IP header and its options included. */
const MOST_BYTES = 192;
const BATCH = 64;
const NAME = 28;
const NONE = -1n;

/** Offsets in struct mmsghdr, and the control message with a stamp: cmsghdr and a timespec. */
const at =
  POINTER_BYTES === 8
    ? { size: 64, nameLength: 8, vector: 16, vectors: 24, control: 32, controlLength: 40, length: 56, stamp: 16 }
    : { size: 32, nameLength: 4, vector: 8, vectors: 12, control: 16, controlLength: 20, length: 28, stamp: 12 };
const CONTROL = at.stamp + 2 * POINTER_BYTES;

const headers = Buffer.allocUnsafeSlow(BATCH * at.size).fill(0);
const vectors = Buffer.allocUnsafeSlow(BATCH * 2 * POINTER_BYTES).fill(0);
const payloads = Buffer.allocUnsafeSlow(BATCH * MOST_BYTES).fill(0);
const names = Buffer.allocUnsafeSlow(BATCH * NAME).fill(0);
const controls = Buffer.allocUnsafeSlow(BATCH * CONTROL).fill(0);
let ready = false;

/** Everything a socket holds, in batches: one system call for up to 64 datagrams, each with the kernel's own time of arrival
 *  where the socket has SO_TIMESTAMPNS. `wallOffsetNs` turns those (wall clock) into monotonic time. */
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
  const header = index * at.size;
  const stamp = index * CONTROL + at.stamp;
  const stamped = headers.readUInt32LE(header + at.controlLength) >= CONTROL;
  const wall = stamped ? word(controls, stamp) * 1_000_000_000n + word(controls, stamp + POINTER_BYTES) : NONE;
  const nameLength = headers.readUInt32LE(header + at.nameLength);
  const length = Math.min(MOST_BYTES, headers.readUInt32LE(header + at.length));
  return {
    payload: payloads.subarray(index * MOST_BYTES, index * MOST_BYTES + length),
    atNs: wall - wallOffsetNs,
    from: names.subarray(index * NAME, index * NAME + nameLength),
  };
}

function prepare(): void {
  const [name, payload, vector, control] = [names, payloads, vectors, controls].map(addressOf);
  for (let index = 0; index < BATCH; index++) {
    const own = index * 2 * POINTER_BYTES;
    putWord(vectors, own, (payload ?? 0n) + BigInt(index * MOST_BYTES));
    putWord(vectors, own + POINTER_BYTES, BigInt(MOST_BYTES));
    const header = index * at.size;
    putWord(headers, header, (name ?? 0n) + BigInt(index * NAME));
    putWord(headers, header + at.vector, (vector ?? 0n) + BigInt(own));
    putWord(headers, header + at.vectors, 1n);
    putWord(headers, header + at.control, (control ?? 0n) + BigInt(index * CONTROL));
    rearm(index);
  }
  ready = true;
}

/** The kernel shortens both lengths to what it wrote. */
function rearm(index: number): void {
  headers.writeUInt32LE(NAME, index * at.size + at.nameLength);
  putWord(headers, index * at.size + at.controlLength, BigInt(CONTROL));
}

function word(bytes: Buffer, offset: number): bigint {
  return POINTER_BYTES === 8 ? bytes.readBigInt64LE(offset) : BigInt(bytes.readInt32LE(offset));
}

function putWord(bytes: Buffer, offset: number, value: bigint): void {
  if (POINTER_BYTES === 8) bytes.writeBigUInt64LE(value, offset);
  else bytes.writeUInt32LE(Number(value), offset);
}
