import type { Seed } from "../seed.ts";
import type { WatchConfig } from "../state.ts";
import type { Gait } from "./run.ts";
import { tally } from "./tally.ts";
import { type Dice, type House, newDice, peaceAt, trouble } from "./troubles.ts";
import { type Change, goodWire, type Wire, type World } from "./world.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** What has failed in a life is mended after this at the latest. */
const LONGEST_MS = 2 * HOUR;
/** Long enough for the longest calm to pass. */
const AFTERWARDS_MS = 75 * MINUTE;
const TROUBLES = 60;
/** Each with its beginning and end on several paths. */
const MOST_RECORDS = 25;

/** A world, and how many troubles come up in it. */
export interface Story {
  readonly world: World;
  readonly troubles: number;
}

/** Twenty minutes of everything that can happen, then peace: whatever a seed brings. */
export function chaos(config: WatchConfig, seed: Seed): Story {
  const dice = newDice(seed);
  const house: House = { config, usual: new Map() };
  const changes: Change[] = [];
  for (let count = 0; count < TROUBLES; count++) {
    const at = 10_000 + dice.throw() * 20 * MINUTE;
    const lasts = dice.throw() < 0.5 ? dice.throw() * 500 : dice.throw() * MINUTE;
    changes.push(...trouble(dice, house, at, lasts));
  }
  return { world: inOrder(house, seed, changes, 23 * MINUTE), troubles: TROUBLES };
}

/** How long a life is, and how often something happens in it on average. */
export interface Span {
  readonly days: number;
  readonly everyMs: number;
}

/** Days of a host: calm, and about once in `everyMs` a trouble of any kind, which lasts for a moment, minutes or hours; a fifth of
 *  them for all ports at once. Lines lose what lines lose: nothing, or one packet in 10⁶ to 10³. */
export function life(config: WatchConfig, seed: Seed, span: Span): Story {
  const { days, everyMs } = span;
  const dice = newDice(seed);
  const house: House = { config, usual: new Map(config.ports.map(({ name }) => [name, usualWire(dice)])) };
  const changes: Change[] = config.ports.map(({ name }) => ({
    at: 1_000,
    kind: "wire",
    port: name,
    set: house.usual.get(name) ?? goodWire,
  }));
  const end = days * 24 * HOUR;
  const wait = (): number => -Math.log(1 - dice.throw()) * everyMs;
  let troubles = 0;
  for (let at = 10_000 + wait(); at < end; at += wait()) {
    troubles++;
    changes.push(...trouble(dice, house, at, dice.between(50, LONGEST_MS)));
  }
  return { world: inOrder(house, seed, changes, end + LONGEST_MS), troubles };
}

/** A cable loses next to nothing, power lines and radio more; what lies beyond the router is farther and loses on its own. */
function usualWire(dice: Dice): Wire {
  const loss = (): number => (dice.throw() < 0.5 ? 0 : dice.between(1e-6, 1e-3));
  return { ...goodWire, lossOut: loss(), lossIn: loss(), lossBeyond: loss() };
}

function inOrder(house: House, seed: Seed, changes: readonly Change[], peace: number): World {
  const before = changes.filter(({ at }) => at < peace);
  const all = [...before, ...peaceAt(peace, house)].toSorted((a, b) => a.at - b.at);
  return { config: house.config, seed, untilMs: peace + AFTERWARDS_MS, changes: all };
}

/** The share of a story's time in which every wire is as it usually is, 0–1. */
export function shareOfCalm({ world }: Story): number {
  const bad = new Map<string, Partial<Wire>>();
  let [calmMs, before] = [0, 0];
  for (const change of world.changes) {
    if (change.kind !== "wire") continue;
    if (bad.size === 0) calmMs += change.at - before;
    before = change.at;
    if (isUsual(change.set)) bad.delete(change.port);
    else bad.set(change.port, change.set);
  }
  return (calmMs + world.untilMs - before) / world.untilMs;
}

/** A whole wire is put back, a part of one is broken. */
function isUsual(set: Partial<Wire>): boolean {
  return set.carrier === true;
}

/** What is wrong during a run and after it; nothing, if the brain is what it should be. */
export function wrongs({ world, troubles }: Story, gait: Gait): readonly string[] {
  const { offences, records, ran } = tally(world, gait);
  const { last, active } = ran;
  const found = [...offences];
  const say = (what: string): void => void found.push(`seed ${world.seed}: ${what}`);
  if (last.active !== active) say(`the brain believes in ${last.active}, the kernel uses ${active}`);
  if (active !== world.config.ports[0]?.name) say(`after an hour of peace ${active} is active`);
  if (last.redundancy !== world.config.ports.length) say(`after an hour of peace ${last.redundancy} ports are usable`);
  if (last.outage !== undefined) say("after an hour of peace there is still an outage");
  if (records.length > MOST_RECORDS * Math.max(troubles, TROUBLES))
    say(`${records.length} records of ${troubles} troubles`);
  return found;
}
