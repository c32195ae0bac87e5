import { randomBytes } from "node:crypto";
import { decodeNumbered, encodeNumbered, nonceBytes } from "../wire/reflected.ts";

/** One drill as its reflector sees it: packets numbered both ways, and when they were here. Times are ms of this machine's clock. */
export interface ReflectSession {
  readonly nonce: string;
  /** Where the drill has called from by TCP: nobody can pretend to be there. */
  readonly proven: Set<string>;
  readonly paceMs: number;
  readonly beganMs: number;
  /** Numbers of packets that came, and when. */
  readonly arrivedAtMs: Map<number, number>;
  readonly sentAtMs: number[];
  readonly beatsAtMs: number[];
  /** Where packets last came from. */
  target: { readonly address: Uint8Array; readonly ip: string } | undefined;
  heardAtMs: number;
  dueAtMs: number;
}

/** What the drill gets at its end. */
export interface ReflectReport {
  readonly sent: readonly number[];
  /** Number, time, number, time, … */
  readonly arrived: readonly number[];
  readonly beats: readonly number[];
}

/** No session sends more often, ms. */
export const leastPaceMs = 5;
const mostPaceMs = 1_000;
/** A session that nothing has been heard of for so long sends no more, ms: the longest cut, and a little. */
const silentMs = 30_000;
/** How long a session is kept, ms; packets kept of each. */
export const sessionMs = 600_000;
const mostKept = 120_000;

export function newSession(paceMs: number, from: string, nowMs: number): ReflectSession {
  return {
    nonce: randomBytes(nonceBytes).toString("hex"),
    proven: new Set([from]),
    paceMs: Math.min(mostPaceMs, Math.max(leastPaceMs, paceMs)),
    beganMs: nowMs,
    arrivedAtMs: new Map(),
    sentAtMs: [],
    beatsAtMs: [],
    target: undefined,
    heardAtMs: nowMs,
    dueAtMs: nowMs,
  };
}

/** Takes in a packet: what is to be sent back, if anything. To an address that has only been claimed goes one for each that came from
 *  there, of the same size; a proven one gets the session's own stream. */
export function onPacket(
  session: ReflectSession,
  packet: { readonly payload: Uint8Array; readonly from: Uint8Array; readonly ip: string; readonly atMs: number },
): Uint8Array | undefined {
  const numbered = decodeNumbered(packet.payload);
  if (numbered === undefined || session.arrivedAtMs.size >= mostKept) return undefined;
  const isNew = !session.arrivedAtMs.has(numbered.sequence);
  if (isNew) session.arrivedAtMs.set(numbered.sequence, packet.atMs);
  session.heardAtMs = packet.atMs;
  if (session.target === undefined || Buffer.compare(session.target.address, packet.from) !== 0) {
    session.target = { address: Uint8Array.from(packet.from), ip: packet.ip };
  }
  return isNew && !session.proven.has(packet.ip) ? nextPacket(session, packet.atMs) : undefined;
}

/** The session's own next packet, when it is due. */
export function duePacket(session: ReflectSession, nowMs: number): Uint8Array | undefined {
  const { target } = session;
  if (target === undefined || !session.proven.has(target.ip) || nowMs < session.dueAtMs) return undefined;
  const next = session.dueAtMs + session.paceMs;
  session.dueAtMs = next > nowMs ? next : nowMs + session.paceMs;
  if (nowMs - session.heardAtMs > silentMs || session.sentAtMs.length >= mostKept) return undefined;
  return nextPacket(session, nowMs);
}

function nextPacket(session: ReflectSession, nowMs: number): Uint8Array {
  const sequence = session.sentAtMs.length;
  session.sentAtMs.push(nowMs);
  return encodeNumbered({ nonce: Buffer.from(session.nonce, "hex"), sequence, sentAtMs: nowMs });
}

export function reportOf({ sentAtMs, arrivedAtMs, beatsAtMs }: ReflectSession): ReflectReport {
  const micro = (ms: number): number => Math.round(ms * 1000) / 1000;
  return {
    sent: sentAtMs.map(micro),
    arrived: [...arrivedAtMs].flatMap(([sequence, at]) => [sequence, micro(at)]),
    beats: beatsAtMs.map(micro),
  };
}
