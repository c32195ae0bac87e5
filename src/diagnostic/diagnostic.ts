/** A place in a source text: offsets in UTF-16 units, end exclusive. Line and column are worked out when printing. */
export interface Span {
  readonly file: string;
  readonly start: number;
  readonly end: number;
}

export type Severity = "error" | "warning" | "advice";

/** One problem, as data: from a parser, a rule, a conversion or a rehearsal. Printed by `diagnostic/print-*`. */
export interface Diagnostic {
  /** Stable, greppable, kebab-case; `holdfast explain CODE` knows it. */
  readonly code: string;
  readonly severity: Severity;
  /** What is wrong, naming the thing and the value. Lower case, no full stop. */
  readonly message: string;
  /** One imperative sentence that fixes it. */
  readonly hint?: string;
  readonly at?: Span;
  readonly also?: readonly { readonly at: Span; readonly note: string }[];
  /** What a program may change to mend it: only where exactly these edits are certain to. They belong together. */
  readonly fix?: readonly Edit[];
}

/** A piece of a source text that is replaced; an empty piece is an insertion. The same places as a Span. */
export interface Edit extends Span {
  readonly text: string;
}

/** Source texts by path, as the printers and parsers need them. */
export type FileSet = ReadonlyMap<string, string>;
