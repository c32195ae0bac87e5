import { lostBetween, type Ran, type Step } from "./course.ts";
import { oneRouter } from "./houses.ts";
import { runInLab } from "./in-lab.ts";
import { at, type Trial } from "./trial.ts";

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

/** Killed a moment before everything beyond the port dies in silence, started again after it: it knows from the one before that the path had
 *  answered, and leaves it at once. Without that memory a path that never answered this agent would be let be. */
export function killedBeforeDeath(repeats: number): Trial {
  const CYCLE_MS = 28_000;
  const STARTED_MS = 2_000;
  return {
    name: "killed-before-death",
    async run(built, engine) {
      const steps = Array.from({ length: repeats }, (_, index) =>
        at(
          index * CYCLE_MS,
          { atMs: 990, op: "signal", signal: "SIGKILL" },
          { atMs: 1_000, op: "unbridge", wire: "switch-a-router", end: "a" },
          { atMs: STARTED_MS, op: "start" },
          { atMs: 14_000, op: "rebridge", wire: "switch-a-router", end: "a" },
          { atMs: 24_000, op: "order", path: "/reselect-now" },
        ),
      ).flat();
      const lab = { ...oneRouter(engine), timeoutMs: 580_000 };
      const ran = await runInLab(built, lab, { everyMs: 10, lastsMs: repeats * CYCLE_MS, steps });
      const took = Array.from({ length: repeats }, (_, index) => {
        const from = index * CYCLE_MS + STARTED_MS;
        const move = ran.moves.find(({ atMs, to }) => to === "em2" && atMs >= from && atMs < from + 11_000);
        return Math.round((move?.atMs ?? Number.POSITIVE_INFINITY) - from);
      });
      return { held: Math.max(...took) < 1_000, said: `left ${took} ms after the restart` };
    },
  };
}
