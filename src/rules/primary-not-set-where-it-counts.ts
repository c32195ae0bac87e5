import { sources } from "./about/sources.ts";
import { factsOf } from "./about/stanzas.ts";
import { listed } from "./about/words.ts";
import type { Rule } from "./rule.ts";

/** A primary can only be set once that port has joined; with `bond-slaves none` that is in the port's stanza. */
export const primaryNotSetWhereItCounts: Rule = {
  name: "primary-not-set-where-it-counts",
  severity: "warning",
  about: "bond-primary stands where its port has already joined",
  source: [sources.ifenslave, sources.ifenslaveReadme, sources.bonding61],
  applies: ["ifupdown"],
  check: (subject) =>
    factsOf(subject, "primary-skipped")
      .filter((fact) => fact.recoveredBy === undefined)
      .filter((fact) =>
        subject.config.bonds.some((bond) => bond.name === fact.bond && bond.options.primary === undefined),
      )
      .map((fact) => {
        const primary = fact.primary[0] ?? "";
        return {
          bond: fact.bond,
          message:
            fact.reason === "no-ports-yet"
              ? `${fact.bond} gets no primary: bond-primary is read here before any port has joined, so once traffic has moved it stays on the second-best port`
              : `${fact.bond} gets no primary: ${listed(fact.primary)} is not one of its ports`,
          hint:
            fact.reason === "no-ports-yet"
              ? `Say bond-primary ${primary} in the stanza of ${primary}, next to bond-master ${fact.bond}.`
              : "Name a port of the bond.",
          at: fact.at,
          explains: ["no-primary-no-failback"],
        };
      }),
};
