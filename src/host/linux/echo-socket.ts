import { ok, type Result } from "../../model/result.ts";
import { concat, fromBe16 } from "../../wire/bytes.ts";
import { checksum } from "../../wire/icmp.ts";
import { ipBytes } from "../../wire/ip.ts";
import type { HostError } from "../ports.ts";
import { refused } from "./errors.ts";
import {
  AF_INET,
  AF_INET6,
  close,
  MSG_DONTWAIT,
  recv,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_RAW,
  sendto,
  socket,
} from "./libc.ts";
import { whenReadable } from "./readable.ts";

const IPPROTO_ICMP = 1;
const IPPROTO_ICMPV6 = 58;

/** Echo requests to one address, by the kernel's own routing. Needs CAP_NET_RAW. */
export interface EchoSocket {
  send(seq: number): void;
  close(): void;
}

/** `id`: 16 bits that make the echoes ours; `nonce`: bytes nobody can guess. */
export function openEcho(
  target: string,
  marks: { readonly id: number; readonly nonce: Uint8Array },
  onAnswer: (seq: number) => void,
): Result<EchoSocket, HostError> {
  const address = ipBytes(target);
  if (address === undefined) return refused("open echo socket", target);
  const is6 = address.length === 16;
  const fd = socket(
    is6 ? AF_INET6 : AF_INET,
    SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK,
    is6 ? IPPROTO_ICMPV6 : IPPROTO_ICMP,
  );
  if (fd < 0) return refused("open echo socket", target);
  const to = socketAddress(address);
  const bytes = Buffer.allocUnsafeSlow(2048);
  const end = whenReadable(fd, () => {
    for (let count = 0; count < 64; count++) {
      const length = Number(recv(fd, bytes, bytes.length, MSG_DONTWAIT));
      if (length < 0) return;
      const seq = answered(bytes.subarray(0, length), { ...marks, is6 });
      if (seq !== undefined) onAnswer(seq);
    }
  });
  return ok({
    send(seq) {
      const message = request({ ...marks, is6 }, seq);
      const copy = Buffer.allocUnsafeSlow(message.length);
      copy.set(message);
      sendto(fd, copy, copy.length, MSG_DONTWAIT, to, to.length);
    },
    close() {
      end();
      close(fd);
    },
  });
}

interface Marks {
  readonly id: number;
  readonly nonce: Uint8Array;
  readonly is6: boolean;
}

/** For IPv6 the kernel fills in the checksum, which depends on the source it chooses. */
function request({ id, nonce, is6 }: Marks, seq: number): Uint8Array {
  const bare = concat([Uint8Array.of(is6 ? 128 : 8, 0), fromBe16(0), fromBe16(id), fromBe16(seq), nonce]);
  if (!is6) bare.set(fromBe16(checksum(bare)), 2);
  return bare;
}

/** IPv4 comes with its header, IPv6 without. */
function answered(packet: Uint8Array, { id, nonce, is6 }: Marks): number | undefined {
  const message = packet.subarray(is6 ? 0 : ((packet[0] ?? 0) & 0x0f) * 4);
  if (message[0] !== (is6 ? 129 : 0) || message.length < 8 + nonce.length) return undefined;
  const word = (at: number): number => ((message[at] ?? 0) << 8) | (message[at + 1] ?? 0);
  if (word(4) !== id || !nonce.every((byte, at) => message[8 + at] === byte)) return undefined;
  return word(6);
}

/** struct sockaddr_in, struct sockaddr_in6. */
function socketAddress(address: Uint8Array): Buffer {
  const is6 = address.length === 16;
  const bytes = Buffer.allocUnsafeSlow(is6 ? 28 : 16).fill(0);
  bytes.writeUInt16LE(is6 ? AF_INET6 : AF_INET, 0);
  bytes.set(address, is6 ? 8 : 4);
  return bytes;
}
