import type { Trace } from "../measure/trace.ts";
import type { BondWatch } from "./bond-watch.ts";
import type { OpenFlows } from "./open-flows.ts";
import type { CutRecord } from "./run-cut.ts";

/** What was seen while one cut was made and mended, as the measurements want it: 0 is where its healthy lead begins. */
export function traceOf(record: CutRecord, flows: OpenFlows, watch: BondWatch): Trace {
  const { fromMs, endAtMs } = record;
  const moved = <T extends { readonly atMs: number }>(each: T): T => ({ ...each, atMs: each.atMs - fromMs });
  const isWithin = ({ atMs }: { readonly atMs: number }): boolean => atMs >= fromMs && atMs <= endAtMs;
  const before = watch.active.findLast(({ atMs }) => atMs < fromMs);
  return {
    scenario: record.cut.id,
    repeat: 0,
    ...flows.traced({ fromMs, untilMs: endAtMs }),
    faultAtMs: record.faultAtMs - fromMs,
    mendFromMs: record.mendFromMs - fromMs,
    mendedAtMs: record.mendedAtMs - fromMs,
    endAtMs: endAtMs - fromMs,
    settled: record.settled,
    calmBefore: true,
    operations: record.operations.map(moved),
    kernel: watch.kernel.filter(isWithin).map(moved),
    activePort: [
      ...(before === undefined ? [] : [{ atMs: 0, port: before.port }]),
      ...watch.active.filter(isWithin).map(moved),
    ],
  };
}
