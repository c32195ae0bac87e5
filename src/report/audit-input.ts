import type { Config } from "../model/config.ts";
import type { Audit } from "../topology/audit/audit.ts";

/** All that the audit's page shows. */
export interface AuditInput {
  readonly audit: Audit;
  readonly config: Config;
  /** The file it is about, as the user names it. */
  readonly subject: string;
  /** What rehearsals of the same configuration have shown, by scenario; those never rehearsed are absent or empty. */
  readonly faults: readonly ShownFault[];
  /** When it was made, ISO 8601 in UTC ("2026-03-01T12:00:00Z"). */
  readonly madeAt?: string;
  /** Holdfast's version. */
  readonly version?: string;
}

/** A fault with what its latest rehearsal has shown; null: none has. */
export interface ShownFault {
  readonly id: string;
  readonly kernel: ShownOutage | null;
  readonly withAgent: ShownOutage | null;
}

/** A rehearsed outage. */
export interface ShownOutage {
  /** The longer direction, ms; null: it never ended while watched. */
  readonly outageMs: number | null;
  readonly verdict: "held" | "missed";
}
