import type { Cable } from "../model/config.ts";
import { failed, ok, type Result } from "../model/result.ts";

const media: Readonly<Record<string, Cable["medium"]>> = {
  "–": "cable",
  "—": "cable",
  "-": "cable",
  "--": "cable",
  "~": "powerline",
  ")))": "radio",
};

/** Reads "a – b", "a ~ b", "a ))) b", or a chain of them: each hop is a cable. The error says what is wrong, quoting nothing. */
export function parseCableText(text: string): Result<readonly Cable[], string> {
  const words = text.trim().split(/\s+/);
  if (words.length < 3 || words.length % 2 === 0) return failed("does not name two ends with a sign between");
  const cables: Cable[] = [];
  for (let at = 0; at + 2 < words.length; at += 2) {
    const [from, sign, to] = [words[at] ?? "", words[at + 1] ?? "", words[at + 2] ?? ""];
    const medium = Object.hasOwn(media, sign) ? media[sign] : undefined;
    if (medium === undefined) return failed("has no –, ~ or ))) between its ends");
    if (Object.hasOwn(media, from) || Object.hasOwn(media, to)) return failed("has a sign where an end should be");
    if (from === to) return failed("begins where it ends");
    cables.push({ from, to, medium });
  }
  return ok(cables);
}

/** The spelling parseCableText reads back as the same cable. */
export function formatCable(cable: Cable): string {
  const sign = cable.medium === "cable" ? "–" : cable.medium === "powerline" ? "~" : ")))";
  return `${cable.from} ${sign} ${cable.to}`;
}
