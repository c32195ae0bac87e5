import { advance, draw, type Seed } from "../seed.ts";
import type { WatchConfig } from "../state.ts";
import { chaos, life, type Story, shareOfCalm, wrongs } from "./chaos.ts";
import { threeUplinks, twoPorts, twoUplinks } from "./houses.ts";
import { radioCampaigns } from "./radio-campaigns.ts";
import { tally } from "./tally.ts";
import type { Change, Wire, World } from "./world.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** One line of the report: what was measured, and whether it is as promised. */
export interface Finding {
  readonly what: string;
  readonly found: string;
  readonly promised: string;
  readonly held: boolean;
  readonly offences: readonly string[];
  readonly simulatedMs: number;
}

/** How much is simulated: 1 is what the tests can afford. */
export interface Size {
  readonly seed: Seed;
  readonly deaths: number;
  /** At 1 %: how long, and in how many worlds. */
  readonly lossHours: number;
  readonly lossSeeds: number;
  readonly lossTries: number;
  readonly lossMinutes: number;
  readonly flapTries: number;
  readonly chaosTries: number;
  readonly lives: number;
  readonly lifeDays: number;
}

const dead: Partial<Wire> = { lossOut: 1, lossIn: 1 };
const alive: Partial<Wire> = { lossOut: 0, lossIn: 0 };

function wire(at: number, port: string, set: Partial<Wire>): Change {
  return { at, kind: "wire", port, set };
}

/** Deaths without loss of carrier, one after the other: how long until the move. */
export function silentDeaths(size: Size): Finding {
  let seed = advance(size.seed);
  const changes: Change[] = [];
  const deaths: number[] = [];
  for (let count = 0; count < size.deaths; count++) {
    seed = advance(seed);
    const at = 20 * SECOND + count * 60 * SECOND + draw(seed) * SECOND;
    deaths.push(at);
    changes.push(wire(at, "eth0", dead), wire(at + 5 * SECOND, "eth0", alive));
    // Alive again, and home, so that the next death finds it active; and long before that, so that it finds no caution.
    changes.push({ at: at + 12 * SECOND, kind: "told", event: { type: "reselect-now" } });
  }
  const untilMs = 40 * SECOND + size.deaths * 60 * SECOND;
  const world: World = { config: withoutDamping(twoPorts([])), seed: size.seed, untilMs, changes };
  const { moves, offences } = tally(world, "leaping");
  const emergencies = moves.filter((move) => move.cause === "path-dead");
  const took = deaths.map((at) => {
    const move = emergencies.find((one) => one.at >= at && one.at < at + 5 * SECOND);
    return move === undefined ? Number.POSITIVE_INFINITY : move.at - at;
  });
  const [median, p95, worst] = [quantile(took, 0.5), quantile(took, 0.95), quantile(took, 1)];
  const isExact = emergencies.length === deaths.length;
  // A session retransmits after 200 ms, then 400, 800: it stalls until the first of them after the outage.
  const stalls = took.map((ms) => stallOf(ms));
  return {
    what: `silent death, ${size.deaths} times: until the move`,
    found: `median ${ms(median)}, p95 ${ms(p95)}, worst ${ms(worst)}; TCP stalls ${ms(quantile(stalls, 0.5))}, worst ${ms(quantile(stalls, 1))}`,
    promised: "median ≤ 200 ms, p95 ≤ 300 ms; TCP ≤ 400 ms; one move each",
    held: median <= 200 && p95 <= 300 && quantile(stalls, 1) <= 400 && isExact,
    offences,
    simulatedMs: untilMs,
  };
}

/** Every death counts as the first: damping would make the host wait an hour between them. */
function withoutDamping(config: WatchConfig): WatchConfig {
  return { ...config, tuning: { ...config.tuning, mostPenalty: 1 } };
}

function stallOf(outageMs: number): number {
  let at = 0;
  for (let wait = 200; at <= outageMs && wait < 120 * SECOND; wait *= 2) at += wait;
  return at;
}

/** Loss on the wires, each way: how often the port is changed. */
export function lossy(
  size: Size,
  share: number,
  where: "one port" | "both ports",
  forMs: number,
  most: number,
): Finding {
  const set = { lossOut: share, lossIn: share };
  const tries = share <= 0.01 ? size.lossSeeds : size.lossTries;
  let [worst, total] = [0, 0];
  const offences: string[] = [];
  for (let count = 0; count < tries; count++) {
    const changes = [
      wire(10 * SECOND, "eth0", set),
      ...(where === "both ports" ? [wire(10 * SECOND, "eth1", set)] : []),
    ];
    const world: World = { config: twoPorts([]), seed: size.seed + count, untilMs: 10 * SECOND + forMs, changes };
    const { moves, offences: bad } = tally(world, "leaping");
    worst = Math.max(worst, moves.length);
    total += moves.length;
    offences.push(...bad);
  }
  const span = forMs >= HOUR ? `${forMs / HOUR} h` : `${forMs / MINUTE} min`;
  return {
    what: `${share * 100} % loss each way on ${where}, ${span}${tries > 1 ? `, ${tries} times` : ""}`,
    found: `moves: ${(total / tries).toFixed(2)} on average, ${worst} at most`,
    promised: `at most ${most}`,
    held: worst <= most,
    offences,
    simulatedMs: tries * forMs,
  };
}

/** A port that comes and goes for ten seconds, with its carrier or silently. */
export function flapping(size: Size, hertz: number, how: "carrier" | "silent"): Finding {
  let [worst, records] = [0, 0];
  const took: number[] = [];
  const offences: string[] = [];
  for (let count = 0; count < size.flapTries; count++) {
    const changes: Change[] = [];
    const from = 20 * SECOND + draw(advance(size.seed + count)) * 100;
    for (let at = from; at < from + 10 * SECOND; at += 1_000 / hertz) {
      changes.push(wire(at, "eth0", how === "carrier" ? { carrier: false } : dead));
      changes.push(wire(at + 500 / hertz, "eth0", how === "carrier" ? { carrier: true } : alive));
    }
    const world: World = { config: twoPorts([]), seed: size.seed + count, untilMs: 80 * SECOND, changes };
    const told = tally(world, "leaping");
    worst = Math.max(worst, told.moves.length);
    records = Math.max(records, told.records.length);
    took.push((told.moves[0]?.at ?? Number.POSITIVE_INFINITY) - from);
    offences.push(...told.offences);
  }
  return {
    what: `flapping at ${hertz} Hz for 10 s (${how}), ${size.flapTries} times`,
    found: `moves ${worst} at most, after ${ms(quantile(took, 0.5))}, at worst ${ms(quantile(took, 1))}; ${records} records at most`,
    promised: "one move, within 500 ms (of 20 times 19), at most 24 records",
    held: worst === 1 && quantile(took, 0.95) <= 500 && records <= 24,
    offences,
    simulatedMs: size.flapTries * 80 * SECOND,
  };
}

/** A direction dies while the other goes on. */
export function oneWay(size: Size, direction: "lossOut" | "lossIn"): Finding {
  const tries = Math.max(20, Math.round(size.deaths / 5));
  const took: number[] = [];
  let [least, most] = [Number.POSITIVE_INFINITY, 0];
  const offences: string[] = [];
  for (let count = 0; count < tries; count++) {
    const at = 20 * SECOND + draw(advance(size.seed + count)) * SECOND;
    const world: World = {
      config: twoPorts([]),
      seed: size.seed + count,
      untilMs: at + 300 * SECOND,
      changes: [wire(at, "eth0", { [direction]: 1 })],
    };
    const told = tally(world, "leaping");
    least = Math.min(least, told.moves.length);
    most = Math.max(most, told.moves.length);
    took.push((told.moves[0]?.at ?? at + 15 * SECOND) - at);
    offences.push(...told.offences);
  }
  const share = quantile(took, 1) / (15 * SECOND);
  return {
    what: `one-way loss (${direction === "lossOut" ? "to" : "from"} the router), ${tries} times`,
    found: `moves ${least}–${most}; at worst ${(share * 100).toFixed(2)} % of 15 s lost`,
    promised: "exactly one move, ≤ 2 % lost",
    held: least === 1 && most === 1 && share <= 0.02,
    offences,
    simulatedMs: tries * 320 * SECOND,
  };
}

/** The primary's carrier returns, but its switch port forwards nothing for another 4 s (STP). */
export function stpReturn(size: Size): Finding {
  const at = 20 * SECOND;
  const forwarding = at + 34 * SECOND;
  const changes = [
    wire(at, "eth0", { carrier: false }),
    wire(at + 30 * SECOND, "eth0", { carrier: true, ...dead }),
    wire(forwarding, "eth0", alive),
  ];
  const world: World = { config: twoPorts([]), seed: size.seed, untilMs: 10 * MINUTE, changes };
  const { moves, offences } = tally(world, "leaping");
  const back = moves[1]?.at ?? Number.NaN;
  return {
    what: "return behind a switch port that must forward first (STP)",
    found: `${moves.length} moves; carrier moved ${ms((moves[0]?.at ?? 0) - at)} after; back ${((back - forwarding) / SECOND).toFixed(1)} s after the path answered`,
    promised: "no move before the path has answered",
    held: moves.length === 2 && back > forwarding,
    offences,
    simulatedMs: world.untilMs,
  };
}

/** A standby dies while all traffic is well. */
export function standbyDeath(size: Size): Finding {
  const tries = Math.max(20, Math.round(size.deaths / 5));
  const took: number[] = [];
  const offences: string[] = [];
  let moved = 0;
  for (let count = 0; count < tries; count++) {
    const at = 20 * SECOND + draw(advance(size.seed + count)) * SECOND;
    const changes = [wire(at, "eth1", dead)];
    const world: World = { config: twoPorts([]), seed: size.seed + count, untilMs: at + 60 * SECOND, changes };
    const told = tally(world, "leaping");
    const said = told.records.find(({ event }) => event.what === "redundancy");
    took.push((said?.at ?? Number.POSITIVE_INFINITY) - at);
    moved += told.moves.length;
    offences.push(...told.offences);
  }
  const worst = quantile(took, 1);
  return {
    what: `standby dies silently, ${tries} times: until redundancy is said to be lost`,
    found: `median ${ms(quantile(took, 0.5))}, worst ${ms(worst)}; ${moved} moves`,
    promised: "≤ 10 s, no move",
    held: worst <= 10 * SECOND && moved === 0,
    offences,
    simulatedMs: tries * 80 * SECOND,
  };
}

/** Everything is lost together, and comes back together. */
export function groupFailure(size: Size): Finding {
  const tries = Math.max(20, Math.round(size.deaths / 5));
  let [moved, outages, ended] = [0, 0, 0];
  const offences: string[] = [];
  for (let count = 0; count < tries; count++) {
    const at = 20 * SECOND + draw(advance(size.seed + count)) * SECOND;
    const until = at + 2 * SECOND + draw(advance(size.seed - count)) * 60 * SECOND;
    const changes = [
      wire(at, "eth0", dead),
      wire(at, "eth1", dead),
      wire(until, "eth0", alive),
      wire(until, "eth1", alive),
    ];
    const world: World = { config: twoPorts([]), seed: size.seed + count, untilMs: until + 60 * SECOND, changes };
    const told = tally(world, "leaping");
    moved += told.moves.length;
    outages += told.records.filter(({ event }) => event.what === "outage-begins").length;
    ended += told.records.filter(({ event }) => event.what === "outage-ends").length;
    offences.push(...told.offences);
  }
  return {
    what: `all paths lost together, ${tries} times`,
    found: `${moved} moves; ${outages} outages begun, ${ended} ended`,
    promised: "no move; each outage recorded once, with its end",
    held: moved === 0 && outages === tries && ended === tries,
    offences,
    simulatedMs: tries * 110 * SECOND,
  };
}

/** Every uplink is lost, and they come back one after the other within a second, in any order: the LAN is left alone. */
export function uplinksLost(size: Size): Finding {
  const tries = Math.max(20, Math.round(size.deaths / 5));
  const config = twoPorts(["9.9.9.9", "1.1.1.1"]);
  let moved = 0;
  const offences: string[] = [];
  let seed = advance(size.seed);
  for (let count = 0; count < tries; count++) {
    const random = (): number => {
      seed = advance(seed);
      return draw(seed);
    };
    const at = 20 * SECOND + random() * SECOND;
    const until = at + SECOND + random() ** 3 * 100 * SECOND;
    const changes = ["eth0", "eth1"].flatMap((port) => [
      wire(at, port, { lossBeyond: 1 }),
      wire(until + random() * SECOND, port, { lossBeyond: 0 }),
    ]);
    const world = { config, seed: size.seed + count, untilMs: until + 60 * SECOND, changes };
    const told = tally({ ...world, changes: changes.toSorted((a, b) => a.at - b.at) }, "leaping");
    moved += told.moves.length;
    offences.push(...told.offences);
  }
  return {
    what: `every uplink lost together, and back within a second of each other, ${tries} times`,
    found: `${moved} moves`,
    promised: "no move",
    held: moved === 0,
    offences,
    simulatedMs: tries * 110 * SECOND,
  };
}

/** Everything at once, and peace after it. */
function everything(size: Size, house: string, config: WatchConfig): Finding {
  const stories = Array.from({ length: size.chaosTries }, (_, count) => chaos(config, size.seed * 1_000 + count));
  return lived(
    `60 troubles of every kind in 20 minutes, then peace, ${house}, ${size.chaosTries} times`,
    "at the end all is as before, and no outage is left open",
    stories,
  );
}

/** What a host lives through: mostly calm, with one trouble in a few hours. */
function lives(size: Size, house: string, config: WatchConfig): Finding {
  const stories = Array.from({ length: size.lives }, (_, count) =>
    life(config, size.seed * 1_000 + count, { days: size.lifeDays, everyMs: TROUBLE_EVERY_MS }),
  );
  const calm = stories.reduce((sum, story) => sum + shareOfCalm(story), 0) / stories.length;
  return lived(
    `${size.lifeDays} days of a host, a trouble in ${TROUBLE_EVERY_MS / HOUR} hours (${Math.round(calm * 100)} % of the time none), ${house}, ${size.lives} times`,
    "no outage without its event; at the end all is as before",
    stories,
  );
}

const TROUBLE_EVERY_MS = 6 * HOUR;

function lived(what: string, promised: string, stories: readonly Story[]): Finding {
  const offences: string[] = [];
  let [simulatedMs, troubles] = [0, 0];
  for (const story of stories) {
    offences.push(...wrongs(story, "leaping"));
    simulatedMs += story.world.untilMs;
    troubles += story.troubles;
  }
  return {
    what,
    found: `${troubles} troubles, ${offences.length} things wrong`,
    promised: `never what must not be; ${promised}`,
    held: offences.length === 0,
    offences,
    simulatedMs,
  };
}

function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(share * sorted.length) - 1))] ?? Number.NaN;
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}

/** Everything that is promised of the brain, in the order of the report. */
export const campaigns: readonly ((size: Size) => Finding)[] = [
  silentDeaths,
  (size) => lossy(size, 0.01, "both ports", size.lossHours * HOUR, 0),
  (size) => lossy(size, 0.3, "one port", size.lossMinutes * MINUTE, 2),
  (size) => lossy(size, 0.3, "both ports", size.lossMinutes * MINUTE, 2),
  ...[1, 5, 25, 50].map((hertz) => (size: Size) => flapping(size, hertz, "carrier")),
  ...[1, 5, 25, 50].map((hertz) => (size: Size) => flapping(size, hertz, "silent")),
  (size) => oneWay(size, "lossOut"),
  (size) => oneWay(size, "lossIn"),
  stpReturn,
  standbyDeath,
  groupFailure,
  uplinksLost,
  ...radioCampaigns,
  (size) => everything(size, "two ports", twoPorts(["9.9.9.9", "1.1.1.1"])),
  (size) => everything(size, "three uplinks", threeUplinks()),
  (size) => lives(size, "two ports", twoPorts([])),
  (size) => lives(size, "two uplinks", twoUplinks()),
  (size) => lives(size, "three uplinks", threeUplinks()),
];
