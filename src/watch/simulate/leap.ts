import { LOOK_MS, wakeAfter } from "../pace.ts";
import { CREEP, coolingOf, noHeat, type Outstanding, type Path } from "../path.ts";
import { advance, draw } from "../seed.ts";
import { type State, withPulse } from "../state.ts";
import type { Fate } from "./fate.ts";
import type { Net, Packet } from "./net.ts";
import { goodWire } from "./world.ts";

/** Lives through a time in which every probe is answered and nothing is to be decided, up to `limit` (the world's ms) or to the
 *  first probe or answer that is anything else. It is the brain's short way once more, with numbers that change in place:
 *  the same probes leave at the same moments, the same dice fall, and the state is the same to the last bit, many times
 *  sooner (`leap.test.ts` compares). Returns how many answers came in. */
export function leap(net: Net, limit: number): number {
  const { state } = net;
  const until = Math.min(limit, state.quietUntil);
  if (until < net.now + LEAST_MS || state.phase !== "running" || state.wakeAt !== net.wakeAt) return 0;
  if (net.now < net.asleepUntil || net.missed) return 0;
  const course = courseOf(net, until);
  if (course === undefined) return 0;
  const answers = follow(course);
  if (course.now > net.now) arrive(net, course);
  return answers;
}

/** Less than this isn't worth it. */
const LEAST_MS = 2;
const NEVER = Number.POSITIVE_INFINITY;

/** A stretch of time, in columns: one row for each path. */
interface Course {
  readonly until: number;
  readonly state: State;
  readonly fates: readonly (Fate | undefined)[];
  /** Between probes; what a round trip takes here, and by how much more chance may prolong it. Ms. */
  readonly pace: Float64Array;
  readonly delay: Float64Array;
  readonly jitter: Float64Array;
  /** 1: beyond the router. 1: an answer is no news. */
  readonly far: Uint8Array;
  readonly lives: Uint8Array;
  /** The next probe is due, and the answer under way comes: infinite, never. */
  readonly due: Float64Array;
  readonly arrives: Float64Array;
  /** Of the latest probe. */
  readonly id: Float64Array;
  readonly sentAt: Float64Array;
  readonly expiresAt: Float64Array;
  readonly spread: Float64Array;
  readonly probes: Float64Array;
  readonly smooth: Float64Array;
  readonly deviation: Float64Array;
  readonly least: Float64Array;
  readonly loss: Float64Array;
  readonly recentLoss: Float64Array;
  readonly heat: Float64Array;
  readonly cooling: Float64Array;
  readonly count: Float64Array;
  readonly since: Float64Array;
  readonly aliveAsOf: Float64Array;
  now: number;
  seed: number;
  nextId: number;
  /** The world's dice. */
  dice: number;
}

/** undefined: something is under way that needs a step of its own. */
function courseOf(net: Net, until: number): Course | undefined {
  const { state, now, seed: dice } = net;
  const { paths, paced, seed, nextId } = state;
  const column = (of: (path: Path, index: number) => number): Float64Array => Float64Array.from(paths, of);
  const wires = paths.map(({ port }) => net.wires.get(port) ?? goodWire);
  const pace = column((_, index) => paced[index] ?? NEVER);
  const arrives = new Float64Array(paths.length).fill(NEVER);
  for (const { id, at, port, target, life } of net.packets) {
    const index = paths.findIndex((path) => path.port === port && path.target === target);
    const path = paths[index];
    // Too late, or of a brain that is no more.
    if (life !== net.life || path === undefined || liveOf(path)?.id !== id) return undefined;
    arrives[index] = at;
  }
  if (!paths.every((path, index) => isPlain(path, arrives[index] ?? NEVER))) return undefined;
  return {
    until,
    state,
    fates: paths.map(({ port }, index) => (wires[index]?.carrier === true ? net.fates.get(port) : undefined)),
    pace,
    delay: column((_, index) => wires[index]?.delayMs ?? 0),
    jitter: column((_, index) => wires[index]?.jitterMs ?? 0),
    far: Uint8Array.from(paths, ({ target }) => Number(net.far.has(target))),
    lives: Uint8Array.from(paths, ({ health, run, rtt }) =>
      Number(health === "alive" && run.losses === 0 && rtt.least < NEVER),
    ),
    due: column(({ sentAt, spread }, index) => (pace[index] === NEVER ? NEVER : sentAt + (pace[index] ?? 0) * spread)),
    arrives,
    id: column((path) => liveOf(path)?.id ?? 0),
    sentAt: column((path) => path.sentAt),
    expiresAt: column((path) => liveOf(path)?.expiresAt ?? 0),
    spread: column((path) => path.spread),
    probes: column((path) => path.probes),
    smooth: column(({ rtt }) => rtt.smooth),
    deviation: column(({ rtt }) => rtt.deviation),
    least: column(({ rtt }) => rtt.least),
    loss: column((path) => path.loss),
    recentLoss: column((path) => path.recentLoss),
    heat: column(({ heat }) => heat.evidence),
    cooling: column(({ heat }) => (heat.evidence > 0 ? coolingOf(heat) : 0)),
    count: column(({ answers }) => answers.count),
    since: column(({ answers }) => answers.since),
    aliveAsOf: column((path) => path.aliveAsOf),
    now,
    seed,
    nextId,
    dice,
  };
}

function liveOf({ outstanding }: Path): Outstanding | undefined {
  const last = outstanding.at(-1);
  return last?.expired === false ? last : undefined;
}

/** Has it no probe under way, or only the latest, whose answer comes in time? Any other may have been lost, and that will show. */
function isPlain(path: Path, arrivesAt: number): boolean {
  const live = liveOf(path);
  for (const one of path.outstanding) if (!one.expired && one !== live) return false;
  return live === undefined || (live.sentAt === path.sentAt && arrivesAt < live.expiresAt);
}

/** One answer or tick after the other. Times of expiry don't enter: every answer comes before. */
function follow(course: Course): number {
  const { until, arrives, due, state } = course;
  const { latenessMs } = state.config.tuning;
  const { quietUntil } = state;
  let { wakeAt } = state;
  let { now } = course;
  let answers = 0;
  let dueAt = leastOf(due);
  let first = indexOfLeast(arrives);
  while (true) {
    const answerAt = arrives[first] as number;
    const at = Math.min(answerAt, Math.max(wakeAt, now));
    // Woken late, it thinks.
    if (at >= until || at >= wakeAt + latenessMs) break;
    if (at === answerAt) {
      if (!takeAnswer(course, first, at)) break;
      answers++;
    } else {
      if (!sendDue(course, at)) break;
      dueAt = leastOf(due);
    }
    first = indexOfLeast(arrives);
    now = at;
    wakeAt = Math.max(Math.min(quietUntil, at + LOOK_MS, dueAt), at + 1);
  }
  course.now = now;
  return answers;
}

function leastOf(times: Float64Array): number {
  let least = NEVER;
  for (let index = 0; index < times.length; index++) {
    const time = times[index] as number;
    if (time < least) least = time;
  }
  return least;
}

function indexOfLeast(times: Float64Array): number {
  let found = 0;
  let least = NEVER;
  for (let index = 0; index < times.length; index++) {
    const time = times[index] as number;
    if (time >= least) continue;
    least = time;
    found = index;
  }
  return found;
}

/** As `answered` in path.ts, where nothing was lost. */
function takeAnswer(course: Course, index: number, at: number): boolean {
  const fate = course.fates[index];
  if (course.lives[index] === 0 || fate === undefined || fate.in <= 0) return false;
  if (fate.in < NEVER) fate.in--;
  const { smooth, deviation, least, loss, recentLoss, heat, count, arrives } = course;
  const { lossWeight, recentWeight } = course.state.config.tuning;
  const sentAt = course.sentAt[index] as number;
  const took = Math.max(0, at - sentAt);
  const usual = smooth[index] as number;
  const spread = deviation[index] as number;
  const shortest = least[index] as number;
  deviation[index] = spread + (Math.abs(took - usual) - spread) / 4;
  least[index] = Math.min(took, shortest + (usual - shortest) * CREEP);
  smooth[index] = usual + (took - usual) / 8;
  loss[index] = (loss[index] as number) - (loss[index] as number) * lossWeight;
  recentLoss[index] = (recentLoss[index] as number) - (recentLoss[index] as number) * recentWeight;
  if ((heat[index] as number) > 0) {
    heat[index] = Math.max(0, (heat[index] as number) - (course.cooling[index] as number));
  }
  if (count[index] === 0) course.since[index] = at;
  count[index] = (count[index] as number) + 1;
  course.aliveAsOf[index] = Math.max(course.aliveAsOf[index] as number, sentAt);
  course.id[index] = 0;
  arrives[index] = NEVER;
  return true;
}

/** As `sent` in path.ts and `send` in net.ts, for a tick on which nothing is lost; false, and nothing is changed, where something
 *  is, or would leave a path with two probes under way, or be answered late. */
function sendDue(course: Course, at: number): boolean {
  const { due } = course;
  for (let index = 0; index < due.length; index++) {
    if ((due[index] as number) <= at && !goesThrough(course, index)) return false;
  }
  for (let index = 0; index < due.length; index++) if ((due[index] as number) <= at) send(course, index, at);
  return true;
}

function goesThrough(course: Course, index: number): boolean {
  const fate = course.fates[index];
  if (fate === undefined || fate.out <= 0 || (course.far[index] === 1 && fate.beyond <= 0)) return false;
  const longest = (course.delay[index] as number) + (course.jitter[index] as number);
  return course.id[index] === 0 && longest < timeoutNow(course, index);
}

function timeoutNow({ smooth, deviation, state }: Course, index: number): number {
  const { longestTimeoutMs, leastTimeoutMs } = state.config.tuning;
  const usual = (smooth[index] as number) * 4 + (deviation[index] as number) * 4;
  return Math.min(longestTimeoutMs, Math.max(leastTimeoutMs, usual));
}

function send(course: Course, index: number, at: number): void {
  const fate = course.fates[index];
  if (fate === undefined) return;
  const { jitter, learnProbes } = course.state.config.tuning;
  if (fate.out < NEVER) fate.out--;
  if (course.far[index] === 1 && fate.beyond < NEVER) fate.beyond--;
  course.seed = advance(course.seed);
  course.dice = advance(course.dice);
  course.id[index] = course.nextId++;
  course.sentAt[index] = at;
  course.expiresAt[index] = at + timeoutNow(course, index);
  course.probes[index] = Math.min((course.probes[index] as number) + 1, learnProbes);
  const spread = 1 + (draw(course.seed) * 2 - 1) * jitter;
  course.spread[index] = spread;
  course.due[index] = at + (course.pace[index] as number) * spread;
  const chance = (course.jitter[index] as number) * draw(course.dice);
  course.arrives[index] = at + (course.delay[index] as number) + chance;
}

/** The numbers become a state again. */
function arrive(net: Net, course: Course): void {
  const { state, now, seed, nextId, dice } = course;
  const paths = state.paths.map((path, index) => pathOf(course, path, index));
  const wakeAt = wakeAfter(state, now, paths);
  net.state = withPulse(state, { now, paths, seed, nextId, wakeAt, quietUntil: state.quietUntil, paced: state.paced });
  net.packets = packetsOf(course, net.life);
  net.seed = dice;
  net.wakeAt = wakeAt;
  net.now = now;
}

function packetsOf({ arrives, id, state }: Course, life: number): Packet[] {
  return state.paths
    .map(({ port, target }, index) => ({ at: arrives[index] ?? NEVER, port, target, id: id[index] ?? 0, life }))
    .filter(({ at }) => at < NEVER)
    .toSorted((a, b) => a.id - b.id);
}

function pathOf(course: Course, path: Path, index: number): Path {
  const row = (column: Float64Array): number => column[index] as number;
  const id = row(course.id);
  const { since, usual } = path.heat;
  const old = path.outstanding.filter(({ expired }) => expired);
  const before = liveOf(path);
  const spared = before?.id === id ? before.spared : false;
  return {
    port: path.port,
    target: path.target,
    far: path.far,
    health: path.health,
    sentAt: row(course.sentAt),
    spread: row(course.spread),
    outstanding:
      id === 0
        ? old
        : [...old, { id, sentAt: row(course.sentAt), expiresAt: row(course.expiresAt), expired: false, spared }],
    probes: row(course.probes),
    probedSince: path.probedSince,
    rtt: { smooth: row(course.smooth), deviation: row(course.deviation), least: row(course.least) },
    loss: row(course.loss),
    recentLoss: row(course.recentLoss),
    run: path.run,
    heat: row(course.heat) === 0 ? noHeat : { evidence: row(course.heat), since, usual },
    answers: { count: row(course.count), since: row(course.since) },
    aliveAsOf: row(course.aliveAsOf),
  };
}
