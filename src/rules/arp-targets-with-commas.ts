import type { Edit, Span } from "../diagnostic/diagnostic.ts";
import { sources } from "./about/sources.ts";
import { factsOf } from "./about/stanzas.ts";
import { listed } from "./about/words.ts";
import type { Rule, Subject } from "./rule.ts";

/** ifenslave splits at blanks; the kernel then reads up to the comma. */
export const arpTargetsWithCommas: Rule = {
  name: "arp-targets-with-commas",
  severity: "warning",
  about: "ARP targets are separated by blanks",
  source: [sources.ifenslave, sources.bonding61],
  applies: ["ifupdown"],
  check: (subject) =>
    factsOf(subject, "targets-with-commas").map((fact) => ({
      bond: fact.bond,
      message: `only ${fact.installed.length === 0 ? "none of these" : listed(fact.installed)} is asked: ifenslave takes blanks between targets, and after a comma the rest is lost without a word`,
      hint: "Separate the addresses by blanks.",
      at: fact.at,
      fix: withBlanks(subject, fact.at),
      explains: ["arp-single-target"],
    })),
};

/** The same line with blanks; none where the line goes on in the next one. */
function withBlanks({ files }: Subject, at: Span): readonly Edit[] | undefined {
  const line = files.get(at.file)?.slice(at.start, at.end) ?? "";
  return line.includes("\n") ? undefined : [{ ...at, text: line.replace(/(?<![ \t])[ \t]*,[ \t,]*/g, " ").trimEnd() }];
}
