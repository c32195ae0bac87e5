import { lostBetween, movesFrom } from "./course.ts";
import { oneRouter6, twoSix, twoSubnets } from "./houses.ts";
import { runInLab } from "./in-lab.ts";
import { at, ordersOf, type Trial, told } from "./trial.ts";

/** Trials where ports lead to different routers, and where routers have IPv6 alone. */

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
          { atMs: 6_000, op: "look", as: `away ${index}` },
          { atMs: 6_000, op: "wire-up", wire: "eth0" },
          { atMs: 18_000, op: "order", path: "/reselect-now" },
          { atMs: 22_000, op: "look", as: `home ${index}` },
        ),
      );
      const ran = await runInLab(
        built,
        { ...twoSubnets(engine), timeoutMs: 580_000 },
        { everyMs: 10, lastsMs: moments.length * CYCLE_MS, steps },
      );
      const wrong = moments.flatMap((moment, index) => {
        const from = index * CYCLE_MS;
        const away = ran.looks[`away ${index}`];
        const home = ran.looks[`home ${index}`];
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
