import type { Diagnostic, Edit, FileSet, Severity, Span } from "../diagnostic/diagnostic.ts";
import type { Origins } from "../diagnostic/origins.ts";
import type { HostFacts } from "../dialects/dialect.ts";
import type { InterfacesDocument } from "../dialects/ifupdown/document.ts";
import type { Story } from "../dialects/ifupdown/story.ts";
import type { Config } from "../model/config.ts";
import type { HostState } from "../model/host-state.ts";

/** What is judged: one host's configuration, what it means, and where each part of it was said. */
export interface Subject {
  /** The language it was written in: "holdfast" for holdfast.yaml, else the dialect's name. `check` fills in
   *  what its consumer does in silence, before the rules look. */
  readonly dialect: string;
  readonly files: FileSet;
  readonly config: Config;
  readonly origins: Origins;
  /** What the parser found; `check` merges it in. */
  readonly diagnostics: readonly Diagnostic[];
  /** The source itself and what ifup and ifenslave make of it, where the dialect is ifupdown. */
  readonly ifupdown?: IfupdownSource;
  /** Permission bits of the files, where they are known. */
  readonly fileModes?: ReadonlyMap<string, number>;
  /** What the host these files are of shows while it runs; absent: only files were named. */
  readonly host?: HostState;
  /** Configurations of the same host in languages that its manager in charge does not read. */
  readonly elsewhere?: readonly Elsewhere[];
}

/** Files that nobody reads, or another manager. */
export interface Elsewhere {
  readonly language: string;
  readonly config: Config;
  readonly origins: Origins;
}

/** An ifupdown source beyond what the model can hold. */
export interface IfupdownSource {
  readonly document: InterfacesDocument;
  readonly story: Story;
  readonly facts: HostFacts;
}

/** One thing a rule has to say. */
export interface Finding {
  /** What is wrong and what follows from it, naming the thing and the value. Lower case, no full stop. */
  readonly message: string;
  /** The edit that mends it, one imperative sentence. */
  readonly hint: string;
  readonly at: Span | undefined;
  readonly also?: NonNullable<Diagnostic["also"]>;
  /** The same as the hint, for a program; only where it is certain. Never overlapping; applied, the finding is gone and no error
   *  has come. */
  readonly fix?: readonly Edit[] | undefined;
  /** Where this case is milder than the rule's worst. */
  readonly severity?: Severity;
  /** The bond it is about. */
  readonly bond?: string;
  /** Rules whose findings about the same bond only follow from this one: they stay silent. "*" means every rule. */
  readonly explains?: readonly string[];
}

/** A check with a name. Pure: the subject in, findings out. */
export interface Rule {
  /** The code of its diagnostics, its file name here and its page's name in docs/rules. */
  readonly name: string;
  /** Of its worst case. error: does not work or locks out. warning: fails when it is needed. advice: surprise or waste. */
  readonly severity: Severity;
  /** One sentence: what it asks for. */
  readonly about: string;
  /** Where the behaviour behind it is written down or was measured. */
  readonly source: readonly string[];
  readonly applies: readonly string[] | "any";
  readonly check: (subject: Subject) => readonly Finding[];
}
