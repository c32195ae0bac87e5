import type { Span } from "../diagnostic/diagnostic.ts";
import { withoutStatements } from "./about/edits.ts";
import { sources } from "./about/sources.ts";
import { factsOf, ifaceStanzas, optionsNamed } from "./about/stanzas.ts";
import { listed, times } from "./about/words.ts";
import type { Finding, Rule, Subject } from "./rule.ts";

/** Saying options in every stanza is what guides of the 2010s do; with ifenslave 2.13 once is enough. */
export const optionsRepeated: Rule = {
  name: "options-repeated",
  severity: "advice",
  about: "Each bond option is said once, where it takes effect",
  source: [sources.ifenslave, sources.bonding61],
  applies: ["ifupdown"],
  check: (subject) => {
    const facts = factsOf(subject, "options-repeated").filter((fact) => fact.also.length > 0);
    return [...new Set(facts.map((fact) => fact.bond))].map((bond) =>
      finding(
        subject,
        bond,
        facts.filter((fact) => fact.bond === bond),
      ),
    );
  },
};

function finding(
  subject: Subject,
  bond: string,
  facts: readonly { option: string; at: Span; also: readonly Span[] }[],
): Finding {
  const counts = [...new Set(facts.map((fact) => fact.also.length + 1))];
  const said = counts.map((count) => {
    const keys = facts
      .filter((fact) => fact.also.length + 1 === count)
      .map((fact) => `bond-${fact.option.replaceAll("_", "-")}`);
    return `${listed(keys)} ${keys.length === 1 ? "is" : "are"} said ${times(count)}`;
  });
  const idle = facts
    .flatMap((fact) => fact.also)
    .sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.start - b.start));
  const [first, ...rest] = idle;
  const ports = subject.config.bonds.find((one) => one.name === bond)?.ports ?? [];
  const listsNone = ifaceStanzas(subject, bond).some((stanza) =>
    optionsNamed(stanza, "bond-slaves").some((option) => option.value.text === "none"),
  );
  const why =
    listsNone && facts.some((fact) => fact.option === "primary")
      ? `. Only bond-primary has to stand on a port: with bond-slaves none the ports join after ${bond} is set up`
      : "";
  return {
    bond,
    message: `${listed(said)}, where once is enough: the marked lines change nothing${why}`,
    hint: listsNone
      ? `Delete the marked lines; or write bond-slaves ${ports.join(" ")} in the stanza of ${bond}, and the ports need no bond- line at all.`
      : "Delete the marked lines.",
    at: first,
    fix: withoutStatements(subject, idle),
    also: rest.map((at) => ({ at, note: "changes nothing" })),
  };
}
