import { randomBytes } from "node:crypto";
import { monotonicMs } from "../host/linux/libc.ts";
import { parseAddress, socketAddress } from "../lab/guest/ip-bytes.ts";
import { ok, type Result } from "../model/result.ts";
import { concat, fromBe16 } from "../wire/bytes.ts";
import { decodeEcho, encodeEcho } from "../wire/icmp.ts";
import { openEcho } from "./sockets.ts";
import { type Flow, newStream } from "./stream.ts";

/** Of what comes back with every echo: which drill's it is. */
const NONCE_BYTES = 8;
const ECHO_REQUEST6 = 128;
/** In struct sockaddr_in6. */
const SCOPE_AT = 24;

/** Who is asked. */
export interface EchoTarget {
  /** Of the flow. */
  readonly name: string;
  readonly address: string;
  /** Where an address that counts on one link alone is to be looked for: the link's index. */
  readonly scope?: number;
}

/** Echo requests to an address, by whatever way the host has to it. A gap means that one of the two directions was dead: an echo
 *  doesn't tell which. Needs CAP_NET_RAW; the error is an errno. */
export function openEchoFlow(
  { name, address, scope }: EchoTarget,
  paceMs: number,
  startAtMs: number,
): Result<Flow, string> {
  const target = parseAddress(address);
  const opened = openEcho(target.family);
  if (!opened.ok) return opened;
  const to = socketAddress(target, 0);
  // An address that every link has counts on the link it is said for.
  if (target.family === 10 && scope !== undefined) to.writeUInt32LE(scope, SCOPE_AT);
  const wire = opened.value;
  const stream = newStream(name, paceMs, startAtMs);
  const nonce = randomBytes(NONCE_BYTES);
  const id = nonce.readUInt16BE(0);
  const is6 = target.family === 10;
  return ok({
    stream,
    send(sequence) {
      const data = concat([nonce, numbered(sequence)]);
      stream.sentAtMs.push(monotonicMs());
      stream.receivedAtMs.push(null);
      wire.send(is6 ? request6(id, sequence, data) : request(id, sequence, data), to);
    },
    drain() {
      wire.drain((payload, atMs) => {
        const data = is6 ? payload.subarray(8) : decodeEcho(payload)?.data;
        if (data === undefined || data.length !== NONCE_BYTES + 4) return;
        const bytes = Buffer.from(data.buffer, data.byteOffset, data.length);
        if (!bytes.subarray(0, NONCE_BYTES).equals(nonce)) return;
        const sequence = bytes.readUInt32BE(NONCE_BYTES);
        if (sequence < stream.receivedAtMs.length) stream.receivedAtMs[sequence] ??= atMs;
      });
    },
    close: wire.close,
  });
}

function numbered(sequence: number): Uint8Array {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(sequence);
  return bytes;
}

/** The kernel makes the IP header. */
function request(id: number, sequence: number, data: Uint8Array): Uint8Array {
  const packet = { kind: "request", from: "0.0.0.0", to: "0.0.0.0", id, seq: sequence & 0xffff, data } as const;
  return encodeEcho(packet).subarray(20);
}

/** The kernel fills in the checksum, which covers addresses only it knows. */
function request6(id: number, sequence: number, data: Uint8Array): Uint8Array {
  return concat([Uint8Array.of(ECHO_REQUEST6, 0, 0, 0), fromBe16(id), fromBe16(sequence & 0xffff), data]);
}
