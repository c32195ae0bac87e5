import { advance, draw, type Seed } from "../seed.ts";
import type { WatchConfig } from "../state.ts";
import { type Change, goodWire, type Told, type Wire } from "./world.ts";

/** Chance out of a seed, one throw after the other. */
export interface Dice {
  /** In [0, 1). */
  throw(): number;
  pick<T>(list: readonly T[]): T;
  /** Between two numbers, each order of magnitude as likely as the other. */
  between(least: number, most: number): number;
}

/** The same dice for the same seed. */
export function newDice(seed: Seed): Dice {
  let now = advance(seed);
  const throwOne = (): number => {
    now = advance(now);
    return draw(now);
  };
  return {
    throw: throwOne,
    pick: (list) => list[Math.floor(throwOne() * list.length)] as never,
    between: (least, most) => least * (most / least) ** throwOne(),
  };
}

/** Where troubles happen. */
export interface House {
  readonly config: WatchConfig;
  /** How each port's wire is when nothing is wrong with it; good where it isn't named. */
  readonly usual: ReadonlyMap<string, Wire>;
}

/** What can be wrong with a wire. */
const faults: readonly Partial<Wire>[] = [
  { carrier: false },
  { lossOut: 1, lossIn: 1 },
  { lossOut: 1 },
  { lossIn: 1 },
  { lossOut: 0.3, lossIn: 0.3 },
  { lossOut: 0.05 },
  { lossBeyond: 1 },
  { delayMs: 300, jitterMs: 100, heardEveryMs: 50 },
];

const SHARED = 0.2;

/** Something happens, and is over after so long where it is of a kind that lasts, ms. Every kind comes up sooner or later. */
export function trouble(dice: Dice, house: House, at: number, lasts: number): readonly Change[] {
  const { config, usual } = house;
  const names = config.ports.map(({ name }) => name);
  const name = dice.pick(names);
  const kind = dice.throw();
  if (kind < 0.65) {
    const set = dice.pick(faults);
    const ports = dice.throw() < SHARED ? names : [name];
    return ports.flatMap((port) => spell(at, lasts, port, set, usual));
  }
  if (kind < 0.75) return flapping(dice, at, name, usual);
  if (kind < 0.8) return [{ at, kind: "stall", ms: dice.throw() * 4_000 }];
  if (kind < 0.85) return [{ at, kind: "restart", ms: dice.throw() * 3_000 }];
  if (kind < 0.87) return [{ at, kind: "refusal" }];
  if (kind < 0.89) return [{ at, kind: "kernel-moves", port: name }];
  if (kind < 0.9) return [told(at, { type: "config", config })];
  if (kind < 0.91) return unplugged(at, lasts, name, usual);
  if (kind < 0.95) return order(dice, at, lasts, names);
  return Array.from({ length: 50 }, (_, each) => ({ at: at + each * 50, kind: "forged", port: name }) as const);
}

/** The port's wire is bad for a while. */
function spell(at: number, lasts: number, port: string, set: Partial<Wire>, usual: House["usual"]): readonly Change[] {
  return [
    { at, kind: "wire", port, set },
    { at: at + lasts, kind: "wire", port, set: usual.get(port) ?? goodWire },
  ];
}

const FLAPS_MS = 10_000;

/** It comes and goes, with its carrier or silently. */
function flapping(dice: Dice, at: number, port: string, usual: House["usual"]): readonly Change[] {
  const hertz = dice.between(1, 50);
  const set = dice.throw() < 0.5 ? { carrier: false } : { lossOut: 1, lossIn: 1 };
  const lasts = dice.throw() * FLAPS_MS;
  const flaps = Math.ceil((lasts / 1_000) * hertz);
  const each = (index: number): readonly Change[] => spell(at + (index * 1_000) / hertz, 500 / hertz, port, set, usual);
  return Array.from({ length: flaps }, (_, index) => each(index)).flat();
}

/** The adapter is unplugged from the bus and plugged in again: its carrier goes with it. */
function unplugged(at: number, lasts: number, port: string, usual: House["usual"]): readonly Change[] {
  const [cut, back] = spell(at, lasts, port, { carrier: false }, usual);
  if (cut === undefined || back === undefined) return [];
  return [told(at, { type: "port-gone", port }), cut, told(at + lasts, { type: "port-back", port }), back];
}

/** Somebody wants something, and no longer wants it later; or the machine slept; or somebody meddles with the bond. */
function order(dice: Dice, at: number, lasts: number, names: readonly string[]): readonly Change[] {
  const port = dice.pick(names);
  return dice.pick<readonly Change[]>([
    [told(at, { type: "pin", port }), told(at + lasts, { type: "auto" })],
    [told(at, { type: "drain", port }), told(at + lasts, { type: "undrain", port })],
    [told(at, { type: "reselect-now" })],
    [told(at, { type: "suspended", gapMs: 3_600_000 })],
    [told(at, { type: "drift", option: "primary", value: port })],
  ]);
}

/** Everything is as it should be again, and nobody wants anything. */
export function peaceAt(at: number, { config, usual }: House): readonly Change[] {
  const ports = config.ports.flatMap(({ name: port }): readonly Change[] => [
    { at, kind: "wire", port, set: usual.get(port) ?? goodWire },
    told(at, { type: "port-back", port }),
    told(at, { type: "carrier", port, up: true }),
    told(at, { type: "undrain", port }),
  ]);
  return [...ports, told(at, { type: "auto" })];
}

function told(at: number, event: Told): Change {
  return { at, kind: "told", event };
}
