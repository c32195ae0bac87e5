import type { Diagnostic, FileSet } from "../diagnostic/diagnostic.ts";
import { secretRanges } from "../diagnostic/secrets.ts";
import { dialectNamed } from "../dialects/registry.ts";
import { type WriteError, writeFiles } from "../host/linux/write-files.ts";
import type { Config } from "../model/config.ts";
import { withDefaults } from "../model/defaults.ts";
import type { Result } from "../model/result.ts";
import { type Reading, understand } from "./judge.ts";
import { asShown, type Shown } from "./shown.ts";
import { readSubject } from "./subject.ts";

/** What became of one configuration in another language. */
export interface Converted extends Shown {
  /** Absent: it could not be read, or has errors that must be mended first; the diagnostics say so. */
  readonly rendered?: { readonly files: FileSet; readonly losses: readonly Diagnostic[] };
  /** Nothing could be read at all. */
  readonly isUnread: boolean;
}

/** Reads a path in one language and writes it in another. What has errors is not rendered. */
export async function convertPath(path: string, cwd: string, to: string, reading: Reading): Promise<Converted> {
  const { config, ...shown } = await importPath(path, cwd, reading);
  const dialect = dialectNamed(to);
  const isBroken = shown.diagnostics.some(({ severity }) => severity === "error");
  if (config === undefined || dialect === undefined || isBroken) return shown;
  return { ...shown, rendered: dialect.render(config) };
}

/** Reads a path into the model, Holdfast's defaults filled in where it is a holdfast.yaml. */
export async function importPath(
  path: string,
  cwd: string,
  reading: Reading,
): Promise<Shown & { readonly config?: Config; readonly isUnread: boolean }> {
  const subject = await readSubject(path, cwd);
  if (subject.isUnread) return { ...asShown(subject, []), isUnread: true };
  const read = understand(subject, reading);
  if ("code" in read) return { ...asShown(subject, [read]), isUnread: true };
  const { config, dialect, diagnostics } = read.judged;
  const shown = asShown(read.subject, diagnostics);
  return { ...shown, config: dialect === "holdfast" ? withDefaults(config) : config, isUnread: false };
}

/** Writes rendered files below a directory; those that hold a secret for their owner only. */
export function writeRendered(
  root: string,
  files: FileSet,
  existing: "keep" | "replace",
): Promise<Result<readonly string[], WriteError>> {
  const secret = new Set([...files].flatMap(([path, text]) => (secretRanges(text).length > 0 ? [path] : [])));
  return writeFiles({ root, files, secret, existing });
}
