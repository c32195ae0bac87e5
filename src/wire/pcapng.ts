import { concat, fromU16, fromU32 } from "./bytes.ts";

/** Captured packets as files: pcap is read (what tcpdump and dumpcap write), pcapng is written, with an interface for each port and
 *  words on packets. Source: draft-ietf-opsawg-pcap, draft-ietf-opsawg-pcapng. */

export interface CapturedPacket {
  /** Since 1970, ns. */
  readonly atNs: bigint;
  /** What was kept of it. */
  readonly bytes: Uint8Array;
  /** What it was long on the wire, bytes. */
  readonly length: number;
}

export interface Pcap {
  readonly linkType: number;
  readonly snapLength: number;
  readonly packets: readonly CapturedPacket[];
}

export interface Capture {
  /** Who wrote it. */
  readonly application: string;
  /** About the whole. */
  readonly comment: string;
  readonly interfaces: readonly CaptureInterface[];
  /** In order of time. */
  readonly packets: readonly MarkedPacket[];
}

export interface CaptureInterface {
  readonly name: string;
  readonly description: string;
  readonly linkType: number;
  readonly snapLength: number;
}

export interface MarkedPacket extends CapturedPacket {
  /** Which of the interfaces, from 0. */
  readonly interface: number;
  /** Each is shown beside the packet. */
  readonly comments: readonly string[];
}

const microseconds = 0xa1b2c3d4;
const nanoseconds = 0xa1b23c4d;
/** No packet is longer; what says so is no capture. */
const mostBytes = 1 << 18;

/** Reads a pcap file, in either byte order and precision, up to where it breaks off; undefined: it is none. */
export function decodePcap(bytes: Uint8Array): Pcap | undefined {
  if (bytes.length < 24) return undefined;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const little = [microseconds, nanoseconds].includes(view.getUint32(0, true));
  const magic = view.getUint32(0, little);
  if (magic !== microseconds && magic !== nanoseconds) return undefined;
  const grain = magic === nanoseconds ? 1n : 1_000n;
  const packets: CapturedPacket[] = [];
  for (let at = 24; at + 16 <= bytes.length; ) {
    const kept = view.getUint32(at + 8, little);
    if (kept > mostBytes || at + 16 + kept > bytes.length) break;
    packets.push({
      atNs: BigInt(view.getUint32(at, little)) * 1_000_000_000n + BigInt(view.getUint32(at + 4, little)) * grain,
      bytes: bytes.subarray(at + 16, at + 16 + kept),
      length: view.getUint32(at + 12, little),
    });
    at += 16 + kept;
  }
  return { linkType: view.getUint32(20, little) & 0xffff, snapLength: view.getUint32(16, little), packets };
}

const sectionHeader = 0x0a0d0d0a;
const interfaceDescription = 1;
const enhancedPacket = 6;
/** Options, by block. */
const endOfOptions = 0;
const commentOption = 1;
const applicationOption = 4;
const nameOption = 2;
const descriptionOption = 3;
const resolutionOption = 9;
const byteOrder = 0x1a2b3c4d;

/** A pcapng file. */
export function encodePcapng({ application, comment, interfaces, packets }: Capture): Uint8Array {
  const blocks = [
    block(sectionHeader, [
      fromU32(byteOrder),
      fromU16(1),
      fromU16(0),
      // How long the section is: not said.
      fromU32(0xffffffff),
      fromU32(0xffffffff),
      ...options([
        [applicationOption, application],
        [commentOption, comment],
      ]),
    ]),
    ...interfaces.map(({ name, description, linkType, snapLength }) =>
      block(interfaceDescription, [
        fromU16(linkType),
        fromU16(0),
        fromU32(snapLength),
        ...options([
          [nameOption, name],
          [descriptionOption, description],
          // Times count in 10⁻⁹ s.
          [resolutionOption, Uint8Array.of(9)],
        ]),
      ]),
    ),
    ...packets.map((packet) =>
      block(enhancedPacket, [
        fromU32(packet.interface),
        fromU32(Number(packet.atNs >> 32n)),
        fromU32(Number(packet.atNs & 0xffffffffn)),
        fromU32(packet.bytes.length),
        fromU32(packet.length),
        padded(packet.bytes),
        ...options(packet.comments.map((text) => [commentOption, text])),
      ]),
    ),
  ];
  return concat(blocks);
}

type Option = readonly [code: number, value: string | Uint8Array];

/** An option is at most so long; a comment beyond is cut. */
const mostOption = 0xffff;
const utf8 = new TextEncoder();

function options(list: readonly Option[]): readonly Uint8Array[] {
  const said = list.filter(([, value]) => value.length > 0);
  if (said.length === 0) return [];
  const each = said.flatMap(([code, value]) => {
    const bytes = (typeof value === "string" ? utf8.encode(value) : value).subarray(0, mostOption);
    return [fromU16(code), fromU16(bytes.length), padded(bytes)];
  });
  return [...each, fromU16(endOfOptions), fromU16(0)];
}

function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const length = parts.reduce((sum, part) => sum + part.length, 12);
  return concat([fromU32(type), fromU32(length), ...parts, fromU32(length)]);
}

/** To a whole number of 32-bit words. */
function padded(bytes: Uint8Array): Uint8Array {
  if (bytes.length % 4 === 0) return bytes;
  const whole = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  whole.set(bytes);
  return whole;
}

/** Something that happened, to be seen in a capture. */
export interface Mark {
  readonly atNs: bigint;
  readonly text: string;
}

/** Packets of several interfaces in one order, with each mark on the first packet at or after its moment, or the last there is. */
export function markPackets(
  packets: readonly Omit<MarkedPacket, "comments">[],
  marks: readonly Mark[],
): readonly MarkedPacket[] {
  const sorted = packets.toSorted((one, other) => (one.atNs < other.atNs ? -1 : one.atNs > other.atNs ? 1 : 0));
  const comments = new Map<number, string[]>();
  for (const { atNs, text } of marks) {
    const after = sorted.findIndex((packet) => packet.atNs >= atNs);
    const index = after < 0 ? sorted.length - 1 : after;
    const gapMs = Number((sorted[index]?.atNs ?? atNs) - atNs) / 1e6;
    const where = `${Math.abs(gapMs).toFixed(1)} ms ${gapMs < 0 ? "after" : "before"} this packet`;
    comments.set(index, [...(comments.get(index) ?? []), `${text} (${where})`]);
  }
  return sorted.map((packet, index) => ({ ...packet, comments: comments.get(index) ?? [] }));
}
