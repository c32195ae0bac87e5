import type { Scenario } from "../../topology/lab-plan.ts";
import type { BondSeen } from "../rehearsal.ts";
import type { FlowTrace, Trace } from "../trace.ts";

/** The bond that the traces are of, as it came up. */
export const bond: BondSeen = {
  name: "bond0",
  mode: "active-backup",
  miimon: 100,
  arpInterval: 0,
  primary: "em1",
  activePort: "em1",
  ports: ["em1", "wlan0"],
};

/** Hand-made traces for tests: packets every `stepMs`, lost where told. */
export interface TraceRecipe {
  readonly stepMs?: number;
  readonly faultAtMs?: number;
  readonly mendedAtMs?: number;
  readonly endAtMs?: number;
  /** [from, to): packets sent in there are lost. */
  readonly lost?: readonly (readonly [number, number])[];
  /** [from, to): packets sent in there arrive at `to`. */
  readonly held?: readonly (readonly [number, number])[];
  readonly activePort?: Trace["activePort"];
  readonly tcp?: Trace["tcp"];
  readonly operations?: Trace["operations"];
  readonly kernel?: Trace["kernel"];
  readonly agent?: NonNullable<Trace["agent"]>;
}

export function flowTrace(direction: FlowTrace["direction"], recipe: TraceRecipe): FlowTrace {
  const step = recipe.stepMs ?? 1;
  const count = Math.floor((recipe.endAtMs ?? 3000) / step);
  const sentAtMs = Array.from({ length: count }, (_, index) => index * step);
  const within = (at: number, spans: TraceRecipe["lost"]): readonly [number, number] | undefined =>
    spans?.find(([from, to]) => at >= from && at < to);
  const receivedAtMs = sentAtMs.map((at) => {
    if (within(at, recipe.lost) !== undefined) return null;
    return within(at, recipe.held)?.[1] ?? at + 0.05;
  });
  return { flow: "lan", direction, sentAtMs, receivedAtMs };
}

/** A trace whose two directions fare alike: fault at 500, mended at 2000, end at 3000 unless told otherwise. */
export function traceOf(recipe: TraceRecipe): Trace {
  const faultAtMs = recipe.faultAtMs ?? 500;
  const mendedAtMs = recipe.mendedAtMs ?? 2000;
  return {
    scenario: "cable-em1",
    repeat: 0,
    flows: [flowTrace("fromHost", recipe), flowTrace("toHost", recipe)],
    tcp: recipe.tcp ?? [],
    faultAtMs,
    mendedAtMs,
    endAtMs: recipe.endAtMs ?? 3000,
    operations: recipe.operations ?? [
      { atMs: faultAtMs, text: "wire-down em1-switch" },
      { atMs: mendedAtMs, text: "wire-up em1-switch" },
    ],
    kernel: recipe.kernel ?? [],
    ...(recipe.agent === undefined ? {} : { agent: recipe.agent }),
    activePort: recipe.activePort ?? [{ atMs: 0, port: "em1" }],
  };
}

export const cable: Scenario = {
  id: "cable-em1",
  fault: "the cable em1 – switch is pulled",
  kind: "carrier",
  inject: [{ atMs: 0, do: { op: "wire-down", wire: "em1-switch" } }],
  mend: [{ atMs: 0, do: { op: "wire-up", wire: "em1-switch" } }],
  expected: { lan: "survives" },
  carrierTells: true,
  strikes: ["em1-switch"],
};
