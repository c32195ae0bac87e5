import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Subject } from "../rule.ts";
import { fileSampleLanguages, readFileSample } from "./file-sample.ts";
import { readHostSample } from "./host-sample.ts";

const folder = join(import.meta.dirname, "../../../docs/rules");

/** A sample of a rule's page: ```interfaces bad also=other-rule */
export interface Sample {
  /** What it is fenced with; "host" for a running host. */
  readonly language: string;
  readonly kind: "bad" | "good";
  readonly also: readonly string[];
  readonly text: string;
}

const fence = new RegExp(
  `^\`\`\`(${[...fileSampleLanguages, "host"].join("|")}) (bad|good)(?: also=(\\S+))?\\n(.*?)^\`\`\`$`,
  "gms",
);

/** The page of a rule, whole. */
export function pageOf(rule: string): string {
  return readFileSync(join(folder, `${rule}.md`), "utf8");
}

/** Every sample on a page, in order. */
export function samplesOf(page: string): readonly Sample[] {
  return [...page.matchAll(fence)].map(([, language = "", kind, also, text = ""]) => ({
    language,
    kind: kind as Sample["kind"],
    also: also?.split(",") ?? [],
    text,
  }));
}

/** What a sample stands for, to be judged. */
export function subjectOf({ language, text }: Pick<Sample, "language" | "text">): Subject {
  return language === "host" ? readHostSample(text) : readFileSample(language, text);
}
