import type { SshResult } from "./rehearsal.ts";
import type { SshTrace, TcpTrace, Trace } from "./trace.ts";

/** What a fault and its mending did to open TCP sessions. */
export interface MeasuredTcp {
  readonly survived: boolean;
  /** Longest silence of a heartbeat, ms; null: there was no session, or it never spoke again while watched. */
  readonly stallMs: number | null;
  /** Why it ended, as the kernel says; or that none was ever established. */
  readonly trouble?: string;
}

/** A session that says nothing for this long at the end of a trace has not come back. */
const SILENT_MS = 1_000;

/** The worst of the sessions given. Without any, nothing was broken and nothing is known of stalls. */
export function measureTcp(sessions: readonly TcpTrace[], trace: Trace): MeasuredTcp {
  const each = sessions.map((session) => measureSession(session, trace));
  return each.reduce<MeasuredTcp>((worst, one) => (isWorse(one, worst) ? one : worst), {
    survived: true,
    stallMs: each.length === 0 ? null : 0,
  });
}

function isWorse(one: MeasuredTcp, other: MeasuredTcp): boolean {
  if (one.survived !== other.survived) return !one.survived;
  return (one.stallMs ?? Number.POSITIVE_INFINITY) > (other.stallMs ?? Number.POSITIVE_INFINITY);
}

function measureSession(session: TcpTrace, trace: Trace): MeasuredTcp {
  if (session.refused !== undefined) return { survived: false, stallMs: null, trouble: session.refused };
  if (session.brokeAtMs !== undefined) return { survived: false, stallMs: null, trouble: session.error ?? "closed" };
  const stalls = [session.toHostAtMs, session.fromHostAtMs].map((arrivals) => longestSilence(arrivals, trace));
  if (stalls.includes(null)) return { survived: false, stallMs: null, trouble: "it never spoke again" };
  return { survived: true, stallMs: Math.max(...stalls.map((stall) => stall ?? 0)) };
}

/** What became of an ssh session. Numbers left out count as broken: TCP would have had to lose them. */
export function measureSsh(session: SshTrace, trace: Trace): SshResult {
  const { counted } = session;
  const trouble = session.error ?? (session.isInOrder ? undefined : "numbers were left out");
  if (session.brokeAtMs !== undefined || trouble !== undefined) {
    return { survived: false, stallMs: null, counted, trouble: trouble ?? "closed" };
  }
  const stallMs = longestSilence(session.heardAtMs, trace);
  if (stallMs === null) return { survived: false, stallMs, counted, trouble: "it never spoke again" };
  return { survived: true, stallMs, counted };
}

/** Longest time between two heartbeats that reaches past the fault, without what the runner itself took; null when the last one was
 *  long ago. */
function longestSilence(arrivals: readonly number[], trace: Trace): number | null {
  const last = arrivals.at(-1);
  if (last === undefined || trace.endAtMs - last > SILENT_MS) return null;
  let longest = 0;
  for (const [index, at] of arrivals.entries()) {
    const before = arrivals[index - 1];
    if (before !== undefined && at > trace.faultAtMs)
      longest = Math.max(longest, at - before - pausedWithin(before, at, trace));
  }
  return longest;
}

function pausedWithin(from: number, to: number, { pauses = [] }: Trace): number {
  return pauses.reduce((sum, { fromMs, toMs }) => sum + Math.max(0, Math.min(to, toMs) - Math.max(from, fromMs)), 0);
}
