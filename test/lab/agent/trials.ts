import type { Engine } from "../../../src/lab/lab.ts";
import { lostBetween, movesFrom, type Ran } from "./course.ts";
import { twoSubnets } from "./houses.ts";
import { type Built, runInLab } from "./in-lab.ts";

/** One thing the agent must survive, with the numbers that came of it. */
export interface Trial {
  readonly name: string;
  readonly run: (built: Built, engine: Engine) => Promise<{ readonly held: boolean; readonly said: string }>;
}

function told(ran: Ran): string {
  const flows = ran.flows.map(
    ({ flow, direction, sent, lostAtMs }) =>
      `${flow} ${direction} ${lostAtMs.length}/${sent} [${lostAtMs.slice(0, 2)}…${lostAtMs.slice(-2)}]`,
  );
  return `${flows.join(", ")}; moves ${ran.moves.map(({ atMs, to }) => `${to}@${Math.round(atMs)}`).join(" ")}`;
}

const away: Trial = {
  name: "two-subnets",
  async run(built, engine) {
    const ran = await runInLab(built, twoSubnets(engine), {
      everyMs: 1,
      lastsMs: 25_000,
      steps: [
        { atMs: 1_000, op: "wire-down", wire: "eth0" },
        { atMs: 4_000, op: "wire-up", wire: "eth0" },
        { atMs: 15_000, op: "order", path: "/reselect-now" },
        { atMs: 20_000, op: "look", as: "home" },
      ],
    });
    const held = lostBetween(ran, "internet", 0, 10_000) <= 20 && movesFrom(ran, 0).length === 2;
    return { held, said: `${told(ran)} ${JSON.stringify(ran.looks)}` };
  },
};

export const trials: readonly Trial[] = [away];
