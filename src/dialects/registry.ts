import type { FileSet } from "../diagnostic/diagnostic.ts";
import type { Dialect } from "./dialect.ts";
import { ifupdown } from "./ifupdown/ifupdown.ts";

/** Every language we speak, by name. */
export const dialects: readonly Dialect[] = [ifupdown];

/** The dialect of that name, or undefined. */
export function dialectNamed(name: string): Dialect | undefined {
  return dialects.find((dialect) => dialect.name === name);
}

/** How sure a dialect must be before files are taken for it. */
const enough = 0.5;

/** The dialect these files are most surely of, or undefined when none is sure enough. */
export function detectDialect(files: FileSet): Dialect | undefined {
  let best: { dialect: Dialect; score: number } | undefined;
  for (const dialect of dialects) {
    const score = dialect.detect(files);
    if (score >= enough && (best === undefined || score > best.score)) best = { dialect, score };
  }
  return best?.dialect;
}
