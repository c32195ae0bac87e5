import { drain } from "../host/linux/datagrams.ts";
import {
  bind,
  close as closeFd,
  errno,
  errnoName,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  SO_RCVBUFFORCE,
  SO_TIMESTAMPNS,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOCK_RAW,
  SOL_SOCKET,
  sendto,
  setsockopt,
  socket,
  wallOffsetNs,
} from "../host/linux/libc.ts";
import { openPacketSocket } from "../host/linux/packets.ts";
import { anyAddress } from "../lab/guest/ip-bytes.ts";
import { failed, ok, type Result } from "../model/result.ts";
import type { Instruction } from "../wire/packet-filter.ts";

/** A socket whose arrivals bear the kernel's own time: how busy this process is doesn't show in them. It isn't connected: which
 *  of the host's addresses it sends from is decided for each packet, as the routes are then. */
export interface StampedSocket {
  /** To a socket address. False: the kernel would not. */
  send(bytes: Uint8Array, to: Uint8Array): boolean;
  /** Times in ms of the monotonic clock. The bytes are valid during the call. */
  drain(each: (payload: Buffer, atMs: number, from: Uint8Array) => void): void;
  close(): void;
}

const IPPROTO_ICMP = 1;
const IPPROTO_ICMPV6 = 58;
const SOL_RAW = 255;
const ICMP_FILTER = 1;
const ECHO_REPLY = 0;
const ECHO_REPLY6 = 129;
const BUFFER_BYTES = 1 << 20;

/** Hears echo replies, and nothing else. Needs CAP_NET_RAW. The error is an errno. */
export function openEcho(family: 2 | 10): Result<StampedSocket, string> {
  const is4 = family === 2;
  const fd = socket(family, SOCK_RAW | SOCK_NONBLOCK | SOCK_CLOEXEC, is4 ? IPPROTO_ICMP : IPPROTO_ICMPV6);
  if (fd < 0) return failed(errnoName(errno()));
  // Bits of what is kept out, by type.
  if (is4) {
    const filter = Buffer.allocUnsafeSlow(4);
    filter.writeUInt32LE(~(1 << ECHO_REPLY) >>> 0);
    setsockopt(fd, SOL_RAW, ICMP_FILTER, filter, 4);
  } else {
    const filter = Buffer.allocUnsafeSlow(32).fill(0xff);
    filter.writeUInt32LE(~(1 << (ECHO_REPLY6 & 31)) >>> 0, (ECHO_REPLY6 >> 5) * 4);
    setsockopt(fd, IPPROTO_ICMPV6, 1, filter, 32);
  }
  return ok(stamped(fd));
}

/** A UDP socket at a port of every address; 0: any. The error is an errno. */
export function openUdp(family: 2 | 10, port: number): Result<StampedSocket, string> {
  const fd = socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0) return failed(errnoName(errno()));
  const address = anyAddress(family, port);
  if (bind(fd, address, address.length) >= 0) return ok(stamped(fd));
  const code = errnoName(errno());
  closeFd(fd);
  return failed(code);
}

/** Whole Ethernet frames in and out of one link: what passes the filter is heard, what is sent goes to `linkAddress`. Needs CAP_NET_RAW.
 *  The error is an errno. */
export function openFrames(index: number, filter: readonly Instruction[]): Result<StampedSocket, string> {
  const opened = openPacketSocket(index, filter, BUFFER_BYTES);
  return opened.ok ? ok(stamped(opened.value)) : failed(opened.error.errno);
}

const outgoing = Buffer.allocUnsafeSlow(256);
const number = Buffer.allocUnsafeSlow(4);

function stamped(fd: number): StampedSocket {
  setNumber(fd, SO_TIMESTAMPNS, 1);
  setNumber(fd, SO_RCVBUFFORCE, BUFFER_BYTES);
  return {
    send(bytes, to) {
      // A copy outside V8's heap: the pointer must hold still while the kernel reads.
      outgoing.set(bytes);
      return Number(sendto(fd, outgoing, bytes.length, MSG_DONTWAIT | MSG_NOSIGNAL, to, to.length)) === bytes.length;
    },
    drain(each) {
      // Anew each time: the wall clock, which the stamps are of, may be set meanwhile.
      const offset = wallOffsetNs();
      drain(fd, offset, ({ payload, atNs, from }) => each(payload, Number(atNs) / 1e6, from));
    },
    close: () => void closeFd(fd),
  };
}

function setNumber(fd: number, option: number, value: number): void {
  number.writeInt32LE(value, 0);
  setsockopt(fd, SOL_SOCKET, option, number, 4);
}
