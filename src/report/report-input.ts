import type { Diagnostic, FileSet } from "../diagnostic/diagnostic.ts";
import type { Rehearsal } from "../measure/rehearsal.ts";
import type { Config } from "../model/config.ts";
import type { Scenario } from "../topology/lab-plan.ts";

/** All that a report shows. Files and findings as rehearsed, secrets not yet taken out: each renderer does that itself. */
export interface ReportInput {
  readonly rehearsal: Rehearsal;
  /** The same without Holdfast's agent, where `rehearsal` is with it: a column beside. */
  readonly alone?: Rehearsal;
  readonly config: Config;
  readonly files: FileSet;
  readonly findings: readonly Diagnostic[];
  /** The rehearsed scenarios as generated, for the pictures: found by id, those missing get no picture of their own. */
  readonly scenarios: readonly Scenario[];
  /** Time between two packets of a flow around the fault, ms. */
  readonly flowIntervalMs?: number;
  /** When it was made, ISO 8601 in UTC ("2026-03-01T12:00:00Z"). */
  readonly madeAt?: string;
  /** Holdfast's version. */
  readonly version?: string;
}
