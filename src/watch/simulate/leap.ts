import type { Path } from "../path.ts";
import { type State, withPulse } from "../state.ts";
import type { Tuning } from "../tuning.ts";
import type { Wire } from "./world.ts";

/** How many packets a port's wire lets through until it loses the next, on the way out, in, and beyond the router: drawn
 *  beforehand, which comes to the same as drawing for each packet and tells how far nothing will happen. Counted down. */
export interface Fate {
  out: number;
  in: number;
  beyond: number;
}

/** What a wire's losses have in store; `random` gives numbers in [0, 1). */
export function fateOf(wire: Wire, random: () => number): Fate {
  return {
    out: packetsUntilLoss(wire.lossOut, random),
    in: packetsUntilLoss(wire.lossIn, random),
    beyond: packetsUntilLoss(wire.lossBeyond, random),
  };
}

/** Packets that get through before one is lost, where this share is lost: a geometric number. */
export function packetsUntilLoss(share: number, random: () => number): number {
  if (share <= 0) return Number.POSITIVE_INFINITY;
  return share >= 1 ? 0 : Math.floor(Math.log(1 - random()) / Math.log(1 - share));
}

/** So many packets before the next loss everything is lived again. */
const MARGIN_PACKETS = 2;

/** How long the brain would do nothing but probe and be answered, ms. */
export function quietMs(
  state: State,
  wires: ReadonlyMap<string, Wire>,
  fates: ReadonlyMap<string, Fate>,
  far: ReadonlySet<string>,
): number {
  let ms = state.quietUntil - state.now;
  for (let index = 0; index < state.paths.length && ms > 0; index++) {
    const path = state.paths[index];
    const pace = state.paced[index] ?? Number.POSITIVE_INFINITY;
    if (path === undefined || pace === Number.POSITIVE_INFINITY) continue;
    // What doesn't live may be answered any time, and that is news; and every answer cools what is warm. More than
    // one probe under way may be a loss that shows later.
    if (path.health !== "alive" || path.heat.evidence > 0 || isWaiting(path)) return 0;
    const [wire, fate] = [wires.get(path.port), fates.get(path.port)];
    if (wire === undefined || fate === undefined || wire.heardEveryMs > 0) return 0;
    const isFar = far.has(path.target);
    const left = Math.min(fate.out, fate.in, isFar ? fate.beyond : fate.out) - MARGIN_PACKETS;
    // The paths of a port share its wire's fate: each may use its part of it.
    if (left !== Number.POSITIVE_INFINITY) ms = Math.min(ms, (left / sharing(state, path)) * pace);
  }
  return ms;
}

function isWaiting(path: Path): boolean {
  let waiting = 0;
  for (const one of path.outstanding) if (!one.expired) waiting++;
  return waiting > 1;
}

function sharing(state: State, path: Path): number {
  let count = 0;
  for (const one of state.paths) if (one.port === path.port) count++;
  return count;
}

/** The packets that were leapt over are counted down. */
export function spend(state: State, fates: ReadonlyMap<string, Fate>, far: ReadonlySet<string>, ms: number): void {
  for (let index = 0; index < state.paths.length; index++) {
    const path = state.paths[index];
    const fate = path === undefined ? undefined : fates.get(path.port);
    const pace = state.paced[index] ?? Number.POSITIVE_INFINITY;
    if (path === undefined || fate === undefined || pace === Number.POSITIVE_INFINITY) continue;
    const packets = Math.floor(ms / pace);
    fate.out -= packets;
    fate.in -= packets;
    if (far.has(path.target)) fate.beyond -= packets;
  }
}

/** The state as if so much time had passed with every probe answered. */
export function leap(state: State, ms: number): State {
  const { tuning } = state.config;
  const paths = state.paths.map((path, index) => leapt(path, ms, state.paced[index] ?? 0, tuning));
  const { seed, nextId, quietUntil, paced } = state;
  return withPulse(state, { now: state.now + ms, paths, seed, nextId, wakeAt: state.wakeAt + ms, quietUntil, paced });
}

function leapt(path: Path, ms: number, pace: number, tuning: Tuning): Path {
  if (pace === 0 || pace === Number.POSITIVE_INFINITY) return path;
  const answers = ms / pace;
  const outstanding = path.outstanding.map((one) => ({
    id: one.id,
    sentAt: one.sentAt + ms,
    expiresAt: one.expiresAt + ms,
    expired: one.expired,
    spared: one.spared,
  }));
  return {
    port: path.port,
    target: path.target,
    far: path.far,
    health: path.health,
    sentAt: path.sentAt + ms,
    spread: path.spread,
    outstanding,
    probes: path.probes,
    probedSince: path.probedSince,
    rtt: path.rtt,
    loss: path.loss * (1 - tuning.lossWeight) ** answers,
    recentLoss: path.recentLoss * (1 - tuning.recentWeight) ** answers,
    run: path.run,
    heat: path.heat,
    answers: path.answers,
    aliveAsOf: path.aliveAsOf + ms,
  };
}
