import { crc32 } from "node:zlib";
import type { Kept, StoredEvent } from "../watch/chronicle.ts";

/* One event is one line of JSON that any tool reads:
 *   {"crc":"1a2b3c4d","id":17,"at":1700000000000,"boot":"…","mono":1234.5,"event":{…}}
 * The checksum is CRC-32 of everything after its own comma. Inside JSON strings a quote is escaped, so the eight bytes of
 * the marker stand nowhere but at the beginning of a record: that is how a reader finds its way again after damage. */
const marker = Buffer.from('{"crc":"');
const crcDigits = 8;
const bodyAt = marker.length + crcDigits + 2;
const newline = 0x0a;

/** The line of an event, with its line break. */
export function encodeLine(stored: StoredEvent): Buffer {
  const { id, at, bootId, monotonicMs, event } = stored;
  const { what, ...more } = event;
  // What it is stands first, whoever made the object: `kindOf` reads it there.
  const said = JSON.stringify({ what, ...more });
  const rest = `"id":${id},"at":${at},"boot":${JSON.stringify(bootId)},"mono":${monotonicMs},"event":${said}}`;
  return Buffer.from(`{"crc":"${checksum(Buffer.from(rest))}",${rest}\n`);
}

function checksum(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(crcDigits, "0");
}

/** A record as it was found: where it begins, and where the next one does; what its head says. */
export interface FoundLine {
  readonly start: number;
  readonly next: number;
  readonly id: number;
  readonly at: number;
}

/** What is looked for in a segment. */
export interface Scan {
  /** Is a record with this id and wall time of interest? The others are passed over, unchecked. */
  readonly isWanted: (id: number, at: number) => boolean;
  readonly record: (line: FoundLine) => void;
  /** A stretch without the head of a record. */
  readonly junk: (start: number, end: number) => void;
}

/** Looks through a segment for the heads of records. */
export function scanLines(bytes: Buffer, { isWanted, record, junk }: Scan): void {
  let start = nextMarker(bytes, 0);
  if (start > 0) junk(0, start);
  while (start < bytes.length) {
    const next = nextMarker(bytes, start + marker.length);
    const head = readHead(bytes, start, next);
    if (head === undefined) junk(start, next);
    else if (isWanted(head.id, head.at)) record({ start, next, ...head });
    start = next;
  }
}

/** Every record of a segment, and every stretch that is none. */
export function readLines(
  bytes: Buffer,
  record: (event: StoredEvent, end: number) => void,
  junk: (start: number, end: number) => void,
): void {
  scanLines(bytes, {
    isWanted: () => true,
    junk,
    record: (line) => {
      const opened = openRecord(bytes, line);
      if (opened === undefined) return junk(line.start, line.next);
      record(opened.event, opened.end);
      if (opened.end < line.next) junk(opened.end, line.next);
    },
  });
}

function nextMarker(bytes: Buffer, from: number): number {
  const found = bytes.indexOf(marker, from);
  return found === -1 ? bytes.length : found;
}

/** `","id":17,"at":1700000000000,` read by hand: most records of a large journal are only looked at this far. */
function readHead(bytes: Buffer, start: number, end: number): { id: number; at: number } | undefined {
  if (bytes[start + bodyAt - 2] !== 0x22 || bytes[start + bodyAt - 1] !== 0x2c) return undefined;
  const idAt = start + bodyAt + 5;
  let at = idAt;
  let id = 0;
  for (let digit = bytes[at]; isDigit(digit) && at < end; digit = bytes[at]) {
    id = id * 10 + digit - 0x30;
    at += 1;
  }
  if (id === 0 || at - idAt > 16) return undefined;
  const wallAt = at + 6;
  let wall = 0;
  at = wallAt;
  for (let digit = bytes[at]; isDigit(digit) && at < end; digit = bytes[at]) {
    wall = wall * 10 + digit - 0x30;
    at += 1;
  }
  return at === wallAt || at - wallAt > 16 ? undefined : { id, at: wall };
}

function isDigit(byte: number | undefined): byte is number {
  return byte !== undefined && byte >= 0x30 && byte <= 0x39;
}

const eventMark = Buffer.from('"event":{"what":"');
const quote = 0x22;

/** Whether bytes can hold an event of one of these kinds at all: a look at the whole, ten times as fast as one at every line. */
export function mayHold(bytes: Buffer, kinds: readonly string[]): boolean {
  return kinds.some((kind) => bytes.includes(`${eventMark.toString()}${kind}"`));
}

/** The kind of a record's event, read off its bytes unchecked. "" where it can't be seen: such a line is none of any kind that is asked for. */
export function kindOf(bytes: Buffer, { start, next }: FoundLine): string {
  const line = bytes.subarray(start, next);
  const from = line.indexOf(eventMark);
  if (from < 0) return "";
  const begin = from + eventMark.length;
  return line.toString("latin1", begin, Math.max(begin, line.indexOf(quote, begin)));
}

/** Checks and reads a record; `end` is behind its line break. The break may be another byte now, or missing: the record is
 *  whole without it. What follows may have lost its own head. undefined: the checksum doesn't hold. */
export function openRecord(
  bytes: Buffer,
  { start, next }: FoundLine,
): { readonly event: StoredEvent; readonly end: number } | undefined {
  const crc = bytes.toString("latin1", start + marker.length, start + marker.length + crcDigits);
  const broken = bytes.subarray(start, next).indexOf(newline);
  const ends = broken === -1 ? [next - 1, next] : [start + broken];
  for (const stop of ends) {
    const body = bytes.subarray(start + bodyAt, stop);
    if (checksum(body) !== crc) continue;
    const event = parseBody(body);
    return event === undefined ? undefined : { event, end: Math.min(stop + 1, next) };
  }
  return undefined;
}

function parseBody(body: Buffer): StoredEvent | undefined {
  try {
    const { id, at, boot, mono, event }: Body = JSON.parse(`{${body.toString("utf8")}`);
    return { id, at, bootId: boot, monotonicMs: mono, event };
  } catch {
    return undefined;
  }
}

interface Body {
  readonly id: number;
  readonly at: number;
  readonly boot: string;
  readonly mono: number;
  readonly event: Kept;
}
