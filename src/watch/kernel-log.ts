import type { Kept, StoredEvent } from "./chronicle.ts";
import { type BondMessage, readBondMessage } from "./kernel-message.ts";

/** What a log doesn't say of its own times. */
export interface LogClock {
  /** Wall clock, ms: stamps without a year belong to the last twelve months before. */
  readonly now: number;
  /** What local time was ahead of UTC at a moment, ms. */
  readonly offsetMs: (at: number) => number;
  /** When the host booted, ms: turns "[  12.345678]" into wall time. undefined: not known. */
  readonly bootedAt: number | undefined;
}

/** The history that a kernel log tells of one bond. */
export interface KernelHistory {
  readonly events: readonly StoredEvent[];
  /** The bond it is about; "" if the log speaks of none. */
  readonly bond: string;
  /** Other bonds the log speaks of. */
  readonly others: readonly string[];
  /** What `at` is. boot: the log says only how long after a boot; none: it has no times. */
  readonly clock: "wall" | "boot" | "none";
}

/** Reads the text of a kernel log (dmesg, journalctl, syslog, /dev/kmsg) for what the bonding driver said of a bond: of the
 *  one asked for, or the one it spoke of most. Lines it doesn't know are skipped. Never throws. */
export function readKernelLog(text: string, clock: LogClock, asked?: string): KernelHistory {
  const said: Said[] = [];
  const times = timeReader(clock);
  for (const line of text.split(/\r?\n/)) {
    const stamped = times(line);
    const message = readBondMessage(stamped.text);
    if (message !== undefined && message.tells.kind !== "chatter") said.push({ ...stamped, message });
  }
  const bonds = mostNamed(said);
  const bond = asked ?? bonds[0] ?? "";
  const mine = said.filter(({ message }) => message.bond === bond);
  const kind = clockOf(mine);
  return { bond, others: bonds.filter((each) => each !== bond), clock: kind, events: eventsOf(mine, kind) };
}

function clockOf(said: readonly Said[]): KernelHistory["clock"] {
  if (said.some(({ wall }) => wall !== undefined)) return "wall";
  return said.some(({ bootMs }) => bootMs !== undefined) ? "boot" : "none";
}

interface Said extends Stamped {
  readonly message: BondMessage;
}

function mostNamed(said: readonly Said[]): readonly string[] {
  const counts = new Map<string, number>();
  for (const { message } of said) counts.set(message.bond, (counts.get(message.bond) ?? 0) + 1);
  return [...counts.keys()].toSorted((a, b) => (counts.get(b) ?? 0) - (counts.get(a) ?? 0));
}

function eventsOf(said: readonly Said[], clock: KernelHistory["clock"]): readonly StoredEvent[] {
  const events: StoredEvent[] = [];
  const links = new Map<string, boolean>();
  let active = "";
  let last = 0;
  const keep = (one: Said, event: Kept) => {
    // A line without a time came after the one before it.
    last = (clock === "wall" ? one.wall : one.bootMs) ?? last;
    const at = Math.round(last);
    const boot = one.bootMs ?? last;
    events.push({ id: events.length + 1, at, bootId: `kernel-log-${one.boot}`, monotonicMs: boot, event });
  };
  for (const one of said) {
    const { bond, port, tells } = one.message;
    switch (tells.kind) {
      case "link":
        // Down in two steps, up in two steps: the first tells of the carrier, the second of what the bond makes of it.
        if (port !== "" && links.get(port) !== tells.up) keep(one, { what: "carrier", port, up: tells.up });
        links.set(port, tells.up);
        break;
      case "active":
        if (port !== active) keep(one, { what: "kernel-moved", from: active, to: port });
        active = port;
        break;
      case "none-active":
        keep(one, { what: "kernel-moved", from: active, to: "" });
        active = "";
        break;
      case "enslaved":
        links.set(port, tells.up);
        keep(one, { what: "kernel-enslaved", bond, port });
        break;
      case "released":
        links.delete(port);
        if (port === active) active = "";
        keep(one, { what: "kernel-released", bond, port });
        break;
      case "said":
        keep(one, { what: "kernel-bond", bond, text: port === "" ? tells.text : `${port}: ${tells.text}` });
    }
  }
  return events;
}

/** A line without its head; what the head says of the time. */
interface Stamped {
  readonly text: string;
  readonly wall: number | undefined;
  /** Since boot, ms. */
  readonly bootMs: number | undefined;
  /** Counts the boots of the log: its seconds began anew. */
  readonly boot: number;
}

const months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

function timeReader(clock: LogClock): (line: string) => Stamped {
  let boot = 0;
  let last = 0;
  return (line) => {
    const { text, wall, bootMs } = readJournal(line) ?? readLine(line, clock);
    if (bootMs !== undefined && bootMs < last) boot += 1;
    last = bootMs ?? last;
    const at = wall ?? (bootMs === undefined || clock.bootedAt === undefined ? undefined : clock.bootedAt + bootMs);
    return { text, wall: at, bootMs, boot };
  };
}

type Head = Omit<Stamped, "boot">;

function readLine(line: string, clock: LogClock): Head {
  const { rest, wall } = readWall(line.replace(/^<\d+>/, "").trimStart(), clock);
  return { ...readSeconds(rest), wall };
}

/** journalctl -o json: an object a line, times in µs as text. Source: systemd.journal-fields(7). */
function readJournal(line: string): Head | undefined {
  if (!line.startsWith("{")) return undefined;
  try {
    const fields = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const ms = (name: string): number | undefined => {
      const text = fields[name];
      return typeof text === "string" && /^\d{1,17}$/.test(text) ? Number(text) / 1000 : undefined;
    };
    const { MESSAGE: said, _TRANSPORT: from = "kernel" } = fields;
    const text = from === "kernel" && typeof said === "string" ? said : "";
    return { text, wall: ms("__REALTIME_TIMESTAMP"), bootMs: ms("__MONOTONIC_TIMESTAMP") };
  } catch {
    return undefined;
  }
}

/** "[   12.345678] ", "[   12.345678][ T123] ", "6,339,5140900,-;" */
function readSeconds(line: string): { readonly text: string; readonly bootMs: number | undefined } {
  const dmesg = /^\[ *(\d+)\.(\d{1,9})\](?:\[[^\]]*\])? ?/.exec(line);
  if (dmesg !== null) {
    return { text: line.slice(dmesg[0].length), bootMs: Number(`${dmesg[1]}.${dmesg[2]}`) * 1000 };
  }
  const kmsg = /^\d+,\d+,(\d+),[^;]*;/.exec(line);
  if (kmsg !== null) return { text: line.slice(kmsg[0].length), bootMs: Number(kmsg[1]) / 1000 };
  return { text: line, bootMs: undefined };
}

type Wall = { readonly rest: string; readonly wall: number | undefined };

function readWall(line: string, clock: LogClock): Wall {
  return readUnix(line) ?? readIso(line, clock) ?? readSyslog(line, clock) ?? readDmesgDate(line, clock) ?? bare(line);
}

const fromKernel = /^\S+ kernel: /;

function bare(line: string): Wall {
  return { rest: line.replace(fromKernel, ""), wall: undefined };
}

/** journalctl -o short-unix: "1700000000.123456 host kernel: " */
function readUnix(line: string): Wall | undefined {
  const found = /^(\d{9,11}\.\d{1,6}) /.exec(line);
  return found === null
    ? undefined
    : { rest: line.slice(found[0].length).replace(fromKernel, ""), wall: Number(found[1]) * 1000 };
}

/** journalctl -o short-iso, dmesg --time-format iso, rsyslog: "2025-11-03T14:03:12.5+01:00 host kernel: " */
function readIso(line: string, clock: LogClock): Wall | undefined {
  const found = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d):(\d\d)(?:[.,](\d{1,9}))?(Z|[+-]\d\d:?\d\d)? /.exec(line);
  if (found === null) return undefined;
  const [whole, year, month, day, hour, minute, second, fraction = "0", zone] = found;
  const utc = utcMs(Number(year), Number(month), Number(day), Number(hour), Number(minute), Number(second));
  const at = utc + Number(`0.${fraction}`) * 1000;
  return {
    rest: line.slice(whole.length).replace(fromKernel, ""),
    wall: zone === undefined ? local(at, clock) : at - zoneMs(zone),
  };
}

function zoneMs(zone: string): number {
  if (zone === "Z") return 0;
  const digits = zone.replace(":", "");
  const minutes = Number(digits.slice(1, 3)) * 60 + Number(digits.slice(3, 5));
  return (zone.startsWith("-") ? -minutes : minutes) * 60_000;
}

/** "Nov  3 14:03:12 host kernel: " of the last twelve months. */
function readSyslog(line: string, clock: LogClock): Wall | undefined {
  const found = /^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))? \S+ kernel: /.exec(line);
  const month = months.indexOf(found?.[1] ?? "") + 1;
  if (found === null || month === 0) return undefined;
  const [whole, , day, hour, minute, second, fraction = "0"] = found;
  const inYear = (year: number) =>
    local(utcMs(year, month, Number(day), Number(hour), Number(minute), Number(second)), clock) +
    Number(`0.${fraction}`) * 1000;
  const thisYear = yearOf(clock.now + clock.offsetMs(clock.now));
  // A day of grace: the clock of who wrote it may have been ahead.
  const at = inYear(thisYear) > clock.now + 86_400_000 ? inYear(thisYear - 1) : inYear(thisYear);
  return { rest: line.slice(whole.length), wall: at };
}

/** dmesg -T: "[Mon Nov  3 14:03:12 2025] " */
function readDmesgDate(line: string, clock: LogClock): Wall | undefined {
  const found = /^\[[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d) (\d{4})\] /.exec(line);
  const month = months.indexOf(found?.[1] ?? "") + 1;
  if (found === null || month === 0) return undefined;
  const [whole, , day, hour, minute, second, year] = found;
  const utc = utcMs(Number(year), month, Number(day), Number(hour), Number(minute), Number(second));
  return { rest: line.slice(whole.length), wall: local(utc, clock) };
}

function local(asUtc: number, clock: LogClock): number {
  return asUtc - clock.offsetMs(asUtc);
}

/** Days from a civil date, by the proleptic Gregorian calendar; years begin in March so that leap days come last. */
function utcMs(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  const from = month > 2 ? year : year - 1;
  const era = Math.floor(from / 400);
  const yearOfEra = from - era * 400;
  const dayOfYear = Math.floor((153 * (month > 2 ? month - 3 : month + 9) + 2) / 5) + day - 1;
  const days =
    era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
  return (((days * 24 + hour) * 60 + minute) * 60 + second) * 1000;
}

function yearOf(at: number): number {
  let year = 1970 + Math.floor(at / 31_556_952_000);
  while (utcMs(year + 1, 1, 1, 0, 0, 0) <= at) year += 1;
  while (utcMs(year, 1, 1, 0, 0, 0) > at) year -= 1;
  return year;
}
