import { ok, type Result } from "../../model/result.ts";
import { macBytes } from "../../wire/bytes.ts";
import { encodeFilter, type Instruction } from "../../wire/packet-filter.ts";
import type { Gauge, HostError, Packets, Tap } from "../ports.ts";
import { refused } from "./errors.ts";
import {
  AF_PACKET,
  addressOf,
  bind,
  close,
  getsockopt,
  MSG_DONTWAIT,
  monotonicMs,
  POINTER_BYTES,
  recv,
  SO_ATTACH_FILTER,
  SO_RCVBUF,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_RAW,
  SOL_SOCKET,
  sendto,
  setsockopt,
  socket,
} from "./libc.ts";
import { whenReadable } from "./readable.ts";

const ETH_P_ALL = 3;
const SOL_PACKET = 263;
const PACKET_ADD_MEMBERSHIP = 1;
const PACKET_STATISTICS = 6;
const PACKET_MR_MULTICAST = 0;
const PACKET_MR_UNICAST = 3;
const ARPHRD_ETHER = 1;
/** Frames read in one go before others get their turn: what a hostile neighbour sends must not keep us from our probes. */
const BUDGET = 64;
/** The smallest the kernel gives: room for a frame or two, which is all a gauge needs. */
const GAUGE_BUFFER = 2304;
/** Frames that wait while JavaScript is busy; the rest is lost, as on any line. */
const TAP_BUFFER = 256 << 10;

const frame = Buffer.allocUnsafeSlow(2048);
/** struct tpacket_stats: frames, those that were dropped among them. */
const statistics = Buffer.allocUnsafeSlow(8);
const statisticsLength = Buffer.allocUnsafeSlow(4);
const outgoing = Buffer.allocUnsafeSlow(2048);

/** Packet sockets, each bound to one port: only such a one hears anything on a port that the bond doesn't use. */
export const linuxPackets: Packets = {
  open(index, filter, onFrame) {
    const opened = openPacketSocket(index, filter, TAP_BUFFER);
    return opened.ok ? ok(tapOn(opened.value, index, onFrame)) : opened;
  },
  openGauge(index, filter) {
    const opened = openPacketSocket(index, filter, GAUGE_BUFFER);
    return opened.ok ? ok(gaugeOn(opened.value)) : opened;
  },
};

function tapOn(fd: number, index: number, onFrame: (frame: Uint8Array, atMs: number) => void): Tap {
  const drain = (): void => {
    for (let count = 0; count < BUDGET; count++) {
      const length = Number(recv(fd, frame, frame.length, MSG_DONTWAIT));
      if (length < 0) return;
      onFrame(frame.subarray(0, length), monotonicMs());
    }
  };
  // The interface went down (ENETDOWN shows as an error): what is there to read clears it.
  const end = whenReadable(fd, drain);
  const to = linkAddress(index);
  return {
    send(bytes) {
      outgoing.set(bytes);
      const sent = Number(sendto(fd, outgoing, bytes.length, MSG_DONTWAIT, to, to.length));
      return sent === bytes.length ? ok(undefined) : refused("send frame", String(index));
    },
    hear(mac) {
      const bytes = macBytes(mac) ?? new Uint8Array(6);
      // struct packet_mreq: ifindex, type, length of the address, address.
      const membership = Buffer.allocUnsafeSlow(16).fill(0);
      membership.writeInt32LE(index, 0);
      const isGroup = ((bytes[0] ?? 0) & 1) === 1;
      membership.writeUInt16LE(isGroup ? PACKET_MR_MULTICAST : PACKET_MR_UNICAST, 4);
      membership.writeUInt16LE(6, 6);
      membership.set(bytes, 8);
      const done = setsockopt(fd, SOL_PACKET, PACKET_ADD_MEMBERSHIP, membership, membership.length);
      return done < 0 ? refused("hear another address", mac) : ok(undefined);
    },
    filter: (program) => attachFilter(fd, program),
    drain,
    close() {
      end();
      close(fd);
    },
  };
}

/** The kernel's own count of what passed the filter; asked, it begins anew. The frames stay where they are: who wants to know only
 *  whether there were any need not take them out, and once the buffer is full no more are put in. */
function gaugeOn(fd: number): Gauge {
  return {
    hasPassed() {
      statisticsLength.writeUInt32LE(statistics.length);
      return getsockopt(fd, SOL_PACKET, PACKET_STATISTICS, statistics, statisticsLength) === 0
        ? statistics.readUInt32LE(0) > 0
        : false;
    },
    filter: (program) => attachFilter(fd, program),
    close: () => void close(fd),
  };
}

/** A packet socket of one link that hears what passes the filter; `buffer`: bytes kept while nobody reads. */
export function openPacketSocket(
  index: number,
  filter: readonly Instruction[],
  buffer: number,
): Result<number, HostError> {
  const target = String(index);
  // Protocol 0: it hears nothing until it is bound, by which time it has its filter.
  const fd = socket(AF_PACKET, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (fd < 0) return refused("open packet socket", target);
  const size = Buffer.allocUnsafeSlow(4);
  size.writeInt32LE(buffer);
  setsockopt(fd, SOL_SOCKET, SO_RCVBUF, size, 4);
  const filtered = attachFilter(fd, filter);
  const address = linkAddress(index);
  const error = filtered.ok && bind(fd, address, address.length) < 0 ? refused("bind packet socket", target) : filtered;
  if (error.ok) return ok(fd);
  close(fd);
  return error;
}

function attachFilter(fd: number, program: readonly Instruction[]): Result<void, HostError> {
  const code = encodeFilter(program);
  const instructions = Buffer.allocUnsafeSlow(code.length);
  instructions.set(code);
  // struct sock_fprog: how many, and where they are.
  const descriptor = Buffer.allocUnsafeSlow(2 * POINTER_BYTES).fill(0);
  descriptor.writeUInt16LE(program.length, 0);
  if (POINTER_BYTES === 8) descriptor.writeBigUInt64LE(addressOf(instructions), 8);
  else descriptor.writeUInt32LE(Number(addressOf(instructions)), 4);
  const done = setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, descriptor, descriptor.length);
  return done < 0 ? refused("attach packet filter", String(fd)) : ok(undefined);
}

/** Where frames through a link are sent: struct sockaddr_ll. */
export function linkAddress(index: number): Buffer {
  const address = Buffer.allocUnsafeSlow(20).fill(0);
  address.writeUInt16LE(AF_PACKET, 0);
  address.writeUInt16BE(ETH_P_ALL, 2);
  address.writeInt32LE(index, 4);
  address.writeUInt16LE(ARPHRD_ETHER, 8);
  return address;
}
