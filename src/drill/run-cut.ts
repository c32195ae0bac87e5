import { setTimeout as sleep } from "node:timers/promises";
import { monotonicMs } from "../host/linux/libc.ts";
import { readActivePort, readUpdelayMs } from "../lab/guest/bond-state.ts";
import type { BondWatch } from "./bond-watch.ts";
import type { Command, Cut } from "./cut.ts";
import type { DeadMan } from "./dead-man.ts";
import type { Meter } from "./meter.ts";
import { runProgram } from "./run-program.ts";
import { isHealthy, type Stream } from "./stream.ts";

/** All that a cut needs of the drill around it. */
export interface Around {
  readonly bond: string;
  /** The port that carried the traffic when the drill began, and is to carry it again. */
  readonly home: string;
  readonly meter: Meter;
  readonly watch: BondWatch;
  readonly deadMan: DeadMan;
  /** Streams that tell whether packets get through. */
  readonly streams: () => readonly Stream[];
  /** Flows that a cut leaves a way. */
  readonly isPromised: (flow: string, cut: Cut) => boolean;
  /** Has the open TCP session said something lately (or is there none)? */
  readonly isTalking: (nowMs: number) => boolean;
  /** Is redundancy full again? */
  readonly isWhole: () => Promise<boolean>;
  /** Asks whoever chooses the port to go back to the first one now. False: nobody could be asked. */
  readonly askBack: () => Promise<boolean>;
  /** An outage is watched no longer than this, ms: then the cut is ended. */
  readonly limitMs: number;
  readonly signal: AbortSignal;
}

/** When everything of a cut happened, ms of the monotonic clock. */
export interface CutRecord {
  readonly cut: Cut;
  readonly fromMs: number;
  readonly faultAtMs: number;
  readonly mendFromMs: number;
  readonly mendedAtMs: number;
  readonly endAtMs: number;
  readonly operations: readonly { readonly atMs: number; readonly text: string }[];
  /** false: the bond was not back where it was. */
  readonly settled: boolean;
  /** Why it was not made, so that nothing was measured. Absent: it was. */
  readonly uncut?: string;
  /** What could not be put back. Absent: nothing. */
  readonly trouble?: string;
}

/** What a healthy flow looked like before the cut is shown for so long, ms. */
const LEAD_MS = 500;
/** A flow without a loss for so long has recovered, ms. */
const CALM_MS = 500;
/** The least a cut, and its mending, is watched, ms. */
const LEAST_MS = 1_000;
/** How long the way back may take beyond updelay, ms: an agent believes a port again after some seconds of answers, and what lies
 *  beyond a standby's router after more. */
const BACK_MS = 30_000;
/** How much longer a TCP session is waited for, ms: its retransmission timer has backed off meanwhile. */
const TALK_MS = 15_000;

/** One cut: a healthy lead, the cut, the watch, the mending, the watch. Throws nothing; whatever happens, it is mended. */
export async function runCut(around: Around, cut: Cut): Promise<CutRecord> {
  const { deadMan, meter, signal } = around;
  const operations: { atMs: number; text: string }[] = [];
  const fromMs = monotonicMs();
  await meter.until(() => signal.aborted, fromMs + LEAD_MS);
  // First who puts it back, then what is to be put back.
  deadMan.hold(cut.restore);
  const prepared = signal.aborted ? "it was stopped" : await runAll(cut.prepare);
  const faultAtMs = monotonicMs();
  const injected = prepared ?? (await runAll(cut.inject));
  operations.push({ atMs: faultAtMs, text: sayCommands(cut.inject) });
  if (injected === undefined) await watchFault(around, cut, faultAtMs);
  const mendFromMs = monotonicMs();
  const left = await mend(cut);
  const mendedAtMs = monotonicMs();
  operations.push({ atMs: mendFromMs, text: sayCommands(cut.restore) });
  if (left === undefined) deadMan.released();
  const settled = await watchMending(around, mendedAtMs, operations);
  // What was never prepared has nothing to undo, and saying so is no trouble.
  const trouble = prepared === undefined ? left : undefined;
  return {
    cut,
    fromMs,
    faultAtMs,
    mendFromMs,
    mendedAtMs,
    endAtMs: monotonicMs(),
    operations,
    settled,
    ...(injected === undefined ? {} : { uncut: injected }),
    ...(trouble === undefined ? {} : { trouble }),
  };
}

async function watchFault(around: Around, cut: Cut, faultAtMs: number): Promise<void> {
  const { meter, streams, isPromised, isTalking, limitMs, signal } = around;
  const awaited = streams().filter(({ flow }) => isPromised(flow, cut));
  const isOver = (now: number): boolean =>
    signal.aborted || (now - faultAtMs >= LEAST_MS && awaited.every((stream) => isHealthy(stream, now, CALM_MS)));
  const isOut = !(await meter.until(isOver, faultAtMs + limitMs));
  if (!isOut) await meter.until((now) => signal.aborted || isTalking(now), monotonicMs() + TALK_MS);
}

/** Until traffic goes its first way again, undisturbed. A bond that doesn't come back by itself is put back. */
async function watchMending(
  around: Around,
  mendedAtMs: number,
  operations: { atMs: number; text: string }[],
): Promise<boolean> {
  const { bond, home, meter, streams, isTalking, signal } = around;
  const isHome = (): boolean => readActivePort(bond) === home;
  const isCalm = (now: number): boolean => streams().every((stream) => isHealthy(stream, now, CALM_MS));
  const isBack = (now: number): boolean => now - mendedAtMs >= LEAST_MS && isHome() && isCalm(now);
  const patienceMs = readUpdelayMs(bond) + BACK_MS;
  if (!isHome()) await lead(around, patienceMs, operations);
  const settled = await meter.until((now) => signal.aborted || isBack(now), monotonicMs() + patienceMs);
  if (settled) await meter.until((now) => signal.aborted || isTalking(now), monotonicMs() + TALK_MS);
  return settled && isHome();
}

/** Gives the kernel its time, then asks whoever decides, then does it by hand. */
async function lead(around: Around, patienceMs: number, operations: { atMs: number; text: string }[]): Promise<void> {
  const { bond, home, meter, isWhole, askBack, signal } = around;
  const isHome = (): boolean => readActivePort(bond) === home;
  const giveUp = monotonicMs() + patienceMs;
  while (!isHome() && !(await isWhole()) && monotonicMs() < giveUp && !signal.aborted) await sleep(100);
  if (isHome()) return;
  const asked = await askBack();
  if (await meter.until(() => isHome(), monotonicMs() + (asked ? 2_000 : 500))) return;
  // Onto a port that isn't known to work it is not for us to go.
  if (!(await isWhole())) return;
  const byHand: Command = { argv: ["ip", "link", "set", "dev", bond, "type", "bond", "active_slave", home] };
  operations.push({ atMs: monotonicMs(), text: sayCommands([byHand]) });
  await runProgram(byHand);
}

async function mend(cut: Cut): Promise<string | undefined> {
  // A single refusal is no news where one of the commands has nothing to undo: what counts is that the last one was heard.
  const failures: string[] = [];
  for (const command of cut.restore) {
    const { status, stderr } = await runProgram(command);
    if (status !== 0) failures.push(`${command.argv.join(" ")}: ${stderr.trim() || `exit status ${status}`}`);
  }
  return failures.length === 0 ? undefined : failures.join("; ");
}

/** Nothing, or what the first that failed said. */
async function runAll(commands: readonly Command[]): Promise<string | undefined> {
  for (const command of commands) {
    const { status, stderr } = await runProgram(command);
    if (status !== 0) return `${command.argv.join(" ")}: ${stderr.trim() || `exit status ${status}`}`;
  }
  return undefined;
}

export function sayCommands(commands: readonly Command[]): string {
  return commands
    .map(({ argv, stdin }) => (stdin === undefined ? argv.join(" ") : `${argv.join(" ")}: ${sayLines(stdin)}`))
    .join("; ");
}

function sayLines(text: string): string {
  return text
    .trim()
    .split(/(?<!\s)\s*\n\s*/)
    .join("; ");
}
