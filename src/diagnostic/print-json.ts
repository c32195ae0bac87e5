import type { Diagnostic, Edit, FileSet, Severity, Span } from "./diagnostic.ts";
import { type LineIndex, lineIndex } from "./line-index.ts";
import type { DocsOf } from "./print-text.ts";
import { redactor } from "./secrets.ts";

/** One finding as `check --json` prints it. A published shape: keys are always there, null means "not known". */
export interface JsonDiagnostic {
  readonly code: string;
  readonly severity: Severity;
  readonly message: string;
  readonly hint: string | null;
  readonly file: string | null;
  /** 1-based, like the columns; columns count UTF-16 units; the end is exclusive. Null when the file's text is not known. */
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
  readonly docs: string | null;
  readonly also: readonly JsonNote[];
  /** What mends it, where exactly these edits are certain to; empty where none are. All of them or none, done at once: places are those
   *  of the text as it was read. */
  readonly fix: readonly JsonEdit[];
}

/** The text between two places is replaced; equal places are an insertion. Lines and columns as of the finding. */
export interface JsonEdit {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly text: string;
}

export interface JsonNote {
  readonly note: string;
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly endLine: number | null;
  readonly endColumn: number | null;
}

/** The JSON document of a check as a value; the caller serialises it. Secrets of the files are masked in all texts; `redact` knows
 *  those of more files where this is a part of something larger. */
export function printJson(
  diagnostics: readonly Diagnostic[],
  files: FileSet,
  docs: DocsOf = () => undefined,
  redact = redactor(files),
): { readonly diagnostics: readonly JsonDiagnostic[] } {
  const region = regionOf(files);
  const tellable = fixTeller(region, redact);
  const toJson = (one: Diagnostic): JsonDiagnostic => ({
    code: one.code,
    severity: one.severity,
    message: redact(one.message),
    hint: one.hint === undefined ? null : redact(one.hint),
    file: one.at?.file ?? null,
    ...(one.at === undefined ? nowhere : (region(one.at) ?? nowhere)),
    docs: docs(one.code) ?? null,
    also: (one.also ?? []).map(({ at, note }) => ({ note: redact(note), file: at.file, ...(region(at) ?? nowhere) })),
    fix: tellable(one.fix ?? []),
  });
  return { diagnostics: diagnostics.map(toJson) };
}

const nowhere = { line: null, column: null, endLine: null, endColumn: null } as const;

/** Lines and columns of a span in these files, each file indexed once; undefined when the file's text is not among them. */
export function regionOf(files: FileSet) {
  const indexes = new Map<string, LineIndex>();
  return (span: Span) => {
    const text = files.get(span.file);
    if (text === undefined) return undefined;
    const index = indexes.get(span.file) ?? lineIndex(text);
    indexes.set(span.file, index);
    const start = index.position(span.start);
    const end = index.position(Math.max(span.start, span.end));
    return { line: start.line, column: start.column, endLine: end.line, endColumn: end.column };
  };
}

/** The edits of a fix with lines and columns; none at all where one of them has no known place, or would have to be told without a
 *  secret that belongs into it: half a fix is none. */
export function fixTeller(region: ReturnType<typeof regionOf>, redact: (text: string) => string) {
  return (edits: readonly Edit[]): readonly JsonEdit[] => {
    const told = edits.map(({ file, start, end, text }) => {
      const place = region({ file, start, end });
      return place === undefined || redact(text) !== text ? undefined : { file, ...place, text };
    });
    return told.includes(undefined) ? [] : told.flatMap((edit) => edit ?? []);
  };
}
