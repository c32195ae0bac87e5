import type { CheckDocument } from "../api/types.ts";
import { printJson } from "../diagnostic/print-json.ts";
import { printSarif, type SarifWhole } from "../diagnostic/print-sarif.ts";
import { type DocsOf, printText } from "../diagnostic/print-text.ts";
import { aboutRule, docsOfRule } from "../rules/explain.ts";
import type { CheckReport } from "./check-paths.ts";
import type { Cli } from "./command.ts";
import { explainedCodes } from "./explain.ts";
import type { Shown } from "./shown.ts";
import { documentText, styleFor } from "./style.ts";

/** How a check is printed. */
export type ReportFormat = "text" | "json" | "sarif";

/** What --format says; text unless it says otherwise. */
export function reportFormat(said: string | undefined): ReportFormat {
  return said === "json" || said === "sarif" ? said : "text";
}

/** Prints a check. */
export async function printReport(cli: Cli, report: CheckReport, format: ReportFormat): Promise<void> {
  const docs = await docsOf(cli);
  if (format === "text") printForPeople(cli, report, docs);
  else cli.stdout.write(reportDocument(report, format, { version: cli.version, docs }));
}

/** A check, or a part of one, as a document of its own. */
export function reportDocument(
  { diagnostics, files }: Shown,
  format: Exclude<ReportFormat, "text">,
  { version, docs }: { readonly version: string; readonly docs: DocsOf },
  whole?: SarifWhole,
): string {
  if (format === "json")
    return documentText(printJson(diagnostics, files, docs, whole?.redact) satisfies CheckDocument);
  const tool = { version, about: (code: string) => aboutRule(code), docs };
  return documentText(printSarif(diagnostics, files, tool, whole));
}

/** Where a code is explained: a page of its own, or a section of docs/errors.md. */
export async function docsOf({ home }: Pick<Cli, "home">): Promise<DocsOf> {
  const codes = new Set(await explainedCodes(home));
  return (code) => docsOfRule(code) ?? (codes.has(code) ? `docs/errors.md#${code}` : undefined);
}

/** From so many paths on `check` takes several threads: fewer are done before a thread has started. */
export const manyPaths = 200;

/** A page of lines that all say the same helps nobody: beyond this, paths without findings are only counted. */
export const mostCleanPaths = 10;

function printForPeople(cli: Cli, report: CheckReport, docs: DocsOf): void {
  const style = styleFor(cli, cli.stdout);
  const clean = report.understood.filter(({ findings }) => findings === 0);
  if (report.diagnostics.length > 0) cli.stdout.write(printText(report.diagnostics, report.files, style, docs));
  cli.stdout.write(cleanText(clean, clean.length));
}

/** What is said of paths without findings: each by its name while they are few. */
export function cleanText(
  clean: readonly { readonly name: string; readonly summary: string }[],
  count: number,
): string {
  if (count > mostCleanPaths) return `${count} paths without findings\n`;
  return clean.map(({ name, summary }) => `${name}: nothing to mend (${summary})\n`).join("");
}
