import { readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { corpusDirectory, corpusMissing } from "./corpus.ts";

/** One case of the corpus, as its index describes it. */
export interface CorpusCase {
  readonly id: string;
  readonly kind: string;
  /** "valid", "lint", "error" or nothing. */
  readonly outcome: string | undefined;
  /** Texts by the real name of the file. */
  readonly files: ReadonlyMap<string, string>;
}

interface Row {
  readonly id: string;
  readonly kind: string;
  readonly dialect: string;
  readonly files: readonly string[];
  readonly expected: { readonly outcome?: string } | null;
  readonly name?: string;
  readonly names?: Readonly<Record<string, string>>;
}

/** Every case of a dialect; none where the corpus isn't there. */
export function corpusCases(dialect: string): readonly CorpusCase[] {
  if (corpusMissing !== undefined) return [];
  const index = readFileSync(join(corpusDirectory, "index.jsonl"), "utf8");
  const rows = index
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as Row);
  return rows
    .filter((row) => row.dialect === dialect)
    .map((row) => {
      const named = (file: string): string => row.names?.[file] ?? row.name ?? basename(file);
      const files = new Map(row.files.map((file) => [named(file), readFileSync(join(corpusDirectory, file), "utf8")]));
      return { id: row.id, kind: row.kind, outcome: row.expected?.outcome, files };
    });
}
