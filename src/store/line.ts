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
  const rest = `"id":${id},"at":${at},"boot":${JSON.stringify(bootId)},"mono":${monotonicMs},"event":${JSON.stringify(event)}}`;
  return Buffer.from(`{"crc":"${checksum(Buffer.from(rest))}",${rest}\n`);
}

function checksum(bytes: Uint8Array): string {
  return crc32(bytes).toString(16).padStart(crcDigits, "0");
}

/** A record as it was found: its place, what its head says, and the event, read and checked only when asked for. */
export interface FoundLine {
  readonly start: number;
  /** Of the whole record, line break included. */
  readonly end: number;
  readonly id: number;
  readonly at: number;
  /** undefined: the checksum doesn't hold. */
  readonly open: () => StoredEvent | undefined;
}

/** Looks through a segment. `record` gets everything that has a record's head; `junk` every stretch that hasn't. */
export function scanLines(
  bytes: Buffer,
  record: (line: FoundLine) => void,
  junk: (start: number, end: number) => void,
): void {
  let at = nextMarker(bytes, 0);
  if (at > 0) junk(0, at);
  while (at < bytes.length) {
    const next = nextMarker(bytes, at + marker.length);
    const end = lineEnd(bytes, at, next);
    const head = readHead(bytes, at, end);
    if (head === undefined) junk(at, end);
    else record({ start: at, end, ...head, open: openerOf(bytes, at, end) });
    if (end < next) junk(end, next);
    at = next;
  }
}

function nextMarker(bytes: Buffer, from: number): number {
  const found = bytes.indexOf(marker, from);
  return found === -1 ? bytes.length : found;
}

/** After its line break, or where the next record begins if the break is gone. */
function lineEnd(bytes: Buffer, start: number, next: number): number {
  const found = bytes.subarray(start, next).indexOf(newline);
  return found === -1 ? next : start + found + 1;
}

function openerOf(bytes: Buffer, start: number, end: number): FoundLine["open"] {
  return () => openRecord(bytes, start, end);
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

/** Checks and reads a record. Its line break may be another byte now, or missing: the record itself is whole without it. */
function openRecord(bytes: Buffer, start: number, end: number): StoredEvent | undefined {
  const crc = bytes.toString("latin1", start + marker.length, start + marker.length + crcDigits);
  for (const stop of bytes[end - 1] === newline ? [end - 1] : [end - 1, end]) {
    const body = bytes.subarray(start + bodyAt, stop);
    if (checksum(body) === crc) return parseBody(body);
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
