import { resolve } from "node:path";
import type { RenderDocument } from "../api/types.ts";
import type { Diagnostic, FileSet } from "../diagnostic/diagnostic.ts";
import { printJson } from "../diagnostic/print-json.ts";
import { type DocsOf, printText } from "../diagnostic/print-text.ts";
import { mask, maskText, redactor } from "../diagnostic/secrets.ts";
import type { WriteError } from "../host/linux/write-files.ts";
import { nearest } from "../model/nearest.ts";
import { type Cli, sayUsage } from "./command.ts";
import { type Converted, writeRendered } from "./convert-paths.ts";
import type { Exit } from "./exit-codes.ts";
import { docsOf } from "./print-report.ts";
import { printDocument, styleFor } from "./style.ts";

/** Where rendered files go, and how. */
export interface Delivery {
  /** A directory that stands for the host's root; absent: they are printed. */
  readonly out?: string;
  readonly existing: "keep" | "replace";
  readonly format: "text" | "json";
  readonly secrets: "mask" | "show";
}

/** Prints a conversion, or writes its files; what got lost and what is wrong goes to stderr. */
export async function deliver(cli: Cli, converted: Converted, delivery: Delivery): Promise<Exit> {
  const files = converted.rendered?.files ?? new Map<string, string>();
  const losses = converted.rendered?.losses ?? [];
  const { out, existing, format } = delivery;
  if (converted.rendered !== undefined && out !== undefined) {
    const written = await writeRendered(resolve(cli.cwd, out), converted.rendered, existing);
    if (!written.ok) return sayNotWritten(cli, written.error, "--out");
    if (format === "text") cli.stdout.write(written.value.map((path) => `wrote ${path}\n`).join(""));
  }
  const { files: shown, masked } =
    delivery.secrets === "show" ? { files, masked: [] } : withoutSecrets(files, converted);
  const told = { ...converted, diagnostics: [...converted.diagnostics, ...(out === undefined ? masked : [])] };
  if (format === "json") {
    printDocument(cli, documentOf(told, shown, losses, await docsOf(cli)));
  } else {
    if (out === undefined) cli.stdout.write(asText(shown));
    await sayDiagnostics(cli, [...told.diagnostics, ...losses], converted.files);
  }
  if (converted.isUnread) return "usage";
  const isWhole = [...converted.diagnostics, ...losses].every(({ severity }) => severity !== "error");
  return isWhole && converted.rendered !== undefined ? "fine" : "findings";
}

/** Texts fit to be printed: a terminal is looked at, and a CI job's output is kept. */
function withoutSecrets(files: FileSet, { files: sources }: Converted) {
  const redact = redactor(sources);
  const shown = new Map([...files].map(([path, text]) => [path, redact(maskText(text))]));
  const isMasked = [...files].some(([path, text]) => shown.get(path) !== text);
  const hint = "Add --out DIR to write files that only their owner can read, or --show-secrets to have them printed.";
  return { files: shown, masked: isMasked ? [secretsMasked(hint)] : [] };
}

/** Says that what was printed isn't all there is: a file made of it would not work. */
export function secretsMasked(hint: string): Diagnostic {
  return { code: "secrets-masked", severity: "advice", message: `secrets are printed as ${mask}`, hint };
}

function documentOf(converted: Converted, files: FileSet, losses: readonly Diagnostic[], docs: DocsOf): RenderDocument {
  return {
    files: Object.fromEntries(files),
    losses: printJson(losses, converted.files, docs).diagnostics,
    diagnostics: printJson(converted.diagnostics, converted.files, docs).diagnostics,
  };
}

/** One file as it is, so that it can be redirected; several with their names between them. */
function asText(files: FileSet): string {
  if (files.size < 2) return [...files.values()].join("");
  return [...files].map(([path, text]) => `# ---- ${path}\n${text}`).join("\n");
}

/** Diagnostics beside a result that is on stdout. */
export async function sayDiagnostics(cli: Cli, diagnostics: readonly Diagnostic[], files: FileSet): Promise<void> {
  if (diagnostics.length === 0) return;
  cli.stderr.write(printText(diagnostics, files, styleFor(cli, cli.stderr), await docsOf(cli)));
}

/** Says which file could not be written, why, and which flag (`--out`, `--report`) names another place. */
export function sayNotWritten(cli: Cli, error: WriteError, flag: string): Exit {
  const names = error.paths.join(", ");
  if (error.code === "failed") {
    return sayUsage(cli, `cannot write ${names} (${error.errno})`, `Choose another directory with ${flag}.`);
  }
  if (error.code === "live") {
    const hint = `Choose another directory with ${flag} and look at what it gets first; --force doesn't change this.`;
    cli.stderr.write(`holdfast: nothing was written: ${names} belongs to this host as it runs\n  ${hint}\n`);
    return "refused";
  }
  const [message, hint] =
    error.code === "exists"
      ? [`${names} is there already, with another text`, `Add --force to replace it, or choose another ${flag}.`]
      : [`${names} would be written outside the directory`, "Remove the symbolic link that leads there."];
  cli.stderr.write(`holdfast: nothing was written: ${message}\n  ${hint}\n`);
  return "refused";
}

/** Says that --to names no language that can be written, or nothing at all. */
export function sayNoDialect(cli: Cli, given: string | undefined, known: readonly string[]): Exit {
  const hint = `Dialects are ${known.join(", ")}.`;
  if (given === undefined) return sayUsage(cli, "--to DIALECT is missing", hint);
  const near = nearest(given, known);
  return sayUsage(
    cli,
    `"${given}" is no dialect that can be written`,
    near === undefined ? hint : `Did you mean ${near}?`,
  );
}
