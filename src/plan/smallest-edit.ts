import type { FileSet, Span } from "../diagnostic/diagnostic.ts";
import { cutText } from "../dialects/amend.ts";
import type { Parsed } from "../dialects/dialect.ts";
import type { Config } from "../model/config.ts";
import { differences } from "../model/differences.ts";

interface Sides {
  readonly files: FileSet;
  readonly before: Parsed;
  readonly written: FileSet;
  readonly back: Parsed;
  readonly expected: Config;
}

/** Where only values of options differ that both texts say: those values in their places, and not a word else. Absent where that isn't
 *  all. Whoever asks reads the result again: a value can be said in more places than one. */
export function smallestEdit({ files, before, written, back, expected }: Sides): FileSet | undefined {
  const result = new Map(files);
  const edits = new Map<string, { start: number; end: number; text: string }[]>();
  for (const key of differences(before.config, expected)) {
    const old = before.origins.get(key);
    const fresh = back.origins.get(key);
    if (!/^bond\/[^/]+\/option\//.test(key) || old === undefined || fresh === undefined) return undefined;
    const text = textAt(written, fresh);
    // The places must be of one kind: a whole line against a whole line.
    if (wordsIn(textAt(files, old)) !== wordsIn(text)) return undefined;
    edits.set(old.file, [...(edits.get(old.file) ?? []), { ...old, text }]);
  }
  for (const [file, all] of edits) result.set(file, cutText(files.get(file) ?? "", all));
  return edits.size === 0 ? undefined : result;
}

function textAt(files: FileSet, { file, start, end }: Span): string {
  return files.get(file)?.slice(start, end) ?? "";
}

/** What stands before the value, roughly: "bond-miimon 100" and "bond-miimon 50" are alike. */
function wordsIn(text: string): string {
  return /^[\w-]+(?=[ \t]*[ \t=:])/.exec(text)?.[0] ?? "";
}
