import { lostBetween, type Step } from "./course.ts";
import { oneRouter } from "./houses.ts";
import { runInLab } from "./in-lab.ts";
import { anew, at, ordersOf, type Trial, told } from "./trial.ts";

/** Trials behind one router. */

/** Orders from one port to the other and back, with packets every 5 ms. */
export function planned(moves: number, failOverMac: number): Trial {
  return {
    name: `planned-move-mac-${failOverMac}`,
    async run(built, engine) {
      const steps = ordersOf(moves, "em2", "em1");
      const lab = oneRouter(engine, { fail_over_mac: failOverMac });
      const ran = await runInLab(built, lab, { everyMs: 5, lastsMs: moves * 1_500 + 2_000, steps });
      const lost = ran.flows.reduce((sum, { lostAtMs }) => sum + lostAtMs.length, 0);
      return { held: lost === 0 && ran.moves.length === moves, said: `${ran.moves.length} moves; ${told(ran)}` };
    },
  };
}

export function hostile(lastsMs: number, perSecond: number): Trial {
  return {
    name: "hostile",
    async run(built, engine) {
      const forgers = (ms: number): readonly Step[] => [
        { atMs: ms, op: "forge", node: "switch-a", dev: "p1", perSecond: perSecond / 2 },
        { atMs: ms, op: "forge", node: "switch-b", dev: "p1", perSecond: perSecond / 2 },
      ];
      const early = Math.min(10_000, lastsMs / 3);
      const ran = await runInLab(
        built,
        { ...oneRouter(engine), timeoutMs: 580_000 },
        {
          everyMs: 20,
          lastsMs: lastsMs + 5_000,
          steps: [
            ...forgers(0),
            { atMs: early, op: "look", as: "early" },
            ...forgers(early),
            { atMs: lastsMs / 2, op: "look", as: "middle" },
            ...forgers(lastsMs / 2),
            { atMs: lastsMs, op: "look", as: "late" },
          ],
        },
      );
      const { early: before, middle, late } = ran.looks;
      const grownMb = ((late?.rssKb ?? 0) - (before?.rssKb ?? 0)) / 1024;
      const said = `${late?.forged} frames in ${lastsMs / 1000} s, RSS ${before?.rssKb}, ${middle?.rssKb}, ${late?.rssKb} KiB; ${told(ran)}`;
      const isReal = (late?.forged ?? 0) > (0.8 * (lastsMs * perSecond)) / 1000 && (late?.rssKb ?? 0) > 0;
      return { held: ran.moves.length === 0 && grownMb < 4 && isReal, said };
    },
  };
}

/** The path behind em1 dies while strangers keep talking there. */
export function chatter(repeats: number): Trial {
  const CYCLE_MS = 15_000;
  return {
    name: "chatter",
    async run(built, engine) {
      const faults = Array.from({ length: repeats }, (_, index) => 1_000 + index * CYCLE_MS + ((index * 53) % 120));
      const steps: readonly Step[] = [
        { atMs: 0, op: "chatter", node: "switch-a", dev: "p1", perSecond: 20 },
        { atMs: 0, op: "chatter", node: "switch-b", dev: "p1", perSecond: 20 },
        ...faults.flatMap((from) =>
          at(
            from,
            { atMs: 0, op: "unbridge", wire: "switch-a-router", end: "a" },
            { atMs: 2_000, op: "rebridge", wire: "switch-a-router", end: "a" },
            ...anew(3_000),
            { atMs: 12_000, op: "order", path: "/reselect-now" },
          ),
        ),
      ];
      const ran = await runInLab(built, oneRouter(engine), { everyMs: 5, lastsMs: repeats * CYCLE_MS + 2_000, steps });
      const took = faults.map((from) => (ran.moves.find(({ atMs }) => atMs >= from)?.atMs ?? Infinity) - from);
      const worst = Math.round(Math.max(...took));
      const held = worst <= 600 && ran.moves.length === 2 * repeats;
      return { held, said: `moved after ${took.map(Math.round)} ms; ${told(ran)}` };
    },
  };
}

export function oneWay(direction: "a-to-b" | "b-to-a"): Trial {
  return {
    name: `one-way-${direction}`,
    async run(built, engine) {
      const loss = { op: "wire-loss", wire: "em1-switch-a", direction } as const;
      const ran = await runInLab(built, oneRouter(engine), {
        everyMs: 5,
        lastsMs: 25_000,
        steps: [
          { atMs: 1_000, ...loss, percent: 100 },
          { atMs: 16_000, ...loss, percent: 0 },
        ],
      });
      const share = lostBetween(ran, "lan", 0, 25_000) / 3_000;
      const held = ran.moves.length === 1 && share <= 0.02;
      return { held, said: `${Math.round(share * 1e4) / 100} % of 15 s; ${told(ran)}` };
    },
  };
}

/** em1 comes and goes for 15 s, with or without its carrier telling. */
export function flapping(kind: "carrier" | "silent", hz: number): Trial {
  return {
    name: `flapping-${kind}-${hz}`,
    async run(built, engine) {
      const halfMs = 500 / hz;
      const steps = Array.from({ length: 15 * hz }, (_, index): readonly Step[] => {
        const from = 1_000 + index * 2 * halfMs;
        const loss = { op: "wire-loss", wire: "em1-switch-a", direction: "both" } as const;
        return kind === "carrier"
          ? [
              { atMs: from, op: "wire-down", wire: "em1-switch-a" },
              { atMs: from + halfMs, op: "wire-up", wire: "em1-switch-a" },
            ]
          : [
              { atMs: from, ...loss, percent: 100 },
              { atMs: from + halfMs, ...loss, percent: 0 },
            ];
      }).flat();
      const ran = await runInLab(built, oneRouter(engine), { everyMs: 5, lastsMs: 25_000, steps });
      const lost = lostBetween(ran, "lan", 0, 25_000);
      const last = ran.flows.flatMap(({ lostAtMs }) => lostAtMs.at(-1) ?? 1_000);
      const held = ran.moves.length === 1 && Math.max(...last) <= 1_500;
      return { held, said: `lost ${lost * 5} ms until ${Math.max(...last) - 1_000} ms; ${told(ran)}` };
    },
  };
}

/** A process that is stopped and goes on, and wall clocks that jump: nothing moves. */
export function standStill(): Trial {
  return {
    name: "stand-still",
    async run(built, engine) {
      const ran = await runInLab(built, oneRouter(engine), {
        everyMs: 20,
        lastsMs: 60_000,
        steps: [
          { atMs: 1_000, op: "signal", signal: "SIGSTOP" },
          { atMs: 21_000, op: "signal", signal: "SIGCONT" },
          { atMs: 30_000, op: "jump", byMs: 86_400_000 },
          { atMs: 35_000, op: "jump", byMs: -2 * 86_400_000 },
          { atMs: 40_000, op: "signal", signal: "SIGSTOP" },
          { atMs: 40_300, op: "signal", signal: "SIGCONT" },
        ],
      });
      const deaths = ran.events.filter(({ atMs, event }) => atMs > 0 && event.what !== "suspended");
      const held = ran.moves.length === 0 && deaths.length === 0;
      return { held, said: `${told(ran)}; events ${ran.events.map(({ event }) => event.what)}` };
    },
  };
}

export function standbyDeath(repeats: number): Trial {
  const CYCLE_MS = 25_000;
  return {
    name: "standby-death",
    async run(built, engine) {
      const faults = Array.from({ length: repeats }, (_, index) => 1_000 + index * CYCLE_MS + index * 170);
      const steps = faults.flatMap((from) =>
        at(
          from,
          { atMs: 0, op: "unbridge", wire: "switch-b-router", end: "a" },
          { atMs: 11_000, op: "rebridge", wire: "switch-b-router", end: "a" },
          ...anew(13_000),
        ),
      );
      const ran = await runInLab(built, oneRouter(engine), { everyMs: 20, lastsMs: repeats * CYCLE_MS, steps });
      const took = faults.map((from) => {
        const lost = ran.events.find(({ atMs, event }) => atMs >= from && event.what === "path-dead");
        return Math.round((lost?.atMs ?? Infinity) - from);
      });
      const held = Math.max(...took) <= 10_000 && ran.moves.length === 0;
      return { held, said: `noticed after ${took} ms; ${told(ran)}` };
    },
  };
}
