import { resolve } from "node:path";
import { applyFixes } from "../diagnostic/apply-fixes.ts";
import { maskText } from "../diagnostic/secrets.ts";
import { unifiedDiff } from "../diagnostic/unified-diff.ts";
import { visible } from "../diagnostic/visible.ts";
import { replaceFile } from "../host/linux/replace-file.ts";
import type { CheckReport } from "./check-paths.ts";
import type { Cli } from "./command.ts";

/** What came of the fixes of a check. */
export interface FixOutcome {
  /** Findings that were mended, or would be. */
  readonly mended: number;
  readonly written: readonly string[];
  /** Files left as they are, with the reason. */
  readonly refused: readonly string[];
}

/** Shows every certain fix of a check as one diff, keys masked. Writes nothing. */
export function showFixes(cli: Cli, report: CheckReport): FixOutcome {
  const { mended, files } = applyFixes(report.diagnostics, report.files);
  for (const [file, after] of files) {
    const diff = unifiedDiff(file, maskText(report.files.get(file) ?? ""), maskText(after));
    cli.stdout.write(safe(diff));
  }
  return { mended: mended.length, written: [], refused: [] };
}

/** Tabs and line breaks stay, so that `patch` can use it. */
function safe(text: string): string {
  return text.replace(/[^\n\t]+/g, visible);
}

/** Writes every certain fix of a check, each file whole or not at all. */
export async function writeFixes(cli: Cli, report: CheckReport): Promise<FixOutcome> {
  const { mended, files } = applyFixes(report.diagnostics, report.files);
  const written: string[] = [];
  const refused: string[] = [];
  for (const [file, after] of files) {
    const done = await replaceFile(resolve(cli.cwd, file), report.files.get(file) ?? "", after);
    if (done.ok) written.push(file);
    else refused.push(`${file}: ${done.error.code === "changed" ? "it changed since it was read" : done.error.errno}`);
  }
  return { mended: mended.length, written, refused };
}

/** One line on what was done, or what would be. */
export function sayFixes({ mended, written, refused }: FixOutcome, apply: "shown" | "written"): string {
  const findings = `${mended} finding${mended === 1 ? "" : "s"}`;
  if (mended === 0) return "nothing here has a fix that is certain";
  if (apply === "shown") return `${findings} would be mended; write the changes with --fix --apply`;
  const done = written.length === 0 ? "no file was written" : `wrote ${written.join(", ")}`;
  return `${findings} mended: ${[done, ...refused.map((one) => `left alone: ${one}`)].join("; ")}`;
}
