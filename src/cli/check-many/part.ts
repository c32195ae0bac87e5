import { codesOf } from "../../diagnostic/print-sarif.ts";
import { printFindings, type SeverityCounts, severityCounts } from "../../diagnostic/print-text.ts";
import { redactorOf, secretValues } from "../../diagnostic/secrets.ts";
import { type CheckRequest, checkEach, prepareCheck, reportOf } from "../check-paths.ts";
import { docsOf, mostCleanPaths, type ReportFormat, reportDocument } from "../print-report.ts";
import type { Shown } from "../shown.ts";
import { styleOf, type TextSetting } from "../style.ts";
import { listedIn } from "./document-list.ts";

/** What whoever checks a part of many paths must know; plain data, since it goes to another thread. */
export interface Task {
  /** Its paths are not looked at: they come part by part. */
  readonly request: CheckRequest;
  readonly format: ReportFormat;
  readonly setting: TextSetting;
  readonly home: string;
  readonly version: string;
}

/** What one part comes to; what it says word for word stays where it was found until it is asked for. */
export interface Tally {
  readonly counts: SeverityCounts;
  readonly codes: readonly string[];
  /** Never to be printed: they are what is taken out of all that is. */
  readonly secrets: readonly string[];
  readonly unread: number;
  readonly clean: number;
  /** The first of those without findings. */
  readonly firstClean: readonly { readonly name: string; readonly summary: string }[];
}

/** What is known when all parts have been looked at: nothing can be printed before. */
export interface Known {
  readonly codes: readonly string[];
  readonly secrets: readonly string[];
}

/** Looks at parts, and prints them afterwards. */
export interface Checker {
  /** Parts are counted from 0. */
  look(part: number, paths: readonly string[]): Promise<Tally>;
  learn(known: Known): void;
  /** What the part adds to the output: whole findings as text, or the entries of the document's list. It is forgotten then. */
  print(part: number): string;
}

/** A checker with what it needs read once. */
export async function checkerFor({ request, format, setting, home, version }: Task): Promise<Checker> {
  const { reading, ahead } = await prepareCheck(request);
  const docs = await docsOf({ home });
  const style = styleOf(setting);
  const found = new Map<number, Shown>();
  let whole = { codes: [] as readonly string[], redact: redactorOf([]) };
  return {
    async look(part, paths) {
      const checked = await checkEach(paths, request.cwd, reading);
      const all = reportOf(part === 0 ? [ahead, checked] : [checked]);
      const { understood, unread } = all;
      found.set(part, withFindingsOnly(all));
      const clean = understood.filter(({ findings }) => findings === 0);
      return {
        counts: severityCounts(all.diagnostics),
        codes: codesOf(all.diagnostics),
        secrets: [...secretValues(all.files)],
        unread: unread.length,
        clean: clean.length,
        // One more than are shown: whether there are more is all that counts beyond them.
        firstClean: clean.slice(0, mostCleanPaths + 1).map(({ name, summary }) => ({ name, summary })),
      };
    },
    learn: ({ codes, secrets }) => {
      whole = { codes, redact: redactorOf(secrets) };
    },
    print(part) {
      const shown = found.get(part);
      found.delete(part);
      if (shown === undefined || shown.diagnostics.length === 0) return "";
      if (format === "text")
        return printFindings(shown.diagnostics, shown.files, style, { docs, redact: whole.redact });
      return listedIn(reportDocument(shown, format, { version, docs }, whole), format);
    },
  };
}

/** Files in which nothing was found are never shown: ten thousand hosts' would only fill the memory. */
function withFindingsOnly({ diagnostics, files }: Shown): Shown {
  const named = new Set<string>();
  for (const { at, also = [], fix = [] } of diagnostics) {
    if (at !== undefined) named.add(at.file);
    for (const one of also) named.add(one.at.file);
    for (const edit of fix) named.add(edit.file);
  }
  return { diagnostics, files: new Map([...files].filter(([file]) => named.has(file))) };
}
