import type { CheckDocument } from "../api/types.ts";
import { printJson } from "../diagnostic/print-json.ts";
import { printSarif } from "../diagnostic/print-sarif.ts";
import { type DocsOf, printText } from "../diagnostic/print-text.ts";
import { aboutRule, docsOfRule } from "../rules/explain.ts";
import type { CheckReport } from "./check-paths.ts";
import type { Cli } from "./command.ts";
import { explainedCodes } from "./explain.ts";
import { printDocument, styleFor } from "./style.ts";

/** Prints a check: "text", "json" or "sarif". */
export async function printReport(cli: Cli, report: CheckReport, format: string): Promise<void> {
  const docs = await docsOf(cli);
  if (format === "json") {
    printDocument(cli, printJson(report.diagnostics, report.files, docs) satisfies CheckDocument);
  } else if (format === "sarif") {
    const about = (code: string) => aboutRule(code);
    printDocument(cli, printSarif(report.diagnostics, report.files, { version: cli.version, about, docs }));
  } else {
    printForPeople(cli, report, docs);
  }
}

/** Where a code is explained: a page of its own, or a section of docs/errors.md. */
export async function docsOf(cli: Cli): Promise<DocsOf> {
  const codes = new Set(await explainedCodes(cli.home));
  return (code) => docsOfRule(code) ?? (codes.has(code) ? `docs/errors.md#${code}` : undefined);
}

/** A page of lines that all say the same helps nobody: beyond this, paths without findings are only counted. */
const mostCleanPaths = 10;

function printForPeople(cli: Cli, report: CheckReport, docs: DocsOf): void {
  const style = styleFor(cli, cli.stdout);
  const clean = report.understood.filter(({ findings }) => findings === 0);
  if (report.diagnostics.length > 0) cli.stdout.write(printText(report.diagnostics, report.files, style, docs));
  if (clean.length > mostCleanPaths) cli.stdout.write(`${clean.length} paths without findings\n`);
  else for (const { name, summary } of clean) cli.stdout.write(`${name}: nothing to mend (${summary})\n`);
}
