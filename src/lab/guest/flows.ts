import { drain } from "../../host/linux/datagrams.ts";
import {
  bind,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  must,
  SO_RCVBUFFORCE,
  SO_SNDBUFFORCE,
  SO_TIMESTAMPNS,
  SOCK_CLOEXEC,
  SOCK_DGRAM,
  SOCK_NONBLOCK,
  SOL_SOCKET,
  sendto,
  setsockopt,
  socket,
} from "../../host/linux/libc.ts";
import type { FlowTrace } from "../../measure/trace.ts";
import type { FlowSpec } from "../../topology/lab-plan.ts";
import { anyAddress, parseAddress, socketAddress } from "./ip-bytes.ts";
import { inside } from "./namespaces.ts";
import { type Network, namespaceOf } from "./network.ts";

/** One direction of a numbered UDP flow, live. Times are ns on the monotonic clock. */
export interface Direction {
  readonly flow: string;
  readonly direction: "toHost" | "fromHost";
  readonly promised: boolean;
  readonly out: number;
  readonly in: number;
  /** Where to: fixed, or (a peer behind whose back NAT works) learnt from what arrives; empty until then. */
  target: Uint8Array;
  readonly learnsFrom?: Direction;
  sentAtNs: bigint[];
  receivedAtNs: (bigint | null)[];
  /** Everything before this index is settled: arrived or given up. */
  checked: number;
  /** Sending time of the latest packet that was given up; undefined: none was. */
  lastBadNs: bigint | undefined;
}

/** Sockets of all flows, opened once and used by every drill. */
export interface FlowSockets {
  readonly spec: FlowSpec;
  readonly host: number;
  readonly peer: number;
  readonly hostPort: number;
  readonly peerPort: number;
}

/** Its sequence number and which drill it belongs to, padded to what a small voice packet has. */
const DATAGRAM_BYTES = 32;
const FIRST_PORT = 40_000;
/** Longer than the longest time between two drains at the densest rate, by far. */
const BUFFER_BYTES = 4 * 1024 * 1024;

export function openFlows(network: Network): readonly FlowSockets[] {
  return network.plan.flows.map((spec, index) => {
    const hostPort = FIRST_PORT + index * 2;
    const { family } = parseAddress(spec.peerAddress);
    const open = (node: string, port: number): number =>
      inside(namespaceOf(network, node), network.home, () => openSocket(family, port));
    return {
      spec,
      hostPort,
      peerPort: hostPort + 1,
      host: open("host", hostPort),
      peer: open(spec.peer, hostPort + 1),
    };
  });
}

/** Fresh directions for one drill. `promised` says which flows must have a way while the fault lasts. */
export function newDirections(
  sockets: readonly FlowSockets[],
  promised: (flow: string) => boolean,
): readonly Direction[] {
  return sockets.flatMap(({ spec, host, peer, hostPort, peerPort }) => {
    const blank = { flow: spec.id, promised: promised(spec.id), checked: 0, lastBadNs: undefined };
    const fromHost: Direction = {
      ...blank,
      direction: "fromHost",
      out: host,
      in: peer,
      target: socketAddress(parseAddress(spec.peerAddress), peerPort),
      sentAtNs: [],
      receivedAtNs: [],
    };
    const toHost: Direction = {
      ...blank,
      direction: "toHost",
      out: peer,
      in: host,
      target:
        spec.hostAddress === undefined ? new Uint8Array() : socketAddress(parseAddress(spec.hostAddress), hostPort),
      ...(spec.hostAddress === undefined ? { learnsFrom: fromHost } : {}),
      sentAtNs: [],
      receivedAtNs: [],
    };
    return [fromHost, toHost];
  });
}

const packet = Buffer.allocUnsafeSlow(DATAGRAM_BYTES).fill(0);

/** Sends the next packet of a direction. What the kernel refuses (no route, no neighbour) counts as sent and lost. */
export function sendNext(direction: Direction, nowNs: bigint, drill: number): void {
  if (direction.target.length === 0) return;
  packet.writeUInt32LE(encodeNumber(direction.sentAtNs.length, drill), 0);
  sendto(direction.out, packet, DATAGRAM_BYTES, MSG_DONTWAIT | MSG_NOSIGNAL, direction.target, direction.target.length);
  direction.sentAtNs.push(nowNs);
  direction.receivedAtNs.push(null);
}

/** Takes in what arrived. A packet of an earlier drill, and a second copy, are passed over. */
export function receive(
  directions: readonly Direction[],
  all: readonly Direction[],
  { wallOffsetNs, number: drill }: { readonly wallOffsetNs: bigint; readonly number: number },
): void {
  for (const direction of directions) {
    const learner = all.find(({ learnsFrom }) => learnsFrom === direction);
    drain(direction.in, wallOffsetNs, ({ payload, atNs, from }) => {
      if (payload.length !== DATAGRAM_BYTES) return;
      const sequence = decodeNumber(payload.readUInt32LE(0), drill);
      if (sequence === undefined || sequence >= direction.receivedAtNs.length) return;
      direction.receivedAtNs[sequence] ??= atNs;
      if (learner !== undefined) learn(learner, from);
    });
  }
}

/** Directions whose packets tell another where to send: those must be read at every step. */
export function teachers(directions: readonly Direction[]): readonly Direction[] {
  return directions.flatMap(({ learnsFrom }) => (learnsFrom === undefined ? [] : [learnsFrom]));
}

/** Gives up packets that had `graceNs` to arrive, and remembers the latest of them. */
export function settle(direction: Direction, nowNs: bigint, graceNs: bigint): void {
  for (;;) {
    const sent = direction.sentAtNs[direction.checked];
    if (sent === undefined) return;
    const arrived = direction.receivedAtNs[direction.checked] !== null;
    if (!arrived && sent + graceNs > nowNs) return;
    if (!arrived) direction.lastBadNs = sent;
    direction.checked += 1;
  }
}

/** Since when every packet has arrived, ns; undefined when nothing has been sent or judged yet. */
export function healthySinceNs(direction: Direction): bigint | undefined {
  if (direction.checked === 0) return undefined;
  const after = direction.lastBadNs;
  if (after === undefined) return direction.sentAtNs[0];
  const last = direction.sentAtNs[direction.checked - 1] ?? after;
  return last > after ? after : undefined;
}

/** A direction as recorded, times in ms after `zeroNs`. */
export function toFlowTrace(direction: Direction, zeroNs: bigint): FlowTrace {
  const ms = (at: bigint): number => Number(at - zeroNs) / 1e6;
  return {
    flow: direction.flow,
    direction: direction.direction,
    sentAtMs: direction.sentAtNs.map(ms),
    receivedAtMs: direction.receivedAtNs.map((at) => (at === null ? null : ms(at))),
  };
}

/** The address may be the buffer of the next batch: it is copied, and only when it changed. */
function learn(learner: Direction, from: Uint8Array): void {
  if (Buffer.compare(learner.target, from) === 0) return;
  const copy = Buffer.allocUnsafeSlow(from.length);
  copy.set(from);
  learner.target = copy;
}

/** The low byte tells drills apart, so that a straggler isn't taken for a packet of this one. */
function encodeNumber(sequence: number, drill: number): number {
  return ((sequence << 8) | (drill & 0xff)) >>> 0;
}

function decodeNumber(number: number, drill: number): number | undefined {
  return (number & 0xff) === (drill & 0xff) ? number >>> 8 : undefined;
}

function openSocket(family: 2 | 10, port: number): number {
  const fd = must(socket(family, SOCK_DGRAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "a flow's socket");
  const address = anyAddress(family, port);
  setNumber(fd, SO_TIMESTAMPNS, 1);
  setNumber(fd, SO_RCVBUFFORCE, BUFFER_BYTES);
  setNumber(fd, SO_SNDBUFFORCE, BUFFER_BYTES);
  must(bind(fd, address, address.length), `port ${port} of a flow`);
  return fd;
}

const four = Buffer.allocUnsafeSlow(4);

function setNumber(fd: number, option: number, value: number): void {
  four.writeInt32LE(value, 0);
  must(setsockopt(fd, SOL_SOCKET, option, four, 4), "a socket option");
}
