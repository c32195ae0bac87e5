import type { Tuning } from "./tuning.ts";

/** One path: a port, a target, and what its probes have told. Pure data with pure transitions. */
export interface Path {
  readonly port: string;
  readonly target: string;
  readonly far: boolean;
  readonly health: Health;
  /** The latest probe left then; the next follows after the path's pace × this factor, drawn when it left. */
  readonly sentAt: number;
  readonly spread: number;
  /** Probes not answered yet, the oldest first; at most 64. */
  readonly outstanding: readonly Outstanding[];
  /** Probes sent since the path was first probed, or probed anew after a change; counted up to `learnProbes`. */
  readonly probes: number;
  readonly probedSince: number;
  /** Smoothed round trip, its deviation, and its minimum (which creeps up, should the line have become longer), ms. */
  readonly rtt: RoundTrip;
  /** Usual and recent share of lost probes, 0–1; the run under way isn't in them. */
  readonly loss: number;
  readonly recentLoss: number;
  readonly run: Run;
  readonly heat: Heat;
  /** Answers in a row, and when the first of them came. */
  readonly answers: Streak;
  /** When the latest answered probe had been sent: how fresh the sign of life is. */
  readonly aliveAsOf: number;
}

/** unknown: probed for too short a time to say. silent: never answered. dead: answered once, and no longer. */
export type Health = "unknown" | "silent" | "alive" | "dead";

interface RoundTrip {
  readonly smooth: number;
  readonly deviation: number;
  readonly least: number;
}

/** Losses in a row: how many, since when (the sending of the first), how unlikely under the usual loss (−ln). */
interface Run {
  readonly losses: number;
  readonly since: number;
  readonly evidence: number;
}

/** How much more the outcomes since `since` look like a line that loses half than like this one as it was then (−ln, never
 *  below zero): every loss adds, every answer takes away. A run forgets with one answer; this doesn't, and so it sees a path
 *  that comes and goes faster than it can die. Capped at the evidence of a death. Source: Page, Continuous inspection schemes. */
export interface Heat {
  readonly evidence: number;
  readonly since: number;
  readonly usual: number;
}

interface Streak {
  readonly count: number;
  readonly since: number;
}

/** A probe that was sent and not answered yet. */
export interface Outstanding {
  readonly id: number;
  readonly sentAt: number;
  readonly expiresAt: number;
  readonly expired: boolean;
  /** Was given more time once; not twice, or an agent that is always late would never see a death. */
  readonly spared: boolean;
}

const noRun: Run = { losses: 0, since: 0, evidence: 0 };
/** Nothing lost of late. */
export const noHeat: Heat = { evidence: 0, since: 0, usual: 0 };
/** What a path that suddenly fails off and on is taken to lose. */
const HALF = 0.5;
const noOutstanding: readonly Outstanding[] = [];
/** Late answers are waited for this long; more probes than these are never remembered. */
const LATE_MS = 2_000;
const MOST_OUTSTANDING = 64;
/** More losses in one run than these tell nothing more of the usual loss. */
const MOST_LOSSES_LEARNT = 30;
/** So many times the evidence of a death, and there was one, whether or not a verdict was spoken. */
const CERTAIN = 3;
/** Losses beyond these add nothing to a verdict, and to no number that is kept. */
const MOST_EVIDENCE = 1_000;
/** Share of its distance to the usual round trip by which the least one creeps up with every answer. */
export const CREEP = 0.0005;

/** A path of which nothing is known yet; its first probe is due at once. */
export function newPath(port: string, target: string, far: boolean, at: number): Path {
  return {
    port,
    target,
    far,
    health: "unknown",
    sentAt: Number.NEGATIVE_INFINITY,
    spread: 1,
    outstanding: noOutstanding,
    probes: 0,
    probedSince: at,
    rtt: { smooth: 0, deviation: 0, least: Number.POSITIVE_INFINITY },
    loss: 0,
    recentLoss: 0,
    run: noRun,
    heat: noHeat,
    answers: { count: 0, since: at },
    aliveAsOf: Number.NEGATIVE_INFINITY,
  };
}

/** The path with some of it changed. Every field by name: all paths have one shape then, and what reads them is quick. */
export function pathWith(path: Path, change: Partial<Path>): Path {
  return {
    port: change.port ?? path.port,
    target: change.target ?? path.target,
    far: change.far ?? path.far,
    health: change.health ?? path.health,
    sentAt: change.sentAt ?? path.sentAt,
    spread: change.spread ?? path.spread,
    outstanding: change.outstanding ?? path.outstanding,
    probes: change.probes ?? path.probes,
    probedSince: change.probedSince ?? path.probedSince,
    rtt: change.rtt ?? path.rtt,
    loss: change.loss ?? path.loss,
    recentLoss: change.recentLoss ?? path.recentLoss,
    run: change.run ?? path.run,
    heat: change.heat ?? path.heat,
    answers: change.answers ?? path.answers,
    aliveAsOf: change.aliveAsOf ?? path.aliveAsOf,
  };
}

/** How long an answer is waited for, ms. */
export function timeoutOf(path: Path, tuning: Tuning): number {
  const usual = path.rtt.smooth * 4 + path.rtt.deviation * 4;
  return Math.min(tuning.longestTimeoutMs, Math.max(tuning.leastTimeoutMs, usual));
}

// The three transitions below make up nearly all of a brain's life. They name every field instead of spreading the old path:
// spreading an object of this size costs 25 times as much (750 ns against 30 on Node 20).

/** A probe leaves now; the next one follows after the path's pace × `spread`. */
export function sent(path: Path, id: number, at: number, spread: number, tuning: Tuning): Path {
  const probe = { id, sentAt: at, expiresAt: at + timeoutOf(path, tuning), expired: false, spared: false };
  const { outstanding } = path;
  return {
    port: path.port,
    target: path.target,
    far: path.far,
    health: path.health,
    sentAt: at,
    spread,
    outstanding: outstanding.length < MOST_OUTSTANDING ? [...outstanding, probe] : [...outstanding.slice(1), probe],
    probes: Math.min(path.probes + 1, tuning.learnProbes),
    probedSince: path.probedSince,
    rtt: path.rtt,
    loss: path.loss,
    recentLoss: path.recentLoss,
    run: path.run,
    heat: path.heat,
    answers: path.answers,
    aliveAsOf: path.aliveAsOf,
  };
}

/** Takes in an answer, late or in time. An id that isn't outstanding (forged, doubled, overtaken by a change) changes nothing. */
export function answered(path: Path, id: number, at: number, tuning: Tuning): Path {
  const index = placeOf(path.outstanding, id);
  const probe = path.outstanding[index];
  if (probe === undefined) return path;
  const lost = lossesToLearn(path, probe, tuning);
  const isFirst = path.run.losses > 0 || path.answers.count === 0;
  return {
    port: path.port,
    target: path.target,
    far: path.far,
    health: path.health,
    sentAt: path.sentAt,
    spread: path.spread,
    outstanding: path.outstanding.length === 1 ? noOutstanding : path.outstanding.toSpliced(index, 1),
    probes: path.probes,
    probedSince: path.probedSince,
    rtt: smoothed(path.rtt, Math.max(0, at - probe.sentAt)),
    loss: learnt(path.loss, lost, tuning.lossWeight),
    recentLoss: learnt(path.recentLoss, lost, tuning.recentWeight),
    run: noRun,
    heat: path.heat === noHeat ? noHeat : cooled(path.heat, probe.expired),
    answers: isFirst ? { count: 1, since: at } : { count: path.answers.count + 1, since: path.answers.since },
    aliveAsOf: Math.max(path.aliveAsOf, probe.sentAt),
  };
}

/** -1: it isn't there. The latest is asked for most. */
function placeOf(outstanding: readonly Outstanding[], id: number): number {
  let index = outstanding.length - 1;
  while (index >= 0 && outstanding[index]?.id !== id) index--;
  return index;
}

/** A death isn't loss: learnt as such, it would make the next one take longer to notice. What only looks like deaths, one after
 *  the other, is told by the heat. And a late answer takes back the loss it was counted as. */
function lossesToLearn({ run, health }: Path, probe: Outstanding, tuning: Tuning): number {
  const isDeath = health === "dead" || run.evidence > tuning.deathEvidence * CERTAIN;
  return isDeath ? 0 : Math.max(0, run.losses - (probe.expired ? 1 : 0));
}

/** Would `expired` find anything now? */
export function hasExpired(path: Path, at: number): boolean {
  for (const one of path.outstanding) if (!one.expired && one.expiresAt <= at) return true;
  return false;
}

/** Counts what has expired by now as lost; forgets what is too old to be answered. */
export function expired(path: Path, at: number, tuning: Tuning): Path {
  if (!hasExpired(path, at)) return path;
  let { run, heat, loss, recentLoss } = path;
  const usual = Math.min(tuning.mostLoss, Math.max(tuning.leastLoss, path.loss, path.recentLoss));
  const outstanding: Outstanding[] = [];
  for (const one of path.outstanding) {
    const { id, sentAt, expiresAt, spared } = one;
    const isLate = expiresAt <= at;
    if (sentAt + LATE_MS >= at) {
      outstanding.push(isLate && !one.expired ? { id, sentAt, expiresAt, expired: true, spared } : one);
    }
    if (one.expired || !isLate) continue;
    if (sentAt <= path.aliveAsOf) {
      // Sent before the last sign of life it proves nothing against it; lost it is all the same, but for the last of a death.
      if (path.health === "dead") continue;
      loss += (1 - loss) * tuning.lossWeight;
      recentLoss += (1 - recentLoss) * tuning.recentWeight;
      heat = heated(heat, sentAt, path.loss, tuning);
      continue;
    }
    heat = heated(heat, sentAt, path.loss, tuning);
    run = {
      losses: run.losses + 1,
      since: run.losses === 0 ? sentAt : run.since,
      evidence: Math.min(MOST_EVIDENCE, run.evidence - Math.log(usual)),
    };
  }
  return {
    port: path.port,
    target: path.target,
    far: path.far,
    health: path.health,
    sentAt: path.sentAt,
    spread: path.spread,
    outstanding,
    probes: path.probes,
    probedSince: path.probedSince,
    rtt: path.rtt,
    loss,
    recentLoss,
    run,
    heat,
    answers: run === path.run ? path.answers : { count: 0, since: at },
    aliveAsOf: path.aliveAsOf,
  };
}

function heated(heat: Heat, sentAt: number, loss: number, tuning: Tuning): Heat {
  const isNew = heat.evidence === 0;
  // What it loses as a rule is known to within a factor of two: once in days a line that loses 2 % would look like one that fails.
  const usual = isNew ? Math.max(2 * tuning.leastLoss, loss) : heat.usual;
  // A line that loses half anyway can't grow hot.
  const more = Math.max(0, Math.log(HALF / usual));
  if (more === 0) return heat;
  const evidence = Math.min(tuning.deathEvidence, heat.evidence + more);
  return { evidence, since: isNew ? sentAt : heat.since, usual };
}

/** A late answer takes back the loss it was counted as. */
function cooled(heat: Heat, wasLost: boolean): Heat {
  const evidence = heat.evidence - (wasLost ? Math.max(0, Math.log((1 - heat.usual) / heat.usual)) : coolingOf(heat));
  return evidence <= 0 ? noHeat : { evidence, since: heat.since, usual: heat.usual };
}

/** What an answer in time takes away of a path's heat. */
export function coolingOf({ usual }: Heat): number {
  return Math.max(0, -Math.log(HALF / (1 - usual)));
}

/** How much of what makes a death certain speaks for this path failing off and on, 0–1. */
export function heatOf(path: Path, tuning: Tuning): number {
  return path.heat.evidence / tuning.deathEvidence;
}

/** The path without what its heat says: a verdict has just been spoken. */
export function withoutHeat(path: Path): Path {
  return path.heat === noHeat ? path : pathWith(path, { heat: noHeat });
}

/** Gives what is outstanding until `at` at least: the one who should have read the answers was late himself. */
export function allowed(path: Path, at: number): Path {
  const isDue = (one: Outstanding): boolean => !one.expired && !one.spared && one.expiresAt < at;
  if (!path.outstanding.some(isDue)) return path;
  const outstanding = path.outstanding.map((one) => (isDue(one) ? { ...one, expiresAt: at, spared: true } : one));
  return pathWith(path, { outstanding });
}

/** The path without a probe that couldn't leave; the next one follows soon. */
export function unsent(path: Path, id: number): Path {
  const outstanding = path.outstanding.filter((one) => one.id !== id);
  if (outstanding.length === path.outstanding.length) return path;
  return pathWith(path, { outstanding, probes: Math.max(0, path.probes - 1), spread: SOON });
}

/** Of the path's pace. */
const SOON = 0.1;

/** Forgets what was under way: a change of the network (or a stopped clock) overlapped it. The next probe leaves at once. */
export function forgetUnderWay(path: Path, at: number): Path {
  const learning = path.health === "unknown" ? { probes: 0, probedSince: at } : {};
  const answers = { count: 0, since: at };
  return pathWith(path, {
    ...learning,
    answers,
    outstanding: noOutstanding,
    run: noRun,
    heat: noHeat,
    sentAt: Number.NEGATIVE_INFINITY,
  });
}

/** Without carrier nothing answers: what lived is dead until it has shown life again. */
export function cutOff(path: Path, at: number): Path {
  const forgotten = forgetUnderWay(path, at);
  return forgotten.health === "alive" ? pathWith(forgotten, { health: "dead" }) : forgotten;
}

/** Do answers come so much later than the line's best that its queue must be full? */
export function isSaturated(path: Path): boolean {
  return path.rtt.smooth > 3 * path.rtt.least + 5;
}

function smoothed(rtt: RoundTrip, took: number): RoundTrip {
  if (rtt.least === Number.POSITIVE_INFINITY) return { smooth: took, deviation: took / 2, least: took };
  const deviation = rtt.deviation + (Math.abs(took - rtt.smooth) - rtt.deviation) / 4;
  const least = Math.min(took, rtt.least + (rtt.smooth - rtt.least) * CREEP);
  return { smooth: rtt.smooth + (took - rtt.smooth) / 8, deviation, least };
}

function learnt(loss: number, losses: number, weight: number): number {
  let usual = loss;
  for (let count = Math.min(losses, MOST_LOSSES_LEARNT); count > 0; count--) usual += (1 - usual) * weight;
  return unlearnt(usual, weight);
}

/** The usual loss after one more answer. Next to none is none: numbers near zero are a hundred times as slow. */
export function unlearnt(loss: number, weight: number): number {
  return loss < NEXT_TO_NONE ? 0 : loss - loss * weight;
}

const NEXT_TO_NONE = 1e-9;
