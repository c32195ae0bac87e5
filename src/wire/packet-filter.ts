import { ipv4Bytes } from "./arp.ts";
import { concat, fromU8, fromU16, fromU32, macBytes } from "./bytes.ts";
import { ETHERTYPE } from "./ethernet.ts";
import { ipBytes } from "./ip.ts";

/** Classic BPF programs for packet sockets: what a port's socket shall hear of. Source: linux/filter.h, Documentation/networking/filter.rst. */

/** One instruction, struct sock_filter. */
export interface Instruction {
  readonly code: number;
  readonly yes: number;
  readonly no: number;
  readonly k: number;
}

/** What a frame must hold at a place for an alternative to fit: one of some values, seen through a mask. */
export interface Condition {
  readonly load: "byte" | "half" | "word" | "packet-type";
  /** Offset in the frame; with `past` it counts from the end of the IPv4 header. */
  readonly at: number;
  readonly past?: "ipv4-header";
  readonly mask?: number;
  readonly oneOf: readonly number[];
}

const LOAD = { byte: 0x30, half: 0x28, word: 0x20 } as const;
const LOAD_PAST = { byte: 0x50, half: 0x48, word: 0x40 } as const;
const LOAD_HEADER_LENGTH = 0xb1;
const AND = 0x54;
const JUMP_EQUAL = 0x15;
const JUMP = 0x05;
const RETURN = 0x06;
/** SKF_AD_OFF + SKF_AD_PKTTYPE: whom the frame is for, as the kernel sees it. */
const PACKET_TYPE = 0xfffff000 + 4;
const WHOLE = 0x40000;

/** A program that lets pass what fits all conditions of one alternative. An alternative may hold some 60 values. */
export function compileFilter(alternatives: readonly (readonly Condition[])[]): readonly Instruction[] {
  const program: Instruction[] = [];
  for (const alternative of alternatives) {
    const steps = alternative.map(stepsOf);
    const length = steps.reduce((sum, step) => sum + step.length, 0) + 1;
    let done = 0;
    for (const step of steps) {
      done += step.length;
      // The last instruction of a step is reached when nothing fitted: on to the next alternative.
      program.push(...step.slice(0, -1), { code: JUMP, yes: 0, no: 0, k: length - done });
    }
    program.push({ code: RETURN, yes: 0, no: 0, k: WHOLE });
  }
  return [...program, { code: RETURN, yes: 0, no: 0, k: 0 }];
}

/** The bytes of a program as the kernel wants them. */
export function encodeFilter(program: readonly Instruction[]): Uint8Array {
  return concat(program.flatMap(({ code, yes, no, k }) => [fromU16(code), fromU8(yes), fromU8(no), fromU32(k >>> 0)]));
}

function stepsOf(condition: Condition): Instruction[] {
  const { load, at, past, mask, oneOf } = condition;
  const loads: Instruction[] = [];
  if (load === "packet-type") loads.push({ code: LOAD.byte, yes: 0, no: 0, k: PACKET_TYPE });
  else if (past === undefined) loads.push({ code: LOAD[load], yes: 0, no: 0, k: at });
  else {
    loads.push({ code: LOAD_HEADER_LENGTH, yes: 0, no: 0, k: 14 });
    loads.push({ code: LOAD_PAST[load], yes: 0, no: 0, k: at + 14 });
  }
  if (mask !== undefined) loads.push({ code: AND, yes: 0, no: 0, k: mask });
  // Found: past the remaining comparisons and the jump that ends the step.
  const tests = oneOf.map((value, index) => ({ code: JUMP_EQUAL, yes: oneOf.length - index, no: 0, k: value >>> 0 }));
  return [...loads, ...tests, { code: JUMP, yes: 0, no: 0, k: 0 }];
}

/** Not PACKET_OUTGOING (4): what this machine sends itself proves nothing. */
const incoming: Condition = { load: "packet-type", at: 0, oneOf: [0, 1, 2, 3] };
const ethertype = (type: number): Condition => ({ load: "half", at: 12, oneOf: [type] });

/** What a probing port must hear. */
export interface Heard {
  /** What our probes bear here: answers come to it. */
  readonly mac: string;
  /** The router whose answers matter, of either family; undefined: none is probed. */
  readonly router: string | undefined;
  /** Its MAC address as last seen: it alone is told where we are. */
  readonly routerMac: string | undefined;
  /** Stands in every echo we send, as its id and as the first eight bytes of its data. */
  readonly echoId: number;
  readonly nonce: Uint8Array;
  /** Families in which something beyond the router is probed, through a standby too: there the router may have to ask for us. */
  readonly far: readonly ("ipv4" | "ipv6")[];
  /** Families in which answers to our echoes come. Absent: those of `far`. */
  readonly echoes?: readonly ("ipv4" | "ipv6")[];
  /** Our own addresses on this side, which the router asks for when it has an answer to deliver; undefined: none. */
  readonly ownIp: string | undefined;
  readonly ownIp6: string | undefined;
  /** MAC addresses our own probes bear on the other ports: to hear them here is to know that both ports are on one LAN. */
  readonly ownMacs: readonly string[];
}

/** Answers from the router and to our echoes, the router looking for us, and our own probes coming round. All else ends in the
 *  kernel: what a stranger sends, and however much of it, costs this process nothing. */
export function probeFilter(heard: Heard): readonly Instruction[] {
  const alternatives = [
    ...answersFrom(heard),
    ...heard.ownMacs.map((mac) => [...arp, ...macIs(6, mac)]),
    ...(heard.echoes ?? heard.far).map((family) => (family === "ipv4" ? ourEcho4(heard) : ourEcho6(heard))),
    ...questionsFrom(heard),
  ];
  return compileFilter(alternatives);
}

const arp = [incoming, ethertype(ETHERTYPE.arp)];
const icmp6 = [incoming, ethertype(ETHERTYPE.ipv6), { load: "byte", at: 20, oneOf: [58] } as const];
const message6 = (type: number): readonly Condition[] => [...icmp6, { load: "byte", at: 54, oneOf: [type] }];

function answersFrom({ router, mac }: Heard): readonly (readonly Condition[])[] {
  if (router === undefined) return [];
  if (router.includes(":")) return [[...message6(136), ...wordsAre(62, ipBytes(router) ?? new Uint8Array(16))]];
  const reply: Condition = { load: "half", at: 20, oneOf: [2] };
  return [[...arp, ...macIs(0, mac), reply, ...wordsAre(28, ipv4Bytes(router)), ...macIs(32, mac)]];
}

function questionsFrom({ router, routerMac, far, ownIp, ownIp6 }: Heard): readonly (readonly Condition[])[] {
  if (router === undefined || routerMac === undefined) return [];
  const asked: (readonly Condition[])[] = [];
  if (far.includes("ipv4") && ownIp !== undefined && !router.includes(":")) {
    const request: Condition = { load: "half", at: 20, oneOf: [1] };
    const words = [...wordsAre(28, ipv4Bytes(router)), ...wordsAre(38, ipv4Bytes(ownIp))];
    asked.push([...arp, ...macIs(22, routerMac), request, ...words]);
  }
  if (far.includes("ipv6") && ownIp6 !== undefined) {
    asked.push([...message6(135), ...macIs(6, routerMac), ...wordsAre(62, ipBytes(ownIp6) ?? new Uint8Array(16))]);
  }
  return asked;
}

function ourEcho4({ echoId, nonce }: Heard): readonly Condition[] {
  const past = "ipv4-header";
  return [
    incoming,
    ethertype(ETHERTYPE.ipv4),
    { load: "byte", at: 23, oneOf: [1] },
    { load: "half", at: 20, mask: 0x1fff, oneOf: [0] },
    { load: "byte", at: 0, past, oneOf: [0] },
    { load: "half", at: 4, past, oneOf: [echoId] },
    ...wordsAre(8, nonce).map((word): Condition => ({ ...word, past })),
  ];
}

function ourEcho6({ echoId, nonce }: Heard): readonly Condition[] {
  return [...message6(129), { load: "half", at: 58, oneOf: [echoId] }, ...wordsAre(62, nonce)];
}

/** Frames from these stations to a single one: no broadcast, no multicast, nothing that goes out. */
export function unicastFrom(macs: readonly string[]): readonly Instruction[] {
  const single: Condition = { load: "byte", at: 0, mask: 1, oneOf: [0] };
  return compileFilter(macs.map((mac) => [incoming, single, ...macIs(6, mac)]));
}

/** Everything that comes in from these stations, broadcasts too. */
export function anyFrom(macs: readonly string[]): readonly Instruction[] {
  return compileFilter(macs.map((mac) => [incoming, ...macIs(6, mac)]));
}

function macIs(at: number, mac: string): readonly Condition[] {
  const bytes = macBytes(mac) ?? new Uint8Array(6);
  return [
    { load: "word", at, oneOf: [wordOf(bytes, 0)] },
    { load: "half", at: at + 4, oneOf: [((bytes[4] ?? 0) << 8) | (bytes[5] ?? 0)] },
  ];
}

/** Four bytes at a time; what is left over is not looked at. */
function wordsAre(at: number, bytes: Uint8Array): readonly Condition[] {
  return Array.from({ length: bytes.length >> 2 }, (_, word) => ({
    load: "word" as const,
    at: at + 4 * word,
    oneOf: [wordOf(bytes, 4 * word)],
  }));
}

function wordOf(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0);
}
