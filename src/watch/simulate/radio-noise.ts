import { advance, draw, type Seed } from "../seed.ts";
import type { WatchConfig } from "../state.ts";
import { wiredTuning } from "../tuning.ts";
import { newDice } from "./troubles.ts";
import { type Change, goodWire, type Wire } from "./world.ts";

/** A radio among many neighbours, as it goes on for ever: quiet air, bursts of loss while somebody else speaks, retries that make answers
 *  late, and pauses in which it looks around. None of this is a fault, and nothing should be moved for it. */

/** The radio's air while nobody disturbs it. A frame is sent again several times before it is lost. */
const quiet: Partial<Wire> = { lossOut: 0.003, lossIn: 0.003, delayMs: 1.5, jitterMs: 6 };
/** Somebody else is speaking: retries, and often in vain. */
const disturbed: Partial<Wire> = { lossOut: 0.35, lossIn: 0.35, delayMs: 8, jitterMs: 60 };
/** It listens on other channels; its access point keeps what comes meanwhile for it, or not. */
const away: Partial<Wire> = { lossOut: 1, lossIn: 1 };

const NOISE = {
  /** Mean time between bursts, and their length: most are short, the longest ones half a second. */
  everyMs: 6_000,
  burstMs: [15, 500],
  /** A microwave oven, or a neighbour's download: minutes in which bursts come five times as often. */
  roughEveryMs: 3_600_000,
  roughForMs: 180_000,
  roughness: 5,
  /** The supplicant's background scans. */
  scanEveryMs: 120_000,
  scanMs: [60, 400],
} as const;

/** What a port's air does from the beginning until then. */
export function noiseOn(port: string, seed: Seed, untilMs: number): readonly Change[] {
  const dice = newDice(seed);
  const changes: Change[] = [{ at: 0, kind: "wire", port, set: quiet }];
  const spell = (at: number, lasts: number, set: Partial<Wire>): number => {
    changes.push(
      { at, kind: "wire", port, set },
      { at: at + lasts, kind: "wire", port, set: { ...goodWire, ...quiet } },
    );
    return at + lasts;
  };
  const exponential = (mean: number): number => -Math.log(1 - dice.throw()) * mean;
  let scanAt = exponential(NOISE.scanEveryMs);
  for (let at = 5_000; at < untilMs; ) {
    if (at >= scanAt) {
      at = spell(at, dice.between(...NOISE.scanMs), away);
      scanAt = at + NOISE.scanEveryMs * (0.5 + dice.throw());
    } else at = spell(at, dice.between(...NOISE.burstMs), disturbed);
    const isRough = at % NOISE.roughEveryMs < NOISE.roughForMs;
    at += exponential(isRough ? NOISE.everyMs / NOISE.roughness : NOISE.everyMs);
  }
  return changes;
}

/** A wire and a radio behind one router. `first`: which of them is preferred; `policy`: the bond's fail_over_mac. */
export function wireAndRadio(first: "wire" | "radio", policy: "none" | "active"): WatchConfig {
  const wire = { name: "em1", medium: "wired", probes: "always" } as const;
  const radio = { name: "wlan0", medium: "radio", probes: policy === "active" ? "always" : "while-active" } as const;
  const ordered = first === "wire" ? [wire, radio] : [radio, wire];
  const ports = ordered.map((port) => ({ ...port, metered: false, router: "192.168.1.254", far: [] }));
  return { bond: "bond0", ports, primary: ports[0]?.name, reselect: "when-calm", tuning: wiredTuning };
}

/** Two radios of two neighbours' access points, each with noise of its own. */
export function twoRadios(): WatchConfig {
  const port = (name: string) => ({
    name,
    medium: "radio" as const,
    probes: "always" as const,
    metered: false,
    router: "192.168.1.254",
    far: [],
  });
  return {
    bond: "bond0",
    ports: [port("wlan0"), port("wlan1")],
    primary: "wlan0",
    reselect: "when-calm",
    tuning: wiredTuning,
  };
}

/** Seeds that have nothing to do with each other. */
export function seedOf(seed: Seed, index: number): Seed {
  return advance(seed * 7_919 + index + Math.floor(draw(advance(seed)) * 1e6));
}
