import { monotonicNs, sleepUntilNs, wallOffsetNs } from "../../host/linux/libc.ts";
import type { LabOperation, TimedOperation } from "../../topology/lab-plan.ts";
import { type Direction, healthySinceNs, receive, sendNext, settle, teachers } from "./flows.ts";
import { activePortIn, isTelling, type KernelLog, readKernelLog } from "./kernel-log.ts";
import { type Operator, operate, operationText } from "./operate.ts";
import { interval, type Timing } from "./pace.ts";
import { listenToSsh, type SshSession } from "./ssh-session.ts";
import { beatSession, listenToSession, type TcpSession } from "./tcp-session.ts";

/** A stretch of guest time in which packets flow, operations are done on the instant, and everything is written down. */
export interface Watch {
  readonly operator: Operator;
  readonly log: KernelLog;
  readonly timing: Timing;
  /** Its clock stands still while something is computed. */
  readonly leaps: boolean;
  /** Tells this watch's packets from those of others. */
  readonly number: number;
  readonly bonds: readonly string[];
  readonly directions: readonly Direction[];
  readonly teachers: readonly Direction[];
  readonly sessions: readonly TcpSession[];
  readonly ssh: SshSession | undefined;
  readonly wallOffsetNs: bigint;
  readonly startNs: bigint;
  readonly pending: { readonly atNs: bigint; readonly operation: LabOperation }[];
  readonly done: { readonly atNs: bigint; readonly text: string }[];
  readonly kernel: { readonly atNs: bigint; readonly text: string }[];
  readonly active: { readonly atNs: bigint; readonly port: string }[];
  /** Losing here is what keeps the rate up. */
  awaited: readonly Direction[];
  nowNs: bigint;
  nextSendNs: bigint;
  nextBeatNs: bigint;
  nextDrainNs: bigint;
  denseUntilNs: bigint;
  eventNs: bigint;
  badSinceNs: bigint | undefined;
}

const MS = 1_000_000n;
/** How long arrivals may wait in their sockets. They carry the kernel's stamp, so this only delays decisions. */
const DRAIN_NS = 20n * MS;

export interface WatchSettings
  extends Pick<
    Watch,
    "operator" | "log" | "timing" | "leaps" | "number" | "bonds" | "directions" | "sessions" | "ssh"
  > {
  /** Which port of the main bond is active now; "" when there is none. */
  readonly activePort: string;
  /** Not before now. */
  readonly startNs: bigint;
}

/** The next whole millisecond: when a watch may begin. */
export function soonNs(): bigint {
  return (monotonicNs() / MS + 1n) * MS;
}

/** Begins a watch. */
export function startWatch({ activePort, ...settings }: WatchSettings): Watch {
  readKernelLog(settings.log);
  const { startNs } = settings;
  return {
    ...settings,
    teachers: teachers(settings.directions),
    awaited: settings.directions,
    wallOffsetNs: wallOffsetNs(),
    pending: [],
    done: [],
    kernel: [],
    active: [{ atNs: startNs, port: activePort }],
    nowNs: startNs,
    nextSendNs: startNs,
    nextBeatNs: startNs,
    nextDrainNs: startNs + DRAIN_NS,
    denseUntilNs: startNs + settings.timing.denseForNs,
    eventNs: startNs,
    badSinceNs: undefined,
  };
}

/** Has operations done at their moments, counted from `fromNs`. Stock is taken on a grid that begins there too: what is decided then
 *  does not hang on how long the watch has been going on. */
export function schedule(watch: Watch, operations: readonly TimedOperation[], fromNs: bigint): void {
  const timed = operations.map((each) => ({ atNs: fromNs + BigInt(Math.round(each.atMs * 1e6)), operation: each.do }));
  watch.pending.push(...timed);
  watch.nextDrainNs = fromNs + DRAIN_NS;
  watch.pending.sort((one, other) => (one.atNs < other.atNs ? -1 : one.atNs > other.atNs ? 1 : 0));
}

/** Lets time pass until `isOver` says so (asked whenever arrivals have been taken in) or the deadline; what is due later is left for
 *  the next call. True: it was over. */
export function runUntil(watch: Watch, deadlineNs: bigint, isOver: () => boolean): boolean {
  while (watch.nextSendNs <= deadlineNs) {
    operateBefore(watch, watch.nextSendNs);
    sleepUntilNs(watch.nextSendNs);
    // In virtual time sleeping ends on the instant; asking the clock would cost as much as a packet.
    watch.nowNs = watch.leaps ? watch.nextSendNs : monotonicNs();
    step(watch);
    if (watch.nowNs < watch.nextDrainNs) continue;
    takeStock(watch);
    if (watch.pending.length === 0 && isOver()) return true;
  }
  return false;
}

/** Waits for what is still under way, and takes it in. */
export function endWatch(watch: Watch): void {
  sleepUntilNs(watch.nowNs + watch.timing.graceNs);
  takeStock(watch);
}

export function isCalm(watch: Watch, directions: readonly Direction[]): boolean {
  return directions.every((direction) => {
    const since = healthySinceNs(direction);
    return since !== undefined && watch.nowNs - since >= watch.timing.calmNs;
  });
}

function operateBefore(watch: Watch, untilNs: bigint): void {
  for (;;) {
    const next = watch.pending[0];
    if (next === undefined || next.atNs > untilNs) return;
    sleepUntilNs(next.atNs);
    operate(watch.operator, next.operation);
    // Setting a link down waits for the kernel's readers (a grace period): it is done when the call returns.
    const atNs = monotonicNs();
    watch.pending.shift();
    watch.done.push({ atNs, text: operationText(next.operation) });
    happened(watch, atNs);
  }
}

/** Who sends first changes without a pattern (but the same in every run): a bond that deals packets out in turn, as
 *  balance-rr does, would otherwise give each flow a port of its own, and half the loss would look like none or all. */
function inTurn(directions: readonly Direction[]): readonly Direction[] {
  const mixed = Math.imul((directions[0]?.sentAtNs.length ?? 0) + 1, 0x9e37_79b1);
  return ((mixed >>> 16) & 1) === 0 ? directions : directions.toReversed();
}

function step(watch: Watch): void {
  for (const direction of inTurn(watch.directions)) sendNext(direction, watch.nowNs, watch.number);
  if (watch.nowNs >= watch.nextBeatNs) {
    for (const session of watch.sessions) {
      listenToSession(session, watch.nowNs);
      beatSession(session);
    }
    if (watch.ssh !== undefined) listenToSsh(watch.ssh, watch.nowNs);
    watch.nextBeatNs = watch.nowNs + watch.timing.beatNs;
  }
  // A peer behind whose back an address changed answers from its next packet on, so it must hear at every step.
  receive(watch.teachers, watch.directions, watch);
  watch.nextSendNs = watch.nowNs + interval(watch.timing, watch);
}

function takeStock(watch: Watch): void {
  receive(watch.directions, watch.directions, watch);
  for (const direction of watch.directions) settle(direction, watch.nowNs, watch.timing.graceNs);
  noteKernel(watch);
  const isBad = watch.awaited.some((direction) => direction.lastBadNs !== undefined && isLosing(direction));
  if (isBad && watch.badSinceNs === undefined) happened(watch, watch.nowNs);
  if (!isBad && watch.badSinceNs !== undefined) happened(watch, watch.nowNs);
  watch.badSinceNs = isBad ? (watch.badSinceNs ?? watch.nowNs) : undefined;
  watch.nextDrainNs = watch.nowNs + DRAIN_NS;
}

function isLosing(direction: Direction): boolean {
  return direction.checked > 0 && direction.sentAtNs[direction.checked - 1] === direction.lastBadNs;
}

function happened(watch: Watch, atNs: bigint): void {
  watch.eventNs = atNs;
  watch.denseUntilNs = atNs + watch.timing.denseForNs;
}

function noteKernel(watch: Watch): void {
  for (const line of readKernelLog(watch.log)) {
    if (!isTelling(line.text, watch.bonds)) continue;
    watch.kernel.push(line);
    const port = watch.bonds[0] === undefined ? undefined : activePortIn(line.text, watch.bonds[0]);
    if (port === undefined) continue;
    watch.active.push({ atNs: line.atNs, port });
    happened(watch, watch.nowNs);
  }
}
