import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildGraph } from "../build-graph.ts";
import { planOfGraph } from "../compile-plan.ts";
import { type Graph, goalOf, hostName } from "../graph.ts";
import { type Broken, reaches } from "../reach.ts";
import { anyHouse } from "../testing/random-house.ts";
import { assess, structuresOf } from "./assess.ts";
import { makeDiagrams } from "./decision-diagram.ts";
import { type Part, partsOf } from "./parts.ts";
import { unavailabilityOf, yearMs } from "./rates.ts";
import { reachedWhen } from "./structure.ts";

function together(parts: readonly Part[]): Broken {
  return {
    nodes: new Set(parts.flatMap((part) => [...part.broken.nodes])),
    edges: new Set(parts.flatMap((part) => [...part.broken.edges])),
  };
}

/** Every set of parts with its probability: what the diagram says without one. */
function* states(parts: readonly Part[]): Generator<{ readonly failed: readonly Part[]; readonly p: number }> {
  for (let bits = 0; bits < 2 ** parts.length; bits++) {
    const failed = parts.filter((_, n) => (bits >> n) % 2 === 1);
    const p = parts.reduce((product, part, n) => {
      const down = unavailabilityOf(part.rate);
      return product * ((bits >> n) % 2 === 1 ? down : 1 - down);
    }, 1);
    yield { failed, p };
  }
}

function bruteForce(graph: Graph, parts: readonly Part[], goal: string) {
  let down = 0;
  const cuts: (readonly Part[])[] = [];
  const all = [...states(parts)].toSorted((one, other) => one.failed.length - other.failed.length);
  for (const { failed, p } of all) {
    if (reaches(graph, together(failed), hostName, goal)) continue;
    down += p;
    const isMinimal = !cuts.some((cut) => cut.every((part) => failed.includes(part)));
    if (failed.length <= 3 && isMinimal) cuts.push(failed);
  }
  return { down, cuts: new Set(cuts.map(named)) };
}

function named(parts: readonly Part[]): string {
  return parts
    .map((part) => part.id)
    .sort()
    .join(" + ");
}

describe("against every state there is", () => {
  test("small houses: the same cut sets, the same time without the goal", () => {
    let compared = 0;
    fc.assert(
      fc.property(
        anyHouse,
        fc.array(fc.double({ min: 0.01, max: 20, noNaN: true }), { minLength: 60 }),
        (config, rates) => {
          const graph = buildGraph(config);
          const goal = goalOf(graph);
          const parts = partsOf({ graph, plan: planOfGraph(graph, config) }, config, [])
            .slice(0, 8)
            // Rates of every size, or a mistake in a rare state would drown.
            .map((part, n): Part => ({ ...part, rate: { everyMs: rates[n] ?? 1, forMs: 1, from: "stated" } }));
          if (goal === undefined) return;
          const slow = bruteForce(graph, parts, goal);
          const quick = assess(structuresOf(graph), parts, goal);
          expect(quick.downMs.expected / yearMs).toBeCloseTo(slow.down, 9);
          expect(new Set(quick.cutSets.map((set) => [...set].sort().join(" + ")))).toEqual(slow.cuts);
          compared++;
        },
      ),
      { numRuns: 150 },
    );
    expect(compared).toBeGreaterThan(60);
  });

  test("whatever has failed, a diagram agrees with walking the graph", () => {
    fc.assert(
      fc.property(anyHouse, fc.uniqueArray(fc.nat(40), { maxLength: 5 }), (config, chosen) => {
        const graph = buildGraph(config);
        const parts = partsOf({ graph, plan: planOfGraph(graph, config) }, config, []);
        const failed = chosen.filter((n) => n < parts.length);
        const diagrams = makeDiagrams(parts.length);
        const cuts = parts.map((part) => part.broken);
        const broken = together(parts.filter((_, n) => failed.includes(n)));
        for (const node of graph.nodes) {
          if (node.kind === "host" || node.kind === "usb-hub") continue;
          const reached = reachedWhen(graph, cuts, node.name, diagrams);
          const said = diagrams.isTrue(reached, new Set(failed));
          expect(said, node.name).toBe(reaches(graph, broken, hostName, node.name));
        }
      }),
      { numRuns: 300 },
    );
  });
});

test("losses a year: of one part alone, its own; of two beside each other, once in a long while", () => {
  const rate = { everyMs: yearMs / 12 - 3_600_000, forMs: 3_600_000, from: "stated" } as const;
  const wire = (id: string, port: string) =>
    ({ id, from: hostName, to: "internet", medium: "cable", port, wan: false, assumed: false }) as const;
  const port = (name: string) => ({ name, carries: true, hubs: [] });
  const graph = (ports: readonly string[]): Graph => ({
    nodes: [
      { name: hostName, label: hostName, kind: "host", assumed: false },
      { name: "internet", label: "Internet", kind: "internet", assumed: false },
    ],
    edges: ports.map((name) => wire(name, name)),
    ports: ports.map(port),
    domains: [],
    host: buildGraph({ bonds: [], interfaces: [], uplinks: [], targets: [] }).host,
    notes: [],
  });
  const part = (id: string): Part => ({
    id,
    label: id,
    kind: "cable",
    rate,
    broken: { nodes: new Set(), edges: new Set([id]) },
  });
  const one = assess(structuresOf(graph(["a"])), [part("a")], "internet");
  expect(one.lossesPerYear).toBeCloseTo(12, 6);
  expect(one.downMs.expected).toBeCloseTo(12 * 3_600_000, 3);
  expect(one.cutSets).toEqual([["a"]]);
  const both = assess(structuresOf(graph(["a", "b"])), [part("a"), part("b")], "internet");
  // Each meets the other while it is down: 2 × 12 × (12 h ÷ a year).
  expect(both.lossesPerYear).toBeCloseTo((2 * 12 * 12 * 3_600_000) / yearMs, 6);
  expect(both.cutSets).toEqual([["a", "b"]]);
  expect(both.downMs.low).toBeLessThan(both.downMs.expected);
  expect(both.downMs.high).toBeGreaterThan(both.downMs.expected);
});
