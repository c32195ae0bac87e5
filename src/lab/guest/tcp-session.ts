import {
  accept4,
  bind,
  close,
  connect,
  EAGAIN,
  EINPROGRESS,
  errno,
  errnoName,
  IPPROTO_TCP,
  listen,
  MSG_DONTWAIT,
  MSG_NOSIGNAL,
  must,
  recv,
  SO_REUSEADDR,
  SOCK_CLOEXEC,
  SOCK_NONBLOCK,
  SOCK_STREAM,
  SOL_SOCKET,
  sendto,
  setsockopt,
  socket,
  TCP_NODELAY,
} from "../../host/linux/libc.ts";
import type { TcpTrace } from "../../measure/trace.ts";
import type { FlowSpec } from "../../topology/lab-plan.ts";
import { anyAddress, parseAddress, socketAddress } from "./ip-bytes.ts";
import { inside } from "./namespaces.ts";
import { type Network, namespaceOf } from "./network.ts";

/** A TCP session with a heartbeat each way, both ends in this process. Times are ns on the monotonic clock. */
export interface TcpSession {
  readonly flow: string;
  readonly promised: boolean;
  readonly listener: number;
  /** -1 until the connection stands. */
  host: number;
  peer: number;
  readonly initiator: "host" | "peer";
  readonly toHostAtNs: bigint[];
  readonly fromHostAtNs: bigint[];
  brokeAtNs?: bigint;
  error?: string;
}

const FIRST_PORT = 41_000;
const beat = Buffer.allocUnsafeSlow(8).fill(0x2e);
const inbox = Buffer.allocUnsafeSlow(16_384);
const four = Buffer.allocUnsafeSlow(4);

/** Begins a session: a host behind NAT must call out; where the peer knows the host's address the peer calls, as a client would. */
export function openSession(network: Network, spec: FlowSpec, index: number, promised: boolean): TcpSession {
  const { family } = parseAddress(spec.peerAddress);
  const initiator = spec.hostAddress === undefined ? "host" : "peer";
  const [server, client] = initiator === "host" ? [spec.peer, "host"] : ["host", spec.peer];
  const port = FIRST_PORT + index;
  const listener = inside(namespaceOf(network, server), network.home, () => openListener(family, port));
  const calling = inside(namespaceOf(network, client), network.home, () => openSocket(family));
  const to = socketAddress(parseAddress(spec.hostAddress ?? spec.peerAddress), port);
  const session: TcpSession = {
    flow: spec.id,
    promised,
    listener,
    host: initiator === "host" ? calling : -1,
    peer: initiator === "peer" ? calling : -1,
    initiator,
    toHostAtNs: [],
    fromHostAtNs: [],
  };
  if (connect(calling, to, to.length) < 0 && errno() !== EINPROGRESS) session.error = errnoName(errno());
  return session;
}

/** One heartbeat each way, and what has arrived since the last. */
export function beatSession(session: TcpSession): void {
  if (session.brokeAtNs !== undefined) return;
  acceptCall(session);
  if (!isEstablished(session)) return;
  sendto(session.host, beat, beat.length, MSG_DONTWAIT | MSG_NOSIGNAL, null, 0);
  sendto(session.peer, beat, beat.length, MSG_DONTWAIT | MSG_NOSIGNAL, null, 0);
}

/** Notes what arrived at either end. */
export function listenToSession(session: TcpSession, nowNs: bigint): void {
  if (session.brokeAtNs !== undefined || !isEstablished(session)) return;
  if (readEnd(session, session.host, nowNs)) session.toHostAtNs.push(nowNs);
  if (readEnd(session, session.peer, nowNs)) session.fromHostAtNs.push(nowNs);
}

export function isEstablished(session: TcpSession): boolean {
  return session.host >= 0 && session.peer >= 0;
}

/** Has the session said something in both directions within `withinNs`? A broken one has nothing more to wait for. */
export function isAlive(session: TcpSession, nowNs: bigint, withinNs: bigint): boolean {
  const last = [session.toHostAtNs.at(-1), session.fromHostAtNs.at(-1)];
  return last.every((at) => at !== undefined && nowNs - at <= withinNs);
}

export function closeSession(session: TcpSession): void {
  for (const fd of [session.host, session.peer, session.listener]) if (fd >= 0) close(fd);
}

/** A session as recorded, times in ms after `zeroNs`. */
export function toTcpTrace(session: TcpSession, zeroNs: bigint): TcpTrace {
  const ms = (at: bigint): number => Number(at - zeroNs) / 1e6;
  const broke = session.brokeAtNs === undefined ? {} : { brokeAtMs: ms(session.brokeAtNs) };
  const error = session.error === undefined ? {} : { error: session.error };
  const refused = isEstablished(session) ? {} : { refused: session.error ?? "no connection was established" };
  return {
    flow: session.flow,
    toHostAtMs: session.toHostAtNs.map(ms),
    fromHostAtMs: session.fromHostAtNs.map(ms),
    ...broke,
    ...error,
    ...refused,
  };
}

function acceptCall(session: TcpSession): void {
  if (isEstablished(session)) return;
  const fd = accept4(session.listener, null, null, SOCK_NONBLOCK | SOCK_CLOEXEC);
  if (fd < 0) return;
  setNumber(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  if (session.initiator === "host") session.peer = fd;
  else session.host = fd;
}

/** Did anything arrive? A dead connection is noted. */
function readEnd(session: TcpSession, fd: number, nowNs: bigint): boolean {
  const count = recv(fd, inbox, inbox.length, MSG_DONTWAIT);
  if (count > 0) return true;
  // Only what recv() itself says ends a session: SO_ERROR also tells of passing trouble, such as a neighbour not found.
  const code = count === 0 ? 0 : errno();
  if (code === EAGAIN) return false;
  session.brokeAtNs ??= nowNs;
  session.error ??= code === 0 ? "closed" : errnoName(code);
  return false;
}

function openListener(family: 2 | 10, port: number): number {
  const fd = openSocket(family);
  setNumber(fd, SOL_SOCKET, SO_REUSEADDR, 1);
  const address = anyAddress(family, port);
  must(bind(fd, address, address.length), `TCP port ${port}`);
  must(listen(fd, 4), `TCP port ${port}`);
  return fd;
}

function openSocket(family: 2 | 10): number {
  const fd = must(socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), "a TCP socket");
  setNumber(fd, IPPROTO_TCP, TCP_NODELAY, 1);
  return fd;
}

function setNumber(fd: number, level: number, option: number, value: number): void {
  four.writeInt32LE(value, 0);
  must(setsockopt(fd, level, option, four, 4), "a socket option");
}
