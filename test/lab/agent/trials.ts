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

/** What a process may gain by chance, and what it may go on gaining: twice what has been seen, half of what a Map's old tables cost. */
const ALLOWED_KB = 256;
const ALLOWED_KB_A_MINUTE = 96;

/** Forged frames on both ports at once, so many a second in all. What the first part of the attack touches for the first time is
 *  no growth: memory counts from then on. */
export function hostile(lastsMs: number, perSecond: number): Trial {
  const settledMs = Math.min(5_000, lastsMs / 3);
  return {
    name: "hostile",
    async run(built, engine) {
      // Ten thousand frames take the longer to forge the busier the machine is.
      const lab = { ...oneRouter(engine), timeoutMs: Math.max(580_000, 10 * lastsMs) };
      const forgers = ["switch-a", "switch-b"].map(
        (node): Step => ({ atMs: 0, op: "forge", node, dev: "p1", perSecond: perSecond / 2 }),
      );
      const steps: readonly Step[] = [
        { atMs: 0, op: "look", as: "before" },
        { atMs: 0, op: "weigh", everyMs: Math.min(5_000, lastsMs / 12) },
        ...forgers,
        { atMs: lastsMs, op: "look", as: "after" },
      ];
      const ran = await runInLab(built, lab, { everyMs: 20, lastsMs: lastsMs + 1_000, warmUpMs: 15_000, steps });
      const { before, after } = ran.looks;
      const received = (after?.received ?? 0) - (before?.received ?? 0);
      const weights = ran.weights.filter(({ atMs }) => atMs <= lastsMs);
      const attacked = weights.filter(({ atMs }) => atMs >= settledMs);
      const grownKb = (attacked.at(-1)?.rssKb ?? 0) - (attacked[0]?.rssKb ?? 0);
      const allowedKb = ALLOWED_KB + (ALLOWED_KB_A_MINUTE * (lastsMs - settledMs)) / 60_000;
      const isReal = received >= (lastsMs * perSecond) / 1000 && attacked.length >= 6 && (attacked[0]?.rssKb ?? 0) > 0;
      const said = `${received} frames came in ${lastsMs / 1000} s; RSS KiB ${weights.map(({ rssKb }) => rssKb)}, ${grownKb} more after ${settledMs / 1000} s; ${told(ran)}`;
      return { held: ran.moves.length === 0 && grownKb <= allowedKb && isReal, said };
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
