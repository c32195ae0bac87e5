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
  /** Routers (IPv4) whose ARP answers and questions matter. */
  readonly routers: readonly string[];
  /** Stands in every echo we send. */
  readonly echoId: number;
  /** Our own addresses on this side: whoever asks for them is heard. */
  readonly ownIps: readonly string[];
  readonly ownIp6s: readonly string[];
  /** MAC addresses our own probes bear on the other ports: to hear them here is to know that both ports are on one LAN. */
  readonly ownMacs: readonly string[];
}

/** ARP from the routers, our own probes coming round, echo replies to us, neighbour advertisements, and who asks for our IPv6. */
export function probeFilter(heard: Heard): readonly Instruction[] {
  const ip = (text: string): number => wordOf(ipv4Bytes(text), 0);
  const alternatives: (readonly Condition[])[] = [];
  const arp = [incoming, ethertype(ETHERTYPE.arp)];
  if (heard.routers.length > 0) {
    const sender: Condition = { load: "word", at: 28, oneOf: heard.routers.map(ip) };
    alternatives.push([...arp, { load: "half", at: 20, oneOf: [2] }, sender]);
    if (heard.ownIps.length > 0) {
      const asked: Condition = { load: "word", at: 38, oneOf: heard.ownIps.map(ip) };
      alternatives.push([...arp, { load: "half", at: 20, oneOf: [1] }, sender, asked]);
    }
  }
  for (const mac of heard.ownMacs) alternatives.push([...arp, ...fromMac(mac)]);
  alternatives.push([
    incoming,
    ethertype(ETHERTYPE.ipv4),
    { load: "byte", at: 23, oneOf: [1] },
    { load: "half", at: 20, mask: 0x1fff, oneOf: [0] },
    { load: "byte", at: 0, past: "ipv4-header", oneOf: [0] },
    { load: "half", at: 4, past: "ipv4-header", oneOf: [heard.echoId] },
  ]);
  const icmp6 = [incoming, ethertype(ETHERTYPE.ipv6), { load: "byte", at: 20, oneOf: [58] } as const];
  alternatives.push([...icmp6, { load: "byte", at: 54, oneOf: [136] }]);
  alternatives.push([
    ...icmp6,
    { load: "byte", at: 54, oneOf: [129] },
    { load: "half", at: 58, oneOf: [heard.echoId] },
  ]);
  for (const own of heard.ownIp6s) {
    const bytes = ipBytes(own) ?? new Uint8Array(16);
    const target = [0, 4, 8, 12].map(
      (past): Condition => ({ load: "word", at: 62 + past, oneOf: [wordOf(bytes, past)] }),
    );
    alternatives.push([...icmp6, { load: "byte", at: 54, oneOf: [135] }, ...target]);
  }
  return compileFilter(alternatives);
}

/** Frames from these stations to a single one: no broadcast, no multicast, nothing that goes out. */
export function unicastFrom(macs: readonly string[]): readonly Instruction[] {
  const single: Condition = { load: "byte", at: 0, mask: 1, oneOf: [0] };
  return compileFilter(macs.map((mac) => [incoming, single, ...fromMac(mac)]));
}

function fromMac(mac: string): readonly Condition[] {
  const bytes = macBytes(mac) ?? new Uint8Array(6);
  return [
    { load: "word", at: 6, oneOf: [wordOf(bytes, 0)] },
    { load: "half", at: 10, oneOf: [((bytes[4] ?? 0) << 8) | (bytes[5] ?? 0)] },
  ];
}

function wordOf(bytes: Uint8Array, at: number): number {
  return new DataView(bytes.buffer, bytes.byteOffset + at, 4).getUint32(0);
}
