import { type Graph, nodeNamed } from "../graph.ts";
import type { Broken } from "../reach.ts";
import { minimalCutSets } from "./cut-sets.ts";
import { type Diagram, type Diagrams, makeDiagrams, never } from "./decision-diagram.ts";
import type { Part } from "./parts.ts";
import { spread, unavailabilityOf, yearMs } from "./rates.ts";
import { goodOrder, reachedWhen } from "./structure.ts";

/** How well the host reaches one goal, given what can fail. */
export interface Assessment {
  /** Sets of parts, by id, that together cut the goal off and of which none can be spared; at most three parts each, smallest first. */
  readonly cutSets: readonly (readonly string[])[];
  /** Expected time without the goal, ms a year, and the range in which it lies with 90 % if the rates are as uncertain as said. */
  readonly downMs: Estimate;
  /** Expected number of times a year that the goal is lost. */
  readonly lossesPerYear: number;
  /** For each part the share of that time which would be saved if it never failed, 0 to 1; by id. */
  readonly share: ReadonlyMap<string, number>;
}

/** A figure with its 90 % range. */
export interface Estimate {
  readonly expected: number;
  readonly low: number;
  readonly high: number;
}

/** When the host reaches a goal, and the parts in the order of the function's variables. */
interface Structure {
  readonly parts: readonly Part[];
  readonly diagrams: Diagrams;
  readonly works: Diagram;
}

/** Builds the structure of parts and goal. */
export type Structures = (all: readonly Part[], goal: string) => Structure;

/** Builds each structure once: parts that break the same have the same, whatever their rates. Only the latest few are kept. */
export function structuresOf(graph: Graph): Structures {
  const built: { goal: string; cuts: readonly Broken[]; order: readonly number[]; structure: Structure }[] = [];
  return (all, goal) => {
    const cuts = all.map((part) => part.broken);
    const known = built.find(
      (one) => one.goal === goal && one.cuts.length === cuts.length && one.cuts.every((cut, n) => cut === cuts[n]),
    );
    if (known !== undefined) return { ...known.structure, parts: known.order.flatMap((n) => all[n] ?? []) };
    const order = goodOrder(graph, cuts);
    const parts = order.flatMap((n) => all[n] ?? []);
    const diagrams = makeDiagrams(parts.length);
    const ordered = parts.map((part) => part.broken);
    const works = nodeNamed(graph, goal) === undefined ? never : reachedWhen(graph, ordered, goal, diagrams);
    const structure = { parts, diagrams, works };
    built.push({ goal, cuts, order, structure });
    if (built.length > 4) built.shift();
    return structure;
  };
}

/** What a change is judged by: the single points of failure, by id, and the expected time without the goal, ms a year. */
export function assessBriefly(
  structures: Structures,
  all: readonly Part[],
  goal: string,
): { readonly singles: readonly string[]; readonly downMs: number } {
  const { parts, diagrams, works } = structures(all, goal);
  const up = parts.map((part) => 1 - unavailabilityOf(part.rate));
  const singles = minimalCutSets(diagrams, works, parts.length, 1).flat();
  return {
    singles: singles.flatMap((n) => parts[n]?.id ?? []),
    downMs: (1 - diagrams.probability(works, up)) * yearMs,
  };
}

/** Judges one goal. Exact in the structure; as good as their rates in the figures. Failures are taken to be independent. */
export function assess(structures: Structures, all: readonly Part[], goal: string): Assessment {
  const { parts, diagrams, works } = structures(all, goal);
  const up = parts.map((part) => 1 - unavailabilityOf(part.rate));
  const down = 1 - diagrams.probability(works, up);
  const idOf = (n: number) => parts[n]?.id ?? "";
  return {
    cutSets: minimalCutSets(diagrams, works, parts.length, 3).map((set) => set.map(idOf)),
    downMs: { expected: down * yearMs, ...rangeOf(diagrams, works, parts) },
    lossesPerYear: lossesOf(diagrams, works, parts, up),
    share: new Map(
      parts.map((part, n) => {
        const without = 1 - diagrams.probability(works, up.with(n, 1));
        return [part.id, down <= 0 ? 0 : (down - without) / down];
      }),
    ),
  };
}

/** Each part's failures count as often as they find the others in a state where this one decides. */
function lossesOf(diagrams: Diagrams, works: Diagram, parts: readonly Part[], up: readonly number[]): number {
  return parts.reduce((sum, { rate }, n) => {
    const decides = diagrams.probability(works, up.with(n, 1)) - diagrams.probability(works, up.with(n, 0));
    return sum + (decides * yearMs) / (rate.everyMs + rate.forMs);
  }, 0);
}

const draws = 400;

/** The 5th and 95th of a hundred: every rate drawn anew, log-normally around what is expected, from numbers that are the same each time. */
function rangeOf(diagrams: Diagrams, works: Diagram, parts: readonly Part[]): Omit<Estimate, "expected"> {
  const draw = normalNumbers(1);
  const downs: number[] = [];
  for (let n = 0; n < draws; n++) {
    const up = parts.map(({ rate }) => {
      const factor = spread(rate) ** (draw() / 1.645);
      return 1 - Math.min(1, unavailabilityOf({ ...rate, everyMs: rate.everyMs / factor }));
    });
    downs.push((1 - diagrams.probability(works, up)) * yearMs);
  }
  downs.sort((one, other) => one - other);
  return { low: downs[Math.round(draws * 0.05)] ?? 0, high: downs[Math.round(draws * 0.95)] ?? 0 };
}

/** Normally distributed numbers, always the same ones. Source: mulberry32, public domain; G. Box and M. Muller (1958). */
function normalNumbers(seed: number): () => number {
  let state = seed;
  const uniform = () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
}
