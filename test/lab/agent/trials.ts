import type { Engine } from "../../../src/lab/lab.ts";
import { lostBetween, movesFrom, type Ran, type Step } from "./course.ts";
import { oneRouter, oneRouter6, twoSix, twoSubnets } from "./houses.ts";
import { type Built, runInLab } from "./in-lab.ts";

/** One thing the agent must survive, with the numbers that came of it. */
export interface Trial {
  readonly name: string;
  readonly run: (built: Built, engine: Engine) => Promise<Outcome>;
}

export interface Outcome {
  readonly held: boolean;
  readonly said: string;
}

/** The same trials with other sizes: small ones with every test run. */
export const trials: readonly Trial[] = [
  subnets(),
  killedBetweenSubnets([0, 1, 2, 3, 5, 10, 50, 100, 1_000]),
  stoppedWhileAway(),
  planned(36, 0),
  planned(36, 1),
  plannedBetweenSubnets(36),
  hostile(60_000, 10_000),
  chatter(6),
  oneWay("a-to-b"),
  oneWay("b-to-a"),
  ...[1, 5, 10, 50].flatMap((hz) => [flapping("carrier", hz), flapping("silent", hz)]),
  killed(60),
  standStill(),
  standbyDeath(6),
  announcedSix(),
  movedSix("global"),
  movedSix("link"),
  uplinkDeadSix(),
];

export function told(ran: Ran): string {
  const flows = ran.flows.map(
    ({ flow, direction, sent, lostAtMs }) =>
      `${flow} ${direction} lost ${lostAtMs.length} of ${sent}${lostAtMs.length === 0 ? "" : ` (${lostAtMs[0]}…${lostAtMs.at(-1)})`}`,
  );
  const moves = ran.moves.map(({ atMs, to }) => `${to || "none"}@${Math.round(atMs)}`);
  return `${flows.join(", ")}; moves ${moves.slice(0, 40).join(" ") || "none"}`;
}

export function subnets(): Trial {
  return {
    name: "two-subnets",
    async run(built, engine) {
      const ran = await runInLab(built, twoSubnets(engine), {
        everyMs: 1,
        lastsMs: 25_000,
        steps: [
          { atMs: 1_000, op: "wire-down", wire: "eth0" },
          { atMs: 3_000, op: "look", as: "away" },
          { atMs: 4_000, op: "wire-up", wire: "eth0" },
          { atMs: 15_000, op: "order", path: "/reselect-now" },
          { atMs: 20_000, op: "look", as: "home" },
        ],
      });
      const held = lostBetween(ran, "internet", 0, 25_000) <= 20 && movesFrom(ran, 0).length === 2;
      return { held, said: `${told(ran)} ${JSON.stringify(ran.looks)}` };
    },
  };
}

const at = (ms: number, ...steps: readonly Step[]): readonly Step[] =>
  steps.map((step) => ({ ...step, atMs: step.atMs + ms }));

/** Another agent: what one has seen makes it wary. */
const anew = (ms: number): readonly Step[] => [
  { atMs: ms, op: "signal", signal: "SIGKILL" },
  { atMs: ms + 100, op: "start" },
];

/** The agent is killed so many ms after the cable of the way home was cut, and started again. */
export function killedBetweenSubnets(moments: readonly number[]): Trial {
  const CYCLE_MS = 25_000;
  return {
    name: "two-subnets-killed",
    async run(built, engine) {
      const steps = moments.flatMap((moment, index) =>
        at(
          index * CYCLE_MS,
          { atMs: 1_000, op: "wire-down", wire: "eth0" },
          { atMs: 1_000 + moment, op: "signal", signal: "SIGKILL" },
          { atMs: 3_000, op: "start" },
          { atMs: 6_000, op: "look", as: `away ${moment}` },
          { atMs: 6_000, op: "wire-up", wire: "eth0" },
          { atMs: 18_000, op: "order", path: "/reselect-now" },
          { atMs: 22_000, op: "look", as: `home ${moment}` },
        ),
      );
      const ran = await runInLab(built, twoSubnets(engine), { everyMs: 10, lastsMs: moments.length * CYCLE_MS, steps });
      const wrong = moments.flatMap((moment, index) => {
        const from = index * CYCLE_MS;
        const away = ran.looks[`away ${moment}`];
        const home = ran.looks[`home ${moment}`];
        const isAway = away?.active === "eth1" && away.defaults[0] === "192.168.8.1" && away.nameServers.length === 2;
        const isHome =
          home?.active === "eth0" && home.addresses.join() === "192.168.1.105/24" && home.nameServers.length === 1;
        const later = lostBetween(ran, "internet", from + 4_000, from + CYCLE_MS);
        return isAway && isHome && later === 0 ? [] : [{ moment, away, home, later }];
      });
      return { held: wrong.length === 0, said: `${moments.length} kills; ${wrong.map((one) => JSON.stringify(one))}` };
    },
  };
}

export function stoppedWhileAway(): Trial {
  return {
    name: "two-subnets-stopped",
    async run(built, engine) {
      const ran = await runInLab(built, twoSubnets(engine), {
        everyMs: 5,
        lastsMs: 20_000,
        steps: [
          { atMs: 1_000, op: "wire-down", wire: "eth0" },
          { atMs: 3_000, op: "wire-up", wire: "eth0" },
          { atMs: 12_000, op: "signal", signal: "SIGTERM" },
          { atMs: 16_000, op: "look", as: "stopped" },
          { atMs: 17_000, op: "start" },
        ],
      });
      const look = ran.looks["stopped"];
      const isHome = look?.active === "eth0" && look.defaults[0] === "192.168.1.1" && look.addresses.length === 1;
      const lost = lostBetween(ran, "internet", 10_000, 20_000);
      return { held: isHome && lost <= 1, said: `${told(ran)} ${JSON.stringify(ran.looks)}` };
    },
  };
}

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

export function plannedBetweenSubnets(moves: number): Trial {
  return {
    name: "planned-move-two-subnets",
    async run(built, engine) {
      const lab = twoSubnets(engine);
      const steps = ordersOf(moves, "eth1", "eth0");
      const ran = await runInLab(built, lab, { everyMs: 5, lastsMs: moves * 1_500 + 2_000, steps });
      const lost = ran.flows.flatMap((one) => (one.flow === "internet" ? one.lostAtMs : [])).length;
      return { held: lost === 0 && ran.moves.length === moves, said: `${ran.moves.length} moves; ${told(ran)}` };
    },
  };
}

/** Pin here, pin there; every fifth is a drain, lifted before the next. At ever other moments of a second. */
function ordersOf(moves: number, away: string, home: string): readonly Step[] {
  return Array.from({ length: moves }, (_, index): readonly Step[] => {
    const atMs = 1_000 + index * 1_500 + ((index * 37) % 97);
    const to = index % 2 === 0 ? away : home;
    if (index % 5 !== 2) return [{ atMs, op: "order", path: `/pin?port=${to}` }];
    return [
      { atMs: atMs - 100, op: "order", path: "/auto" },
      { atMs, op: "order", path: `/drain?port=${to === away ? home : away}` },
      { atMs: atMs + 700, op: "order", path: `/pin?port=${to}` },
      { atMs: atMs + 710, op: "order", path: `/undrain?port=${to === away ? home : away}` },
    ];
  }).flat();
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

/** Killed at evenly spread moments around a failover, half of them carrier losses and half silent deaths. */
export function killed(moments: number): Trial {
  const CYCLE_MS = 28_000;
  // From before the fault to well after the silent death was noticed.
  const momentOf = (index: number): number => -20 + Math.round((index * 320) / moments);
  return {
    name: "killed",
    async run(built, engine) {
      const steps = Array.from({ length: moments }, (_, index): readonly Step[] => {
        const isCarrier = index % 2 === 0;
        const fault: Step = isCarrier
          ? { atMs: 1_000, op: "wire-down", wire: "em1-switch-a" }
          : { atMs: 1_000, op: "unbridge", wire: "switch-a-router", end: "a" };
        const mend: Step = isCarrier
          ? { atMs: 14_000, op: "wire-up", wire: "em1-switch-a" }
          : { atMs: 14_000, op: "rebridge", wire: "switch-a-router", end: "a" };
        return at(
          index * CYCLE_MS,
          fault,
          { atMs: 1_000 + momentOf(index), op: "signal", signal: "SIGKILL" },
          { atMs: 3_000, op: "start" },
          { atMs: 13_000, op: "look", as: `after ${index}` },
          mend,
          { atMs: 24_000, op: "order", path: "/reselect-now" },
          { atMs: 27_000, op: "look", as: `home ${index}` },
        );
      }).flat();
      const lab = { ...oneRouter(engine), timeoutMs: 580_000 };
      const ran = await runInLab(built, lab, { everyMs: 10, lastsMs: moments * CYCLE_MS, steps });
      const wrong = Array.from({ length: moments }, (_, index) => killedWrongly(ran, index, momentOf(index), CYCLE_MS));
      const problems = wrong.filter((one) => one !== "");
      return {
        held: problems.length === 0,
        said: `${moments} kills; ${problems.join("; ") || "nothing lost"}; ${outagesOf(ran, moments, CYCLE_MS)}`,
      };
    },
  };
}

function outagesOf(ran: Ran, moments: number, cycleMs: number): string {
  const lost = Array.from(
    { length: moments },
    (_, index) => lostBetween(ran, "lan", index * cycleMs, (index + 1) * cycleMs) * 10,
  );
  const carrier = lost.filter((_, index) => index % 2 === 0);
  const silent = lost.filter((_, index) => index % 2 === 1);
  return `outage ms, carrier ${carrier}, silent ${silent}`;
}

function killedWrongly(ran: Ran, index: number, momentMs: number, cycleMs: number): string {
  const from = index * cycleMs;
  const killedAt = from + 1_000 + momentMs;
  const isCarrier = index % 2 === 0;
  const wrong: string[] = [];
  if (ran.looks[`after ${index}`]?.active !== "em2") wrong.push("not on em2 after the restart");
  if (ran.looks[`home ${index}`]?.active !== "em1") wrong.push("not home");
  // The kernel alone sees to a lost carrier; a silent death only the agent, when it is there again.
  const overBy = from + (isCarrier ? 1_150 : 11_000);
  const outage = lostBetween(ran, "lan", from + 1_000, overBy);
  const later = lostBetween(ran, "lan", overBy, from + cycleMs);
  if (outage * 10 > (isCarrier ? 150 : 9_000)) wrong.push(`${outage * 10} ms of outage`);
  if (later > 0) wrong.push(`${later} packets lost later`);
  // Whatever the agent did while it lived stands in its history, at a moment before the deed.
  for (const move of ran.moves.filter(({ atMs }) => atMs >= from && atMs < killedAt)) {
    const isTold = ran.events.some(
      ({ atMs, event }) =>
        event.what === "moved" && event.to === move.to && Math.abs(atMs - move.atMs) < 5 && atMs <= move.atMs,
    );
    if (!isTold) wrong.push(`the move at ${Math.round(move.atMs - from)} isn't told`);
  }
  return wrong.length === 0 ? "" : `kill ${index} at ${momentMs}: ${wrong.join(", ")}`;
}

/** What a move calls for is said on the new side, more than once, in both families. */
export function announcedSix(): Trial {
  return {
    name: "six-announced",
    async run(built, engine) {
      const lab = oneRouter6(engine);
      const flows = [{ id: "lan6", peer: "router", peerAddress: "fd00::1", hostAddress: "fd00::5", tcp: false }];
      const joined = [["ip", "addr", "add", "239.1.2.3/32", "dev", "bond0", "autojoin"]];
      const bringUp = { ...lab.bringUp, commands: [...lab.bringUp.commands, ...joined] };
      const ran = await runInLab(
        built,
        { ...lab, bringUp, plan: { ...lab.plan, flows } },
        {
          everyMs: 5,
          lastsMs: 10_000,
          steps: [
            { atMs: 0, op: "overhear", node: "switch-b", dev: "p1" },
            { atMs: 1_000, op: "unbridge", wire: "switch-a-router", end: "a" },
          ],
        },
      );
      const movedAt = ran.moves[0]?.atMs ?? Infinity;
      const heard = (kind: string): readonly number[] =>
        ran.overheard.flatMap((one) =>
          one.kind === kind && one.atMs >= movedAt - 5 && one.atMs < movedAt + 2_000
            ? [Math.round(one.atMs - movedAt)]
            : [],
        );
      const kinds = ["unsolicited-advertisement", "router-solicitation", "gratuitous-arp", "mld-report", "igmp-report"];
      const said = `${kinds.map((kind) => `${kind} after ${heard(kind)}`).join("; ")}; ${told(ran)}`;
      const isSaid = heard(kinds[0] ?? "").length >= 3 && kinds.every((kind) => heard(kind).length > 0);
      return { held: isSaid && lostBetween(ran, "lan6", 0, 10_000) * 5 <= 300, said };
    },
  };
}

/** Two routers that have only IPv6: there, back by order, and the standby's far target in view all the time. */
export function movedSix(gateways: "global" | "link"): Trial {
  return {
    name: `six-two-routers-${gateways}`,
    async run(built, engine) {
      const ran = await runInLab(built, twoSix(engine, gateways), {
        everyMs: 5,
        lastsMs: 30_000,
        steps: [
          ...(gateways === "link"
            ? ([
                { atMs: 0, op: "advertise", node: "r1", dev: "br0" },
                { atMs: 0, op: "advertise", node: "r2", dev: "br0" },
              ] as const)
            : []),
          { atMs: 1_000, op: "wire-down", wire: "eth0" },
          { atMs: 3_000, op: "look", as: "away" },
          { atMs: 5_000, op: "wire-up", wire: "eth0" },
          { atMs: 18_000, op: "order", path: "/reselect-now" },
          { atMs: 21_000, op: "look", as: "home" },
        ],
      });
      const dead = ran.events.filter(({ atMs, event }) => atMs < 1_000 && event.what === "path-silent");
      const lost = lostBetween(ran, "internet", 0, 30_000);
      const held = lost * 5 <= 300 && ran.moves.length === 2 && dead.length === 0;
      return { held, said: `${told(ran)}; silent before: ${dead.length}; ${JSON.stringify(ran.looks)}` };
    },
  };
}

/** The router answers and what is beyond it doesn't: only the standby's far target tells that moving helps. */
export function uplinkDeadSix(): Trial {
  return {
    name: "six-uplink-dead",
    async run(built, engine) {
      const ran = await runInLab(built, twoSix(engine, "global"), {
        everyMs: 5,
        lastsMs: 10_000,
        steps: [{ atMs: 1_000, op: "wire-loss", wire: "r1-far", direction: "both", percent: 100 }],
      });
      const lost = lostBetween(ran, "internet", 0, 10_000);
      return { held: lost * 5 <= 1_500 && ran.moves.length === 1, said: told(ran) };
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
