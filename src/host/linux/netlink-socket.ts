import { ok, type Result } from "../../model/result.ts";
import {
  decodeError,
  decodeMessages,
  type NetlinkMessage,
  NLM_F_DUMP_INTR,
  NLMSG_DONE,
  NLMSG_ERROR,
} from "../../wire/netlink.ts";
import type { HostError, Watching } from "../ports.ts";
import { refused, refusedWith } from "./errors.ts";
import {
  AF_NETLINK,
  bind,
  close,
  EAGAIN,
  EINTR,
  ENOBUFS,
  errno,
  MSG_DONTWAIT,
  recv,
  SO_RCVBUF,
  SO_RCVBUFFORCE,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_RAW,
  SOL_SOCKET,
  sendto,
  setsockopt,
  socket,
} from "./libc.ts";
import { whenReadable } from "./readable.ts";

export const SOL_NETLINK = 270;
const NETLINK_CAP_ACK = 10;
const NETLINK_EXT_ACK = 11;
/** A link event is charged some 2.3 kB: 8 MiB (which the kernel doubles) hold 7,000 of them while JavaScript is busy. */
const EVENT_BUFFER = 8 << 20;
/** Datagrams read in one go before others get their turn. */
const BUDGET = 512;
/** More than the queue holds; still an end, should somebody fill it as fast as we read. */
const WHOLE_QUEUE = 20_000;
const DUMP_ATTEMPTS = 4;

// Outside V8's heap, so that they stand still while the kernel works on them.
const inbox = Buffer.allocUnsafeSlow(256 << 10);
const outbox = Buffer.allocUnsafeSlow(64 << 10);

/** Asks the kernel; rtnetlink answers within the system call, so nothing is waited for (but its lock, shared with everyone). */
export interface Requests {
  /** One request that is acknowledged. */
  ask(op: string, target: string, encode: (seq: number) => Uint8Array): Result<void, HostError>;
  /** One request that is answered by a list. */
  dump(op: string, encode: (seq: number) => Uint8Array): Result<readonly NetlinkMessage[], HostError>;
  close(): void;
}

export function openRequests(): Result<Requests, HostError> {
  const opened = openSocket(0);
  if (!opened.ok) return opened;
  const fd = opened.value;
  let seq = 0;
  const next = (): number => {
    seq = (seq + 1) >>> 0;
    return seq;
  };
  return ok({
    ask(op, target, encode) {
      const number = next();
      if (!send(fd, encode(number))) return refused(op, target);
      return readAnswer(fd, { op, target, seq: number });
    },
    dump(op, encode) {
      for (let attempt = 1; ; attempt++) {
        const number = next();
        if (!send(fd, encode(number))) return refused(op, "");
        const list = readList(fd, op, number);
        // The list changed while it was read: take it again, but not for ever.
        if (!list.ok || !list.value.torn || attempt === DUMP_ATTEMPTS) return list.ok ? ok(list.value.messages) : list;
      }
    },
    close: () => void close(fd),
  });
}

/** Everything the kernel tells these groups. `onMissed`: the queue ran over, something was not heard. */
export function openEvents(
  groups: number,
  onMessage: (message: NetlinkMessage) => void,
  onMissed: () => void,
): Result<Watching, HostError> {
  const opened = openSocket(groups);
  return opened.ok ? ok(followSocket(opened.value, onMessage, onMissed)) : opened;
}

/** Everything that comes in on a socket, which is closed when that is stopped. */
export function followSocket(fd: number, onMessage: (message: NetlinkMessage) => void, onMissed: () => void): Watching {
  const size = Buffer.allocUnsafeSlow(4);
  size.writeInt32LE(EVENT_BUFFER);
  if (setsockopt(fd, SOL_SOCKET, SO_RCVBUFFORCE, size, 4) < 0) setsockopt(fd, SOL_SOCKET, SO_RCVBUF, size, 4);
  const readAll = (budget: number): boolean => {
    let missed = false;
    for (let count = 0; count < budget; count++) {
      const length = Number(recv(fd, inbox, inbox.length, MSG_DONTWAIT));
      if (length < 0 && errno() === ENOBUFS) missed = true;
      else if (length < 0 && errno() !== EINTR) break;
      else if (length >= 0)
        for (const message of decodeMessages(inbox.subarray(0, length)).messages) onMessage(message);
    }
    return missed;
  };
  const take = (state: "readable" | "overrun", budget: number): void => {
    if (readAll(budget) || state === "overrun") onMissed();
  };
  // After an overrun the kernel tells nothing new until the queue has been emptied.
  const end = whenReadable(fd, (state) => take(state, state === "overrun" ? Number.POSITIVE_INFINITY : BUDGET));
  return {
    drain: () => take("readable", WHOLE_QUEUE),
    stop() {
      end();
      close(fd);
    },
  };
}

/** NETLINK_ROUTE. */
const ROUTE = 0;

/** A socket that never waits, in these groups (a bit mask). */
export function openSocket(groups: number, protocol = ROUTE): Result<number, HostError> {
  const fd = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK, protocol);
  const name = protocol === ROUTE ? "rtnetlink" : "netlink";
  if (fd < 0) return refused("open netlink socket", name);
  const one = Buffer.allocUnsafeSlow(4);
  one.writeInt32LE(1);
  // Old kernels lack them; they only make refusals speak.
  setsockopt(fd, SOL_NETLINK, NETLINK_CAP_ACK, one, 4);
  setsockopt(fd, SOL_NETLINK, NETLINK_EXT_ACK, one, 4);
  const address = Buffer.allocUnsafeSlow(12).fill(0);
  address.writeUInt16LE(AF_NETLINK, 0);
  address.writeUInt32LE(groups, 8);
  if (bind(fd, address, address.length) < 0) {
    const error = refused("bind netlink socket", name);
    close(fd);
    return error;
  }
  return ok(fd);
}

function send(fd: number, message: Uint8Array): boolean {
  outbox.set(message);
  return Number(sendto(fd, outbox, message.length, 0, null, 0)) === message.length;
}

/** Messages of one datagram that belong to a request; undefined when nothing is left to read. */
function readDatagram(fd: number, seq: number): readonly NetlinkMessage[] | undefined {
  const length = Number(recv(fd, inbox, inbox.length, MSG_DONTWAIT));
  if (length < 0) return undefined;
  return decodeMessages(inbox.subarray(0, length)).messages.filter((message) => message.seq === seq);
}

function readAnswer(
  fd: number,
  request: { readonly op: string; readonly target: string; readonly seq: number },
): Result<void, HostError> {
  const { op, target, seq } = request;
  for (;;) {
    const messages = readDatagram(fd, seq);
    if (messages === undefined) return refused(op, target);
    for (const message of messages) {
      if (message.type !== NLMSG_ERROR) continue;
      const { errno: code, message: words } = decodeError(message);
      return code === 0 ? ok(undefined) : refusedWith(op, target, code, words);
    }
  }
}

function readList(
  fd: number,
  op: string,
  seq: number,
): Result<{ readonly messages: readonly NetlinkMessage[]; readonly torn: boolean }, HostError> {
  const list: NetlinkMessage[] = [];
  let torn = false;
  for (;;) {
    const messages = readDatagram(fd, seq);
    if (messages === undefined)
      return errno() === EAGAIN ? refusedWith(op, "", EAGAIN, "the list has no end") : refused(op, "");
    for (const message of messages) {
      torn ||= (message.flags & NLM_F_DUMP_INTR) !== 0;
      if (message.type === NLMSG_DONE) return ok({ messages: list, torn });
      if (message.type === NLMSG_ERROR) return refusedWith(op, "", decodeError(message).errno);
      // The buffer is used again for the next datagram. (A Buffer's own slice would not copy.)
      list.push({ ...message, payload: Uint8Array.from(message.payload) });
    }
  }
}
