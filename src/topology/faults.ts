import type { Graph } from "./graph.ts";
import type { LabOperation, LabPlan, Scenario, TimedOperation } from "./lab-plan.ts";

/** A fault before it is known what it comes to. */
export interface Fault {
  readonly id: string;
  /** For people. */
  readonly text: string;
  /** What it is called in results; "cut" becomes "carrier" or "silent" by what the host sees. */
  readonly kind: Exclude<Scenario["kind"], "carrier" | "silent"> | "cut";
  readonly inject: readonly TimedOperation[];
  /** How it ends, where that isn't what was before. Absent: everything broken is mended. */
  readonly mend?: readonly TimedOperation[];
  readonly strikes: readonly string[];
  /** Place in the list: the lower, the sooner a reader should see it. */
  readonly order: number;
  /** Among faults with one effect the lowest stands for the others; absent: nothing stands for it and it stands for nothing. */
  readonly rank?: number;
  /** Left out of the default list: a variation on another. */
  readonly onlyInAll?: true;
  /** How long it lasts at least, ms, where it takes its time to be noticed. */
  readonly lastsMs?: number;
  /** Nothing but a radio can have it. */
  readonly needsRadio?: true;
  /** Where TCP cannot live on by the nature of the change. */
  readonly tcpMayBreak?: string;
}

/** What a family of faults is worked out from. */
export interface Ground {
  readonly graph: Graph;
  readonly plan: LabPlan;
}

/** Operations that happen together, at once. */
export function atOnce(operations: readonly LabOperation[]): readonly TimedOperation[] {
  return operations.map((operation) => ({ atMs: 0, do: operation }));
}

/** "a", "a and b", "a, b and c". */
export function listed(words: readonly string[]): string {
  const last = words.at(-1) ?? "";
  return words.length < 2 ? last : `${words.slice(0, -1).join(", ")} and ${last}`;
}
