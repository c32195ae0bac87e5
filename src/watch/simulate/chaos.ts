import { advance, draw, type Seed } from "../seed.ts";
import type { WatchConfig } from "../state.ts";
import type { Gait } from "./run.ts";
import { tally } from "./tally.ts";
import { type Change, goodWire, type Told, type Wire, type World } from "./world.ts";

const MINUTE = 60_000;
/** Long enough for the longest calm to pass. */
const AFTERWARDS_MS = 75 * MINUTE;

const troubles: readonly Partial<Wire>[] = [
  { carrier: false },
  { lossOut: 1, lossIn: 1 },
  { lossOut: 1 },
  { lossIn: 1 },
  { lossOut: 0.3, lossIn: 0.3 },
  { lossOut: 0.05 },
  { lossBeyond: 1 },
  { delayMs: 300, jitterMs: 100, heardEveryMs: 50 },
];

const orders: readonly Told[] = [
  { type: "pin", port: "eth1" },
  { type: "auto" },
  { type: "drain", port: "eth0" },
  { type: "undrain", port: "eth0" },
  { type: "reselect-now" },
  { type: "suspended", gapMs: 3_600_000 },
  { type: "drift", option: "primary", value: "eth0" },
];

/** The adapter is unplugged from the bus and plugged in again: its carrier goes with it. */
function unplugged(at: number, lasts: number, port: string): readonly Change[] {
  return [
    { at, kind: "told", event: { type: "port-gone", port } },
    { at, kind: "wire", port, set: { carrier: false } },
    { at: at + lasts, kind: "told", event: { type: "port-back", port } },
    { at: at + lasts, kind: "wire", port, set: { carrier: true } },
  ];
}

/** Twenty minutes of everything that can happen, then peace: whatever a seed brings. */
export function chaos(config: WatchConfig, seed: Seed): World {
  let dice = advance(seed);
  const random = (): number => {
    dice = advance(dice);
    return draw(dice);
  };
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)] as T;
  const names = config.ports.map((port) => port.name);
  const changes: Change[] = [];
  for (let count = 0; count < 60; count++) {
    const at = 10_000 + random() * 20 * MINUTE;
    const lasts = random() < 0.5 ? random() * 500 : random() * MINUTE;
    const ports = random() < 0.2 ? names : [pick(names)];
    const kind = random();
    if (kind < 0.75) {
      const set = pick(troubles);
      for (const port of ports)
        changes.push({ at, kind: "wire", port, set }, { at: at + lasts, kind: "wire", port, set: goodWire });
    } else if (kind < 0.8) changes.push({ at, kind: "stall", ms: random() * 4_000 });
    else if (kind < 0.85) changes.push({ at, kind: "restart", ms: random() * 3_000 });
    else if (kind < 0.87) changes.push({ at, kind: "refusal" });
    else if (kind < 0.89) changes.push({ at, kind: "kernel-moves", port: pick(names) });
    else if (kind < 0.9) changes.push({ at, kind: "told", event: { type: "config", config } });
    else if (kind < 0.91) changes.push(...unplugged(at, lasts, pick(names)));
    else if (kind < 0.95) changes.push({ at, kind: "told", event: pick(orders) });
    else for (let each = 0; each < 50; each++) changes.push({ at: at + each * 50, kind: "forged", port: pick(names) });
  }
  const peace = 23 * MINUTE;
  for (const port of names) {
    changes.push({ at: peace, kind: "wire", port, set: goodWire });
    changes.push({ at: peace, kind: "told", event: { type: "port-back", port } });
    changes.push({ at: peace, kind: "told", event: { type: "carrier", port, up: true } });
    changes.push({ at: peace, kind: "told", event: { type: "undrain", port } });
  }
  changes.push({ at: peace, kind: "told", event: { type: "auto" } });
  return { config, seed, untilMs: peace + AFTERWARDS_MS, changes: changes.toSorted((a, b) => a.at - b.at) };
}

/** What is wrong after (or during) a run through chaos; nothing, if the brain is what it should be. */
export function wrongs(world: World, gait: Gait): readonly string[] {
  const { offences, records, ran } = tally(world, gait);
  const { last, active } = ran;
  const found = [...offences];
  const say = (what: string): void => void found.push(`seed ${world.seed}: ${what}`);
  if (last.active !== active) say(`the brain believes in ${last.active}, the kernel uses ${active}`);
  if (active !== world.config.ports[0]?.name) say(`after an hour of peace ${active} is active`);
  if (last.redundancy !== world.config.ports.length) say(`after an hour of peace ${last.redundancy} ports are usable`);
  if (last.outage !== undefined) say("after an hour of peace there is still an outage");
  if (records.length > MOST_RECORDS) say(`${records.length} records of 60 troubles`);
  return found;
}

/** 60 troubles, each with its beginning and end on several paths. */
const MOST_RECORDS = 1_500;
