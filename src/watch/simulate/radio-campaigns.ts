import { advance, draw } from "../seed.ts";
import type { Finding, Size } from "./campaigns.ts";
import { noiseOn, seedOf, twoRadios, wireAndRadio } from "./radio-noise.ts";
import { tally } from "./tally.ts";
import type { World } from "./world.ts";

const SECOND = 1_000;
const HOUR = 3_600 * SECOND;

const houses = [
  ["a wire before a noisy radio that is probed", wireAndRadio("wire", "active"), ["wlan0"]],
  ["a wire before a noisy radio that isn't", wireAndRadio("wire", "none"), ["wlan0"]],
  ["a noisy radio before a wire", wireAndRadio("radio", "active"), ["wlan0"]],
  ["two noisy radios", twoRadios(), ["wlan0", "wlan1"]],
] as const;

/** Neighbours, scans and retries, and nothing wrong: nothing is moved. */
const noisy = houses.map(([house, config, radios]) => (size: Size): Finding => {
  const untilMs = Math.max(size.lossHours, LEAST_HOURS) * HOUR;
  let [moves, reports] = [0, 0];
  const offences: string[] = [];
  for (let count = 0; count < size.lossSeeds; count++) {
    const changes = radios
      .flatMap((port, index) => noiseOn(port, seedOf(size.seed + count, index), untilMs))
      .toSorted((one, other) => one.at - other.at);
    const told = tally({ config, seed: size.seed + count, untilMs, changes }, "leaping");
    moves += told.moves.length;
    reports += told.records.filter(({ event }) => event.what === "redundancy").length;
    offences.push(...told.offences);
  }
  const hours = (size.lossSeeds * untilMs) / HOUR;
  return {
    what: `a noisy neighbourhood for ${untilMs / HOUR} h, ${house}${size.lossSeeds > 1 ? `, ${size.lossSeeds} times` : ""}`,
    found: `${moves} moves; redundancy lost or regained ${(reports / hours).toFixed(1)} times an hour`,
    promised: "no move",
    held: moves === 0,
    offences,
    simulatedMs: size.lossSeeds * untilMs,
  };
});

/** With its rough minutes, of which there is one stretch an hour. */
const LEAST_HOURS = 0.25;

/** A radio that carries traffic dies behind a carrier that stays, amid the noise; or begins to lose a third of everything each way. */
const failing = (["dies silently", "loses 30 % each way"] as const).map((how) => (size: Size): Finding => {
  const tries = Math.max(20, Math.round(size.deaths / 5));
  const took: number[] = [];
  const offences: string[] = [];
  let late = 0;
  for (let count = 0; count < tries; count++) {
    const at = 60 * SECOND + draw(advance(size.seed + count)) * 10 * SECOND;
    const noise = noiseOn("wlan0", seedOf(size.seed + count, 0), at).filter((change) => change.at < at);
    const share = how === "dies silently" ? 1 : 0.3;
    const set = { lossOut: share, lossIn: share };
    const world: World = {
      config: wireAndRadio("radio", "active"),
      seed: size.seed + count,
      untilMs: at + 60 * SECOND,
      changes: [...noise, { at, kind: "wire", port: "wlan0", set }],
    };
    const told = tally(world, "leaping");
    const move = told.moves.find((one) => one.at >= at);
    took.push((move?.at ?? Number.POSITIVE_INFINITY) - at);
    late += told.moves.length - 1;
    offences.push(...told.offences);
  }
  const sorted = took.toSorted((one, other) => one - other);
  const [median = 0, worst = 0] = [sorted[Math.floor(tries / 2)], sorted.at(-1)];
  const limitMs = how === "dies silently" ? 1_500 : 30 * SECOND;
  return {
    what: `a radio in use ${how}, amid noise, ${tries} times: until the move`,
    found: `median ${Math.round(median)} ms, worst ${Math.round(worst)} ms; ${late} moves too many`,
    promised: `≤ ${limitMs} ms, one move each`,
    held: worst <= limitMs && late === 0,
    offences,
    simulatedMs: tries * 125 * SECOND,
  };
});

/** What is promised of radios. */
export const radioCampaigns: readonly ((size: Size) => Finding)[] = [...noisy, ...failing];
