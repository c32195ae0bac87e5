/** The documents that `--json` prints: a published, stable contract. Keys are added, never renamed or taken away. */

import type { JsonDiagnostic } from "../diagnostic/print-json.ts";
import type { Rehearsal } from "../measure/rehearsal.ts";

export type { JsonDiagnostic } from "../diagnostic/print-json.ts";
export type { Rehearsal } from "../measure/rehearsal.ts";

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

/** `holdfast rehearse --json` */
export type RehearseDocument = Rehearsal;

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
  /** missing: something cannot be done. reduced: it works, less well. */
  readonly state: "fine" | "reduced" | "missing";
  readonly about: string;
  /** What mends it. Absent when fine. */
  readonly hint?: string;
}
