import type { Recorded } from "./effect.ts";
import { draw, next, type Seed } from "./seed.ts";

/** Whether anything beyond the router answers where no port leads elsewhere: a machine of its own beside the brain. It tells, and
 *  can move nothing. Pure data with pure transitions; times are monotonic ms. */
export interface Beyond {
  readonly targets: readonly BeyondTarget[];
  /** unknown: no target has answered in this watch, and it isn't known to be lost either. */
  readonly health: "unknown" | "answers" | "lost";
  /** Lost: when the first lost probe left. Answers: when that was first known. */
  readonly since: number;
  /** Through which port is looked; "": not now. */
  readonly port: string;
  readonly router: string;
  /** Some target has answered in this watch. */
  readonly hasAnswered: boolean;
  readonly outstanding: readonly Sent[];
  /** When the latest answered probe left, and the first one that was lost since; undefined: none was. */
  readonly aliveAsOf: number;
  readonly silentSince: number | undefined;
  readonly turn: number;
  readonly dueAt: number;
  readonly nextId: number;
  readonly seed: Seed;
}

/** One target, by what became of its latest probes. */
export interface BeyondTarget {
  readonly target: string;
  /** In a row. */
  readonly losses: number;
  readonly answers: number;
  /** When the first of `answers` came. */
  readonly answersSince: number;
  /** Nothing can be sent there now, as to an IPv6 target from a host without such an address: it says nothing. */
  readonly isMute: boolean;
}

interface Sent {
  readonly id: number;
  readonly target: string;
  readonly sentAt: number;
  readonly isLost: boolean;
}

export type BeyondEvent =
  /** Time goes by. `port` carries the traffic and its router answers; "": that isn't so, and the brain's business. */
  | { readonly type: "tick"; readonly at: number; readonly port: string; readonly router: string }
  | { readonly type: "answer"; readonly at: number; readonly port: string; readonly id: number }
  /** This probe could not be sent. */
  | { readonly type: "unsent"; readonly at: number; readonly id: number }
  /** The host slept, or a carrier went: what is under way means nothing. */
  | { readonly type: "upset"; readonly at: number }
  | { readonly type: "targets"; readonly at: number; readonly targets: readonly string[] };

export type BeyondEffect =
  | { readonly do: "probe"; readonly port: string; readonly target: string; readonly id: number }
  | { readonly do: "record"; readonly event: Recorded };

/** Ids from here on belong to this machine's probes: the brain counts from 1. */
export const BEYOND_IDS = 0x8000_0000;

/** Between probes, in turn, while something is amiss; between those of one target in calm, and in a loss that has lasted. */
const HURRIED_MS = 1_000;
const CALM_MS = 5_000;
const LASTING_MS = 60_000;
const JITTER = 0.2;
/** Counts as lost by then; an answer may still come until it is too late. */
const LOST_MS = 1_000;
const LATE_MS = 2_000;
/** Woken later than this, what is under way means nothing. */
const STALLED_MS = 2_000;
const LEAST_LOSSES = 3;
const SILENCE_MS = 5_000;
/** Where nothing has ever answered: a router that has only just started takes its time to dial in. */
const FIRST_SILENCE_MS = 30_000;
const BACK_ANSWERS = 2;

type Step = readonly [Beyond, readonly BeyondEffect[]];
const nothing: readonly BeyondEffect[] = [];

/** Nothing is known yet, and nothing is looked at until a tick says through which port. */
export function newBeyond(targets: readonly string[], seed: Seed): Beyond {
  return {
    targets: targets.map(newTarget),
    health: "unknown",
    since: Number.NaN,
    port: "",
    router: "",
    hasAnswered: false,
    outstanding: [],
    aliveAsOf: Number.NEGATIVE_INFINITY,
    silentSince: undefined,
    turn: 0,
    dueAt: Number.NEGATIVE_INFINITY,
    nextId: BEYOND_IDS,
    seed,
  };
}

/** One step of the machine. */
export function stepBeyond(beyond: Beyond, event: BeyondEvent): Step {
  switch (event.type) {
    case "tick":
      return onTick(beyond, event);
    case "answer":
      return onAnswer(beyond, event);
    case "unsent":
      return [unsent(beyond, event.id), nothing];
    case "upset":
      return [afresh(beyond, event.at), nothing];
    case "targets":
      return [retargeted(beyond, event), nothing];
  }
}

function newTarget(target: string): BeyondTarget {
  return { target, losses: 0, answers: 0, answersSince: Number.NaN, isMute: false };
}

/** Counts from nothing again. What has been told stays told. */
function afresh(beyond: Beyond, at: number): Beyond {
  return {
    ...beyond,
    targets: beyond.targets.map((one) => ({ ...newTarget(one.target), isMute: one.isMute })),
    outstanding: [],
    aliveAsOf: Number.NEGATIVE_INFINITY,
    silentSince: undefined,
    dueAt: at,
  };
}

function retargeted(beyond: Beyond, { at, targets }: Extract<BeyondEvent, { readonly type: "targets" }>): Beyond {
  const same = targets.length === beyond.targets.length && targets.every((one, i) => one === beyond.targets[i]?.target);
  if (same) return beyond;
  const anew = { ...afresh(beyond, at), targets: targets.map(newTarget), turn: 0 };
  // Other targets may be such as never answer; a loss that was told is still to be ended.
  return beyond.health === "lost" && targets.length > 0 ? anew : { ...anew, health: "unknown", hasAnswered: false };
}

function onTick(beyond: Beyond, event: Extract<BeyondEvent, { readonly type: "tick" }>): Step {
  const { at, port, router } = event;
  if (beyond.targets.length === 0) return [beyond, nothing];
  if (port !== beyond.port || router !== beyond.router) return probed({ ...afresh(beyond, at), port, router }, at);
  if (port === "") return [beyond, nothing];
  const nextAt = Math.min(beyond.dueAt, expiryOf(beyond));
  if (at < nextAt) return [beyond, nothing];
  if (at > nextAt + STALLED_MS) return probed(afresh(beyond, at), at);
  const [judged, told] = judge(expired(beyond, at), at);
  const [after, sent] = probed(judged, at);
  return [after, [...told, ...sent]];
}

function expiryOf({ outstanding }: Beyond): number {
  const first = outstanding.find(({ isLost }) => !isLost);
  return first === undefined ? Number.POSITIVE_INFINITY : first.sentAt + LOST_MS;
}

/** Counts what has become lost. */
function expired(beyond: Beyond, at: number): Beyond {
  const lost = beyond.outstanding.filter(({ isLost, sentAt }) => !isLost && at - sentAt >= LOST_MS);
  const outstanding = beyond.outstanding
    .filter(({ sentAt }) => at - sentAt < LATE_MS)
    .map((one) => (lost.includes(one) ? { ...one, isLost: true } : one));
  if (lost.length === 0) return { ...beyond, outstanding };
  const targets = beyond.targets.map((one) => {
    const losses = lost.filter(({ target }) => target === one.target).length;
    return losses === 0 ? one : { ...one, losses: one.losses + losses, answers: 0, isMute: false };
  });
  const first = lost.find(({ sentAt }) => sentAt > beyond.aliveAsOf);
  const silentSince = beyond.silentSince ?? first?.sentAt;
  const after = { ...beyond, targets, outstanding, silentSince };
  return { ...after, dueAt: Math.min(beyond.dueAt, at + paceOf(after, at)) };
}

function judge(beyond: Beyond, at: number): Step {
  const { health, silentSince, targets, hasAnswered, router, port } = beyond;
  const asked = targets.filter(({ isMute }) => !isMute);
  if (health === "lost" || silentSince === undefined || asked.length === 0) return [beyond, nothing];
  const silentMs = at - silentSince;
  const isSilent = asked.every(({ losses }) => losses >= LEAST_LOSSES);
  if (!isSilent || silentMs < (hasAnswered ? SILENCE_MS : FIRST_SILENCE_MS)) return [beyond, nothing];
  const probes = asked.reduce((sum, { losses }) => sum + losses, 0);
  const never = hasAnswered ? "" : ", and none of them since the watch began";
  const evidence = `${router} answers; ${probes} probes beyond it unanswered in ${(silentMs / 1_000).toFixed(1)} s${never}`;
  const names = asked.map(({ target }) => target);
  const event: Recorded = { what: "beyond-lost", port, router, targets: names, since: silentSince, evidence };
  return [{ ...beyond, health: "lost", since: silentSince }, [{ do: "record", event }]];
}

/** Sends the probe that is due, and appoints the next. */
function probed(beyond: Beyond, at: number): Step {
  const one = beyond.targets[beyond.turn % beyond.targets.length];
  if (one === undefined || beyond.port === "" || at < beyond.dueAt) return [beyond, nothing];
  const [, seed] = next(beyond.seed);
  const spread = 1 + JITTER * (2 * draw(seed) - 1);
  const { nextId: id, port } = beyond;
  const { target } = one;
  const after = {
    ...beyond,
    seed,
    outstanding: [...beyond.outstanding, { id, target, sentAt: at, isLost: false }],
    turn: (beyond.turn + 1) % beyond.targets.length,
    dueAt: at + paceOf(beyond, at) * spread,
    // It goes round within its half of the 32 bits an echo carries.
    nextId: id === 0xffff_ffff ? BEYOND_IDS : id + 1,
  };
  return [after, [{ do: "probe", port, target, id }]];
}

function paceOf(beyond: Beyond, at: number): number {
  const calm = Math.max(HURRIED_MS, CALM_MS / beyond.targets.length);
  const isReturning = beyond.health === "lost" && beyond.targets.some(({ answers }) => answers > 0);
  if (isReturning) return HURRIED_MS;
  if (beyond.health === "lost") return at - beyond.since < LASTING_MS ? HURRIED_MS : calm;
  return beyond.silentSince === undefined && beyond.health === "answers" ? calm : HURRIED_MS;
}

function onAnswer(beyond: Beyond, event: Extract<BeyondEvent, { readonly type: "answer" }>): Step {
  const { at, port, id } = event;
  const probe = beyond.outstanding.find((one) => one.id === id);
  if (probe === undefined || port !== beyond.port || at - probe.sentAt >= LATE_MS) return [beyond, nothing];
  const targets = beyond.targets.map((one) =>
    one.target === probe.target
      ? {
          ...one,
          losses: 0,
          answers: one.answers + 1,
          answersSince: one.answers === 0 ? at : one.answersSince,
          isMute: false,
        }
      : one,
  );
  const { silentSince } = beyond;
  const heard = {
    ...beyond,
    targets,
    outstanding: beyond.outstanding.filter((one) => one !== probe),
    aliveAsOf: Math.max(beyond.aliveAsOf, probe.sentAt),
    silentSince: silentSince !== undefined && silentSince > probe.sentAt ? silentSince : undefined,
    hasAnswered: true,
  };
  if (beyond.health === "lost") return back(heard, probe.target, at);
  return [beyond.health === "answers" ? heard : { ...heard, health: "answers", since: at }, nothing];
}

/** One answer may be a late one, or a stranger's luck: it takes two. */
function back(beyond: Beyond, target: string, at: number): Step {
  const one = beyond.targets.find((each) => each.target === target);
  const hurried = { ...beyond, dueAt: Math.min(beyond.dueAt, at + HURRIED_MS) };
  if (one === undefined || one.answers < BACK_ANSWERS) return [hurried, nothing];
  const { port, router, since } = beyond;
  const lastedMs = Math.round(one.answersSince - since);
  const evidence = `${target} answered ${one.answers} probes in a row`;
  const event: Recorded = { what: "beyond-back", port, router, targets: [target], lastedMs, evidence };
  return [{ ...hurried, health: "answers", since: one.answersSince }, [{ do: "record", event }]];
}

function unsent(beyond: Beyond, id: number): Beyond {
  const probe = beyond.outstanding.find((one) => one.id === id);
  if (probe === undefined) return beyond;
  const outstanding = beyond.outstanding.filter((one) => one !== probe);
  const targets = beyond.targets.map((one) => (one.target === probe.target ? { ...one, isMute: true } : one));
  return { ...beyond, outstanding, targets };
}
