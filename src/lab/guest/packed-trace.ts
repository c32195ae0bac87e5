import type { FlowTrace, Trace } from "../../measure/trace.ts";

/** A trace small enough for the guest's serial line: a minute of flow is a few dozen numbers instead of a megabyte. */
export interface PackedTrace extends Omit<Trace, "flows"> {
  readonly flows: readonly PackedFlow[];
}

export interface PackedFlow {
  readonly flow: string;
  readonly direction: "toHost" | "fromHost";
  /** Send times in µs, as runs [first, step, count]. */
  readonly sent: readonly Run[];
  /** Transit times in µs (-1: lost), as runs [value, 0, count]. */
  readonly transit: readonly Run[];
}

/** first, first + step, … : count numbers. */
export type Run = readonly [first: number, step: number, count: number];

const LOST = -1;

/** Packs a trace. Times are kept to the µs. */
export function packTrace(trace: Trace): PackedTrace {
  return { ...trace, flows: trace.flows.map(packFlow) };
}

/** The trace as it was packed. */
export function unpackTrace(packed: PackedTrace): Trace {
  return { ...packed, flows: packed.flows.map(unpackFlow) };
}

function packFlow(flow: FlowTrace): PackedFlow {
  const sent = flow.sentAtMs.map(toMicro);
  const transit = flow.receivedAtMs.map((at, index) =>
    at === null ? LOST : Math.max(0, toMicro(at) - (sent[index] ?? 0)),
  );
  return { flow: flow.flow, direction: flow.direction, sent: ramps(sent), transit: plateaus(transit) };
}

function unpackFlow(packed: PackedFlow): FlowTrace {
  const sent = expand(packed.sent);
  const received = expand(packed.transit).map((transit, index) =>
    transit === LOST ? null : ((sent[index] ?? 0) + transit) / 1000,
  );
  return {
    flow: packed.flow,
    direction: packed.direction,
    sentAtMs: sent.map((micro) => micro / 1000),
    receivedAtMs: received,
  };
}

function toMicro(ms: number): number {
  return Math.round(ms * 1000);
}

/** Numbers as runs of equal steps. */
function ramps(values: readonly number[]): readonly Run[] {
  const runs: [number, number, number][] = [];
  for (const value of values) {
    const last = runs.at(-1);
    if (last === undefined) runs.push([value, 0, 1]);
    else if (last[2] === 1) runs.splice(-1, 1, [last[0], value - last[0], 2]);
    else if (value === last[0] + last[1] * last[2]) last[2] += 1;
    else runs.push([value, 0, 1]);
  }
  return runs;
}

/** Numbers as runs of the same value. */
function plateaus(values: readonly number[]): readonly Run[] {
  const runs: [number, number, number][] = [];
  for (const value of values) {
    const last = runs.at(-1);
    if (last !== undefined && last[0] === value) last[2] += 1;
    else runs.push([value, 0, 1]);
  }
  return runs;
}

function expand(runs: readonly Run[]): readonly number[] {
  return runs.flatMap(([first, step, count]) => Array.from({ length: count }, (_, index) => first + step * index));
}
