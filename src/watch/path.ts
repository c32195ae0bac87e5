import { next, type Seed } from "./seed.ts";
import type { Tuning } from "./tuning.ts";

/** One path: a port, a target, and what its probes have told. Pure data with pure transitions. */
export interface Path {
  readonly port: string;
  readonly target: string;
  readonly far: boolean;
  readonly nextProbeAt: number;
  readonly outstanding: readonly Outstanding[];
  /** unknown: never answered. */
  readonly health: "unknown" | "alive" | "dead";
  /** Smoothed round trip, its deviation and its minimum, ms. */
  readonly rtt: { readonly smooth: number; readonly deviation: number; readonly least: number };
  /** Usual share of lost probes, 0–1; the run under way isn't in it. */
  readonly loss: number;
  readonly run: Run;
  /** Answers in a row, and when the first of them came. */
  readonly answers: { readonly count: number; readonly since: number };
  /** When the latest answered probe had been sent: how fresh the sign of life is. */
  readonly aliveAsOf: number;
  readonly probedSince: number;
}

/** Losses in a row: how many, since when (the sending of the first), how unlikely under the usual loss (−ln). */
interface Run {
  readonly losses: number;
  readonly since: number;
  readonly evidence: number;
}

interface Outstanding {
  readonly id: number;
  readonly sentAt: number;
  readonly expiresAt: number;
  readonly expired: boolean;
}

const noRun: Run = { losses: 0, since: 0, evidence: 0 };
/** Late answers are waited for this long; more probes than this are never remembered. */
const LATE_MS = 2_000;
const MOST_OUTSTANDING = 64;
/** A long death must not count as loss for ever after. */
const MOST_LOSSES_LEARNT = 30;

export function newPath(port: string, target: string, far: boolean, at: number): Path {
  return {
    port,
    target,
    far,
    nextProbeAt: at,
    outstanding: [],
    health: "unknown",
    rtt: { smooth: 0, deviation: 0, least: Number.POSITIVE_INFINITY },
    loss: 0,
    run: noRun,
    answers: { count: 0, since: at },
    aliveAsOf: Number.NEGATIVE_INFINITY,
    probedSince: at,
  };
}

/** How long an answer is waited for, ms. */
export function timeoutOf(path: Path, tuning: Tuning): number {
  const usual = path.rtt.smooth * 4 + path.rtt.deviation * 4;
  return Math.min(tuning.longestTimeoutMs, Math.max(tuning.leastTimeoutMs, usual));
}

/** A probe leaves now; the next one follows in about `everyMs`. */
export function sent(path: Path, id: number, at: number, everyMs: number, seed: Seed, tuning: Tuning): [Path, Seed] {
  const [random, after] = next(seed);
  const spread = 1 + (random * 2 - 1) * tuning.jitter;
  const probe = { id, sentAt: at, expiresAt: at + timeoutOf(path, tuning), expired: false };
  const outstanding = [...path.outstanding.slice(1 - MOST_OUTSTANDING), probe];
  return [{ ...path, outstanding, nextProbeAt: at + everyMs * spread }, after];
}

/** Takes in an answer, late or in time. An id that isn't outstanding (forged, doubled, overtaken by a change) changes nothing. */
export function answered(path: Path, id: number, at: number, tuning: Tuning): Path {
  const probe = path.outstanding.find((one) => one.id === id);
  if (probe === undefined) return path;
  const took = at - probe.sentAt;
  const answers = path.run.losses > 0 ? { count: 1, since: at } : grown(path.answers, at);
  const revived = answers.count >= tuning.reviveAnswers && at - answers.since >= tuning.reviveMs;
  const firstEver = path.health === "unknown";
  return {
    ...path,
    outstanding: path.outstanding.filter((one) => one.id !== id),
    health: firstEver || revived ? "alive" : path.health,
    rtt: smoothed(path.rtt, took),
    loss: learnt(path.loss, path.run.losses, tuning),
    run: noRun,
    answers,
    aliveAsOf: Math.max(path.aliveAsOf, probe.sentAt),
  };
}

/** Counts what has expired by now as lost; forgets what is too old to be answered. */
export function expired(path: Path, at: number, tuning: Tuning): Path {
  if (!path.outstanding.some((one) => !one.expired && one.expiresAt <= at)) return path;
  let run = path.run;
  // A probe sent before the last sign of life proves nothing against it.
  const usual = Math.min(tuning.mostLoss, Math.max(tuning.leastLoss, path.loss));
  const outstanding: Outstanding[] = [];
  for (const one of path.outstanding) {
    if (one.sentAt + LATE_MS < at) continue;
    if (one.expired || one.expiresAt > at) {
      outstanding.push(one);
      continue;
    }
    outstanding.push({ ...one, expired: true });
    if (one.sentAt <= path.aliveAsOf) continue;
    run = {
      losses: run.losses + 1,
      since: run.losses === 0 ? one.sentAt : run.since,
      evidence: run.evidence - Math.log(usual),
    };
  }
  const answers = run === path.run ? path.answers : { count: 0, since: at };
  return { ...path, outstanding, run, answers };
}

/** Is the run under way too unlikely to be this path's usual loss? */
export function isConvicted(path: Path, at: number, tuning: Tuning, radio: "radio" | "wired"): boolean {
  if (path.run.evidence < tuning.deathEvidence) return false;
  return radio === "wired" || at - path.run.since >= tuning.radioRunMs;
}

/** Do answers come so much later than the line's best that its queue must be full? */
export function isSaturated(path: Path): boolean {
  return path.rtt.smooth > 3 * path.rtt.least + 5;
}

/** Forgets what was under way: a change of the network (or a stopped clock) overlapped it. */
export function forgetUnderWay(path: Path, at: number): Path {
  return { ...path, outstanding: [], run: noRun, nextProbeAt: Math.min(path.nextProbeAt, at) };
}

function grown(answers: Path["answers"], at: number): Path["answers"] {
  return answers.count === 0 ? { count: 1, since: at } : { count: answers.count + 1, since: answers.since };
}

function smoothed(rtt: Path["rtt"], took: number): Path["rtt"] {
  const least = Math.min(rtt.least, took);
  if (rtt.least === Number.POSITIVE_INFINITY) return { smooth: took, deviation: took / 2, least };
  const deviation = rtt.deviation + (Math.abs(took - rtt.smooth) - rtt.deviation) / 4;
  return { smooth: rtt.smooth + (took - rtt.smooth) / 8, deviation, least };
}

function learnt(loss: number, losses: number, tuning: Tuning): number {
  let usual = loss;
  for (let count = Math.min(losses, MOST_LOSSES_LEARNT); count > 0; count--) usual += (1 - usual) * tuning.lossWeight;
  return usual - usual * tuning.lossWeight;
}
