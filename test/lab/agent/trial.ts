import type { Engine } from "../../../src/lab/lab.ts";
import type { Ran, Step } from "./course.ts";
import type { Built } from "./in-lab.ts";

/** One thing the agent must survive, with the numbers that came of it. */
export interface Trial {
  readonly name: string;
  readonly run: (built: Built, engine: Engine) => Promise<Outcome>;
}

export interface Outcome {
  readonly held: boolean;
  readonly said: string;
}

/** The numbers of a course in one line. */
export function told(ran: Ran): string {
  const flows = ran.flows.map(
    ({ flow, direction, sent, lostAtMs }) =>
      `${flow} ${direction} lost ${lostAtMs.length} of ${sent}${lostAtMs.length === 0 ? "" : ` (${lostAtMs[0]}…${lostAtMs.at(-1)})`}`,
  );
  const moves = ran.moves.map(({ atMs, to }) => `${to || "none"}@${Math.round(atMs)}`);
  return `${flows.join(", ")}; moves ${moves.slice(0, 40).join(" ") || "none"}`;
}

/** Steps, so much later. */
export const at = (ms: number, ...steps: readonly Step[]): readonly Step[] =>
  steps.map((step) => ({ ...step, atMs: step.atMs + ms }));

/** Another agent: what one has seen makes it wary. */
export const anew = (ms: number): readonly Step[] => [
  { atMs: ms, op: "signal", signal: "SIGKILL" },
  { atMs: ms + 100, op: "start" },
];

/** Pin here, pin there; every fifth is a drain, lifted before the next. At ever other moments of a second. */
export function ordersOf(moves: number, away: string, home: string): readonly Step[] {
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
