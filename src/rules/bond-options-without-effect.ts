import { type OptionName, optionNames } from "../model/options.ts";
import { effectiveIn } from "../model/validate-options.ts";
import { aboutBonds, isActiveBackup, optionPlace } from "./about/bonds.ts";
import { withoutStatements } from "./about/edits.ts";
import { sources } from "./about/sources.ts";
import { spelt } from "./about/spelling.ts";
import { factsOf } from "./about/stanzas.ts";
import type { Finding, Rule, Subject } from "./rule.ts";

/** Options of link aggregation and load balancing do nothing where one port carries everything. */
export const bondOptionsWithoutEffect: Rule = {
  name: "bond-options-without-effect",
  severity: "advice",
  about: "An active-backup bond has no options of other modes",
  source: [sources.bondingRst, sources.bondOptions],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      if (!isActiveBackup(bond)) return [];
      const refused = factsOf(subject, "option-refused").flatMap((fact): readonly Finding[] =>
        fact.bond === bond.name && fact.reason === "wrong-mode" && fact.said.option !== "primary"
          ? [finding(subject, fact.said.key, fact.at)]
          : [],
      );
      const onPorts = factsOf(subject, "option-ignored-on-port").flatMap((fact): readonly Finding[] => {
        const { option, key } = fact.said;
        const isOther = fact.bond !== bond.name || option === undefined;
        return isOther || effectiveIn(option, "active-backup") ? [] : [finding(subject, key, fact.at)];
      });
      const idle = optionNames
        .filter((name) => bond.options[name] !== undefined && !effectiveIn(name, "active-backup"))
        .map((name: OptionName) => finding(subject, spelt(subject, name), optionPlace(subject, bond, name)));
      return [...refused, ...onPorts, ...idle];
    }),
};

function finding(subject: Subject, key: string, at: Finding["at"]): Finding {
  const fix = withoutStatements(subject, [at]);
  return { message: `${key} does nothing in mode active-backup`, hint: `Remove ${key}.`, at, fix };
}
