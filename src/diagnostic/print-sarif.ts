import type { Diagnostic, FileSet, Severity, Span } from "./diagnostic.ts";
import { fixTeller, type JsonEdit, regionOf } from "./print-json.ts";
import type { DocsOf } from "./print-text.ts";
import { redactor } from "./secrets.ts";

/** What SARIF wants to know of the tool: our version and, per code, one sentence and the page that explains it. */
export interface SarifTool {
  readonly version: string;
  readonly about: (code: string) => string | undefined;
  readonly docs: DocsOf;
}

/** What all findings have in common, of which these may be a part. */
export interface SarifWhole {
  /** Every code that is found, sorted: the log lists them and results point into the list. */
  readonly codes: readonly string[];
  readonly redact: (text: string) => string;
}

/* SARIF has no "advice"; "note" is its word for what need not be acted on (section 3.27.10). */
const levels = { error: "error", warning: "warning", advice: "note" } as const satisfies Record<Severity, string>;

/** A SARIF 2.1.0 log as a value (OASIS, "Static Analysis Results Interchange Format"); the caller serialises it.
 *  Source text is left out on purpose, so that no secret can travel with it. */
export function printSarif(
  diagnostics: readonly Diagnostic[],
  files: FileSet,
  tool: SarifTool,
  { codes, redact }: SarifWhole = { codes: codesOf(diagnostics), redact: redactor(files) },
) {
  const region = regionOf(files);
  const tellable = fixTeller(region, redact);
  const physical = (span: Span) => {
    const found = region(span);
    return {
      artifactLocation: { uri: uriOf(span.file) },
      ...(found === undefined
        ? {}
        : {
            region: {
              startLine: found.line,
              startColumn: found.column,
              endLine: found.endLine,
              endColumn: found.endColumn,
            },
          }),
    };
  };
  const fixesOf = ({ fix = [], hint }: Diagnostic) => {
    const edits = tellable(fix);
    return edits.length === 0 ? {} : { fixes: [fixOf(edits, hint === undefined ? undefined : redact(hint))] };
  };
  const result = (one: Diagnostic) => ({
    ruleId: one.code,
    ruleIndex: codes.indexOf(one.code),
    level: levels[one.severity],
    message: { text: redact(one.hint === undefined ? one.message : `${one.message}. ${one.hint}`) },
    ...(one.at === undefined ? {} : { locations: [{ physicalLocation: physical(one.at) }] }),
    ...(one.also === undefined || one.also.length === 0
      ? {}
      : {
          relatedLocations: one.also.map(({ at, note }, id) => ({
            id,
            physicalLocation: physical(at),
            message: { text: redact(note) },
          })),
        }),
    ...fixesOf(one),
  });
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "holdfast", version: tool.version, rules: codes.map((code) => describe(code, tool)) } },
        columnKind: "utf16CodeUnits",
        results: diagnostics.map(result),
      },
    ],
  } as const;
}

/** The codes of findings, each once, sorted. */
export function codesOf(diagnostics: readonly Pick<Diagnostic, "code">[]): readonly string[] {
  return [...new Set(diagnostics.map((one) => one.code))].sort();
}

/** All edits of one fix, a change for each file (section 3.55). */
function fixOf(edits: readonly JsonEdit[], description: string | undefined) {
  const replacement = ({ line, column, endLine, endColumn, text }: JsonEdit) => ({
    deletedRegion: { startLine: line, startColumn: column, endLine, endColumn },
    ...(text === "" ? {} : { insertedContent: { text } }),
  });
  return {
    ...(description === undefined ? {} : { description: { text: description } }),
    artifactChanges: [...new Set(edits.map(({ file }) => file))].map((file) => ({
      artifactLocation: { uri: uriOf(file) },
      replacements: edits.filter((edit) => edit.file === file).map(replacement),
    })),
  };
}

function describe(code: string, tool: SarifTool) {
  const about = tool.about(code);
  const page = tool.docs(code);
  return {
    id: code,
    ...(about === undefined ? {} : { shortDescription: { text: about } }),
    ...(page === undefined ? {} : { help: { text: `holdfast explain ${code} (${page})` } }),
  };
}

/** RFC 3986: an absolute path is a file URI, a relative one stays relative; every other character is percent-encoded. */
function uriOf(path: string): string {
  const encoded = path
    .split("/")
    .map((part) => encodeURIComponent(part.replace(/\p{Surrogate}/gu, "\ufffd")))
    .join("/");
  return path.startsWith("/") ? `file://${encoded}` : encoded;
}
