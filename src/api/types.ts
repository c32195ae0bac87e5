/** The documents that `--json` prints: a published, stable contract. Keys are added, never renamed or taken away. */

import type { Tried } from "../agent/telling/try-recipients.ts";
import type { JsonDiagnostic } from "../diagnostic/print-json.ts";
import type { Rehearsal } from "../measure/rehearsal.ts";
import type { BackendName, Interruption, Step } from "../plan/change.ts";
import type { ProbeResult } from "../plan/protocol.ts";
import type { StatusDocument } from "../report/status-input.ts";
import type { DrillRecord } from "../store/drills.ts";
import type { Advice } from "../topology/audit/advice.ts";
import type { AuditedGoal, AuditedPart, Brownout } from "../topology/audit/audit.ts";
import type { Sighting } from "../topology/audit/sighting.ts";
import type { StoredEvent } from "../watch/chronicle.ts";
import type { BeyondLoss, Incident } from "../watch/history.ts";

export type { JsonDiagnostic } from "../diagnostic/print-json.ts";
export type { Rehearsal } from "../measure/rehearsal.ts";
export type * from "../report/status-input.ts";
export type { Kept, StoredEvent } from "../watch/chronicle.ts";

/** `holdfast check --json` */
export interface CheckDocument {
  readonly diagnostics: readonly JsonDiagnostic[];
}

/** `holdfast render --json`, `holdfast convert --json` */
export interface RenderDocument {
  /** Texts by absolute path as on the host. With --out they have been written as well. */
  readonly files: Readonly<Record<string, string>>;
  /** What the language cannot express. */
  readonly losses: readonly JsonDiagnostic[];
  /** Why nothing, or less, could be rendered. */
  readonly diagnostics: readonly JsonDiagnostic[];
}

/** `holdfast import --json` */
export interface ImportDocument {
  /** The holdfast.yaml. */
  readonly config: string;
  readonly diagnostics: readonly JsonDiagnostic[];
}

/** `holdfast init --json` */
export interface InitDocument {
  /** The holdfast.yaml, whole. */
  readonly config: string;
  /** What `check` says of it, and what could not be taken over; behind that the errors in the host's own files, each with its `file`. */
  readonly diagnostics: readonly JsonDiagnostic[];
  readonly file: string;
  /** "kept": it is there and says all of this already, or --print was given. "refused": it is there, and --yes was not given. */
  readonly outcome: "written" | "kept" | "refused";
  /** What was taken for granted because nobody answered, one sentence each, with the flag that says otherwise. */
  readonly assumed: readonly { readonly text: string; readonly flag: string }[];
}

/** `holdfast audit --json` */
export interface AuditDocument {
  /** What the host is to reach, the most important first. `cutSets`: ids of parts that together cut it off. `downMs`: ms a year. */
  readonly goals: readonly Omit<AuditedGoal, "share">[];
  /** `share` of the expected downtime by goal, 0 to 1; `rate` in ms. */
  readonly parts: readonly (Omit<AuditedPart, "broken"> & { readonly share: Readonly<Record<string, number>> })[];
  readonly advice: readonly Advice[];
  readonly withoutUpsMs?: number;
  /** Ports that still lead to the first goal when the mains fail, with the UPS and without; its run time in ms. Only where there is a UPS. */
  readonly brownout?: Brownout;
  /** What the network itself says hangs together; only where somebody listened (`--host`). */
  readonly sightings?: readonly Sighting[];
  readonly notes: readonly string[];
}

/** `holdfast rehearse --json` */
export type RehearseDocument = Rehearsal;

/** `holdfast drill --json` */
export interface DrillDocument extends Rehearsal {
  /** Names of the files written with --captures. */
  readonly captures: readonly string[];
  /** The drills kept from before, the oldest first. */
  readonly before: readonly DrillRecord[];
}

/** `holdfast explain --json` */
export interface ExplainDocument {
  readonly code: string;
  /** Markdown. */
  readonly text: string;
}

/** `holdfast doctor --json` */
export interface DoctorDocument {
  readonly checks: readonly DoctorCheck[];
}

export interface DoctorCheck {
  /** Stable: "node", "engine-uml-tt", "packages", … */
  readonly id: string;
  /** What it is needed for: rehearsals, or a bond on this very host. */
  readonly area?: "lab" | "host";
  /** missing: something cannot be done. reduced: it works, less well. */
  readonly state: "fine" | "reduced" | "missing";
  readonly about: string;
  /** What mends it. Absent when fine. */
  readonly hint?: string;
}

/** `holdfast status --json`; GET /status on the agent's socket. `--watch --json` prints one such document a line. */
export type StatusAnswer = StatusDocument;

/** `holdfast pin --json`, `holdfast drain --json`, `holdfast auto --json` */
export interface OrderedDocument {
  readonly ordered: "pin" | "drain" | "auto";
  /** Those named. */
  readonly ports: readonly string[];
  /** What came of it, in sentences for people. */
  readonly said: string;
  /** How it is afterwards. */
  readonly status: StatusDocument;
}

/** `holdfast events --json`; GET /events on the agent's socket, with the queries since, until (wall ms), after (id), limit and
 *  order (oldest-first, newest-first). With follow=1 the answer doesn't end: one event a line, as JSON (application/x-ndjson),
 *  those asked for first and then each as it happens. */
export interface EventsDocument {
  readonly events: readonly StoredEvent[];
  /** Places of the journal that can't be read. */
  readonly damaged: number;
}

/** `holdfast notify --test --json` */
export interface NotifyDocument {
  readonly results: readonly Tried[];
}

/** `holdfast why --json` */
export interface WhyDocument {
  /** Sentences for people. */
  readonly happened: string;
  readonly cost: string;
  readonly todo: string;
  /** null: nothing has failed. */
  readonly incident: Incident | null;
  /** The Internet lost behind the only router, where that is the latest trouble; `incident` is null then. */
  readonly beyond?: BeyondLoss;
}

/** `holdfast plan --json` */
export interface PlanDocument {
  /** Its id; null: there is none yet. */
  readonly transaction: string | null;
  /** planned: nothing is done yet. refused: it can't be made for sure. unread: the holdfast.yaml can't be read, or has mistakes. */
  readonly state: "planned" | "refused" | "unread";
  /** Seconds since the boot; null: nothing is armed. */
  readonly deadline: number | null;
  readonly verdict: "ready" | "nothing-to-do" | "refused";
  /** The change in a line. */
  readonly summary?: string;
  readonly backend?: BackendName;
  /** How it was found out who manages the ports. */
  readonly because?: string;
  /** What nobody asked for in so many words, with why and what it costs, a line each. Absent: nothing. */
  readonly unasked?: readonly string[];
  readonly files: readonly PlanFile[];
  /** Run while the old files are in place. */
  readonly quiesce: readonly Step[];
  /** Run with the new files in place. */
  readonly converge: readonly Step[];
  /** Run with the old files back in place, when it isn't confirmed. */
  readonly restore: readonly Step[];
  readonly interruption?: Interruption;
  /** What the latest rehearsal of this configuration has shown of faults afterwards. Absent: none is known here. */
  readonly rehearsed?: {
    /** Wall clock, ms since 1970. */
    readonly at: number;
    /** How many that the host is to survive. */
    readonly faults: number;
    /** The scenario with the longest outage. */
    readonly worst: string;
    /** null: it never ended while watched. */
    readonly outageMs: number | null;
    readonly by: "kernel" | "agent";
  };
  /** What the host has now and won't have any more: addresses, leases; a sentence each. */
  readonly ends?: readonly string[];
  /** What must work before it may be confirmed. */
  readonly proofs?: readonly string[];
  readonly diagnostics: readonly JsonDiagnostic[];
}

export interface PlanFile {
  readonly path: string;
  readonly kind: "new" | "changed" | "removed";
  /** Permission bits as chmod takes them, "0644". */
  readonly mode: string;
  /** It holds a key, which the diff doesn't show. */
  readonly isSecret: boolean;
  /** As diff -u writes it. */
  readonly diff: string;
}

/** `holdfast apply --json`, `holdfast guard --json`. With --lines the last line holds it, with "what": "ended". */
export interface ApplyDocument {
  /** null: none was begun. */
  readonly transaction: string | null;
  /** verified: in place and proven; it goes back at the deadline unless it is confirmed. pending: the same, when whoever waited left. */
  readonly state: "nothing-to-do" | "refused" | "verified" | "pending" | "confirmed" | "rolled-back" | "stuck";
  readonly verdict: "nothing-to-do" | "refused" | "pending" | "confirmed" | "rolled-back" | "stuck";
  /** Seconds since the boot (CLOCK_BOOTTIME); null: nothing is armed. */
  readonly deadline: number | null;
  readonly summary: string;
  readonly backend: BackendName;
  /** Paths. */
  readonly files: readonly string[];
  /** What confirms it from another session. Only with --no-wait. */
  readonly token?: string;
  /** What was proven; where it was rolled back, what failed. */
  readonly probes?: readonly ProbeResult[];
  /** Why it was rolled back. */
  readonly why?: string;
  readonly refusal?: { readonly message: string; readonly hint: string };
}

/** `holdfast confirm --json`, `holdfast extend --json`, `holdfast rollback --json` */
export interface TransactionDocument {
  readonly transaction: string | null;
  readonly state: "confirmed" | "extended" | "rolled-back" | "stuck" | "refused";
  readonly deadline: number | null;
  readonly refusal?: { readonly code: string; readonly message: string; readonly hint: string };
}

/** `holdfast history --json` */
export interface HistoryDocument {
  /** The newest first; one that waits for its confirmation is the first. */
  readonly transactions: readonly HistoryEntry[];
}

export interface HistoryEntry {
  readonly transaction: string;
  readonly state: "pending" | "confirmed" | "rolled-back" | "stuck" | "discarded";
  readonly summary: string;
  readonly backend: BackendName | null;
  readonly who: string;
  /** Seconds since 1970; null: not known. */
  readonly startedAt: number | null;
  /** Seconds until it goes back; null: it doesn't. */
  readonly leftSeconds: number | null;
  /** Paths. */
  readonly files: readonly string[];
}
