import { LOOK_MS, wakeAfter } from "../pace.ts";
import { CREEP, type Path, unlearnt } from "../path.ts";
import { advance, draw } from "../seed.ts";
import { type State, withPulse } from "../state.ts";
import { spreadOf, takingTurns, turnAfter } from "../turns.ts";
import { type Columns, fill, liveOf, newColumns, pathOf } from "./columns.ts";
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

/** A stretch of time. */
interface Course {
  readonly columns: Columns;
  readonly until: number;
  readonly state: State;
  readonly fates: readonly (Fate | undefined)[];
  /** Who takes turns with whom. */
  readonly turns: readonly (readonly number[])[];
  now: number;
  seed: number;
  nextId: number;
  /** The world's dice. */
  dice: number;
}

/** undefined: something is under way that needs a step of its own. */
function courseOf(net: Net, until: number): Course | undefined {
  const { state, now, seed: dice } = net;
  const { paths, seed, nextId } = state;
  if (net.columns.due.length !== paths.length) net.columns = newColumns(paths.length);
  const { columns } = net;
  const { arrives } = columns;
  arrives.fill(NEVER);
  for (const { id, at, port, target, life } of net.packets) {
    const index = paths.findIndex((path) => path.port === port && path.target === target);
    const path = paths[index];
    // Too late, or of a brain that is no more.
    if (life !== net.life || path === undefined || liveOf(path)?.id !== id) return undefined;
    arrives[index] = at;
  }
  const fates: (Fate | undefined)[] = [];
  for (let index = 0; index < paths.length; index++) {
    const path = paths[index] as Path;
    if (!isPlain(path, arrives[index] as number)) return undefined;
    const wire = net.wires.get(path.port) ?? goodWire;
    fates.push(wire.carrier ? net.fates.get(path.port) : undefined);
    fill(columns, index, path, state.paced[index] ?? NEVER);
    columns.delay[index] = wire.delayMs;
    columns.jitter[index] = wire.jitterMs;
    columns.far[index] = Number(net.far.has(path.target));
  }
  const turns = paths.map((_, index) => takingTurns(paths, state.paced, index));
  return { columns, until, state, fates, turns, now, seed, nextId, dice };
}

/** Has it no probe under way, or only the latest, whose answer comes in time? Any other may have been lost, and that will show. */
function isPlain(path: Path, arrivesAt: number): boolean {
  const live = liveOf(path);
  for (const one of path.outstanding) if (!one.expired && one !== live) return false;
  return live === undefined || (live.sentAt === path.sentAt && arrivesAt < live.expiresAt);
}

/** One answer or tick after the other. Times of expiry don't enter: every answer comes before. Nearly always one and the same path
 *  is due next, and no other answer is under way: then nothing is looked through. */
function follow(course: Course): number {
  const { until, state } = course;
  const { arrives, due } = course.columns;
  const { latenessMs } = state.config.tuning;
  let { wakeAt } = state;
  let answers = 0;
  let first = indexOfLeast(arrives, -1);
  let next = indexOfLeast(due, -1);
  let second = timeOf(due, indexOfLeast(due, next));
  while (true) {
    const answerAt = timeOf(arrives, first);
    const at = Math.min(answerAt, Math.max(wakeAt, course.now));
    // Woken late, it thinks.
    if (at >= until || at >= wakeAt + latenessMs) return answers;
    if (at === answerAt) {
      if (!takeAnswer(course, first, at)) return answers;
      answers++;
      first = indexOfLeast(arrives, -1);
    } else if (at < second) {
      if (timeOf(due, next) <= at && !sendOne(course, next, at)) return answers;
      if (timeOf(arrives, next) < timeOf(arrives, first)) first = next;
    } else {
      if (!sendDue(course, at)) return answers;
      first = indexOfLeast(arrives, -1);
    }
    if (timeOf(due, next) >= second) {
      next = indexOfLeast(due, -1);
      second = timeOf(due, indexOfLeast(due, next));
    }
    course.now = at;
    wakeAt = Math.max(Math.min(state.quietUntil, at + LOOK_MS, timeOf(due, next)), at + 1);
  }
}

function timeOf(times: Float64Array, index: number): number {
  return index < 0 ? NEVER : (times[index] as number);
}

/** -1: all are never. */
function indexOfLeast(times: Float64Array, except: number): number {
  let found = -1;
  let least = NEVER;
  for (let index = 0; index < times.length; index++) {
    const time = times[index] as number;
    if (time >= least || index === except) continue;
    least = time;
    found = index;
  }
  return found;
}

/** As `answered` in path.ts, where nothing was lost. */
function takeAnswer(course: Course, index: number, at: number): boolean {
  const { columns } = course;
  const fate = course.fates[index];
  if (columns.lives[index] === 0 || fate === undefined || fate.in <= 0) return false;
  if (fate.in < NEVER) fate.in--;
  const { smooth, deviation, least, loss, recentLoss, heat, count, arrives } = columns;
  const { lossWeight, recentWeight } = course.state.config.tuning;
  const sentAt = columns.sentAt[index] as number;
  const took = Math.max(0, at - sentAt);
  const usual = smooth[index] as number;
  const spread = deviation[index] as number;
  const shortest = least[index] as number;
  deviation[index] = spread + (Math.abs(took - usual) - spread) / 4;
  least[index] = Math.min(took, shortest + (usual - shortest) * CREEP);
  smooth[index] = usual + (took - usual) / 8;
  loss[index] = unlearnt(loss[index] as number, lossWeight);
  recentLoss[index] = unlearnt(recentLoss[index] as number, recentWeight);
  if ((heat[index] as number) > 0) {
    heat[index] = Math.max(0, (heat[index] as number) - (columns.cooling[index] as number));
  }
  if (count[index] === 0) columns.since[index] = at;
  count[index] = (count[index] as number) + 1;
  columns.aliveAsOf[index] = Math.max(columns.aliveAsOf[index] as number, sentAt);
  columns.id[index] = 0;
  arrives[index] = NEVER;
  return true;
}

/** As `sent` in path.ts and `send` in net.ts, for a tick on which nothing is lost; false, and nothing is changed, where something
 *  is, or would leave a path with two probes under way, or be answered late. */
function sendDue(course: Course, at: number): boolean {
  const { due } = course.columns;
  for (let index = 0; index < due.length; index++) {
    if ((due[index] as number) <= at && !goesThrough(course, index)) return false;
  }
  for (let index = 0; index < due.length; index++) if ((due[index] as number) <= at) send(course, index, at);
  return true;
}

function sendOne(course: Course, index: number, at: number): boolean {
  if (!goesThrough(course, index)) return false;
  send(course, index, at);
  return true;
}

function goesThrough(course: Course, index: number): boolean {
  const { columns } = course;
  const fate = course.fates[index];
  if (fate === undefined || fate.out <= 0 || (columns.far[index] === 1 && fate.beyond <= 0)) return false;
  const longest = (columns.delay[index] as number) + (columns.jitter[index] as number);
  return columns.id[index] === 0 && longest < timeoutNow(course, index);
}

function timeoutNow({ columns: { smooth, deviation }, state }: Course, index: number): number {
  const { longestTimeoutMs, leastTimeoutMs } = state.config.tuning;
  const usual = (smooth[index] as number) * 4 + (deviation[index] as number) * 4;
  return Math.min(longestTimeoutMs, Math.max(leastTimeoutMs, usual));
}

function send(course: Course, index: number, at: number): void {
  const fate = course.fates[index];
  if (fate === undefined) return;
  const { columns } = course;
  const { jitter, learnProbes } = course.state.config.tuning;
  if (fate.out < NEVER) fate.out--;
  if (columns.far[index] === 1 && fate.beyond < NEVER) fate.beyond--;
  course.seed = advance(course.seed);
  course.dice = advance(course.dice);
  columns.id[index] = course.nextId++;
  columns.sentAt[index] = at;
  columns.expiresAt[index] = at + timeoutNow(course, index);
  columns.probes[index] = Math.min((columns.probes[index] as number) + 1, learnProbes);
  const pace = columns.pace[index] as number;
  const turn = turnAfter(pace, course.turns[index] ?? [], (other) => columns.due[other] as number);
  const spread = spreadOf(draw(course.seed), jitter, at, turn);
  columns.spread[index] = spread;
  columns.due[index] = at + pace * spread;
  const chance = (columns.jitter[index] as number) * draw(course.dice);
  columns.arrives[index] = at + (columns.delay[index] as number) + chance;
}

/** The numbers become a state again. */
function arrive(net: Net, course: Course): void {
  const { state, now, seed, nextId, dice } = course;
  const paths = state.paths.map((path, index) => pathOf(course.columns, path, index));
  const wakeAt = wakeAfter(state, now, paths);
  net.state = withPulse(state, { now, paths, seed, nextId, wakeAt, quietUntil: state.quietUntil, paced: state.paced });
  net.packets = packetsOf(course, net.life);
  net.seed = dice;
  net.wakeAt = wakeAt;
  net.now = now;
}

function packetsOf({ columns: { arrives, id }, state }: Course, life: number): Packet[] {
  return state.paths
    .map(({ port, target }, index) => ({ at: arrives[index] ?? NEVER, port, target, id: id[index] ?? 0, life }))
    .filter(({ at }) => at < NEVER)
    .toSorted((a, b) => a.id - b.id);
}
