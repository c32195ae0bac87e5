import type { Rehearsal } from "../measure/rehearsal.ts";

/** What is being reported on, in words: a rehearsal in the lab, or a drill on the host itself. */
export interface Occasion {
  /** "Rehearsal" */
  readonly name: string;
  /** "the rehearsal" in a sentence. */
  readonly it: string;
  /** "rehearsed" */
  readonly done: string;
  /** How the bond came to be: "ifupdown brought up". */
  readonly bond: (manager: string) => string;
}

const rehearsal: Occasion = {
  name: "Rehearsal",
  it: "the rehearsal",
  done: "rehearsed",
  bond: (manager) => `${manager} brought up`,
};
const drill: Occasion = { name: "Drill", it: "the drill", done: "drilled", bond: () => "Found" };

export function occasionOf({ engine }: Pick<Rehearsal, "engine">): Occasion {
  return engine === "live" ? drill : rehearsal;
}

/** Where the numbers come from: "uml-tt", or "measured on the live host". */
export function sayEngine({ engine }: Pick<Rehearsal, "engine">): string {
  return engine === "live" ? "measured on the live host" : engine;
}
