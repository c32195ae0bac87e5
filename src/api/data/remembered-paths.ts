import type { PathsRemembered } from "../../agent/path-history.ts";
import type { Result } from "../../model/result.ts";
import { type AgentProblem, askAgent } from "../agent-client.ts";

/** What is wanted of it. Times are wall clock, ms since 1970. */
export interface PathsWish {
  readonly step: "second" | "minute";
  readonly port?: string;
  readonly from?: number;
  readonly to?: number;
}

/** How long an answer is good for, ms: what happened since isn't missed in a chart. */
const goodForMs = { second: 1_000, minute: 5_000 } as const;

/** What the agent remembers of its paths, asked for as a whole and once, however many look on: whenever something happens all of them
 *  want it at the same moment, and just then the agent has better to do. */
export function rememberedPaths(
  socket: string,
  signal: AbortSignal,
): (wish: PathsWish) => Promise<Result<PathsRemembered, AgentProblem>> {
  type Told = Promise<Result<PathsRemembered, AgentProblem>>;
  const latest = new Map<PathsWish["step"], { readonly at: number; readonly told: Told }>();
  const whole = (step: PathsWish["step"]): Told => {
    const known = latest.get(step);
    if (known !== undefined && performance.now() - known.at < goodForMs[step]) return known.told;
    const told = askAgent<PathsRemembered>(socket, `/paths?step=${step}`, signal);
    const asked = { at: performance.now(), told };
    latest.set(step, asked);
    // What failed is asked anew by the next.
    told.then(({ ok }) => ok || latest.get(step) !== asked || latest.delete(step)).catch(() => {});
    return told;
  };
  return async (wish) => {
    const told = await whole(wish.step);
    return told.ok ? { ok: true, value: cutTo(told.value, wish) } : told;
  };
}

function cutTo({ stepMs, from, paths }: PathsRemembered, wish: PathsWish): PathsRemembered {
  const stepOf = (at: number): number => Math.floor((at - from) / stepMs);
  const first = Math.max(0, wish.from === undefined ? 0 : stepOf(wish.from));
  const end = Math.max(first, wish.to === undefined ? Number.POSITIVE_INFINITY : stepOf(wish.to) + 1);
  const wanted = paths.filter(({ port }) => wish.port === undefined || port === wish.port);
  return {
    stepMs,
    from: from + first * stepMs,
    paths: wanted.map(({ port, target, rttMs, worstMs, sent, lost }) => ({
      port,
      target,
      rttMs: rttMs.slice(first, end),
      worstMs: worstMs.slice(first, end),
      sent: sent.slice(first, end),
      lost: lost.slice(first, end),
    })),
  };
}
