import { expectedValue } from "../model/option-value.ts";
import { isActiveBackup } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import { factsOf } from "./about/stanzas.ts";
import type { Finding, Rule } from "./rule.ts";

/** The kernel refuses the write, ifup prints an I/O error, carries on, and exits with 0. */
export const ifenslaveOptionRefused: Rule = {
  name: "ifenslave-option-refused",
  severity: "warning",
  about: "The kernel takes every bond option the file says",
  source: [sources.ifenslave, sources.bondOptions],
  applies: ["ifupdown"],
  check: (subject) =>
    factsOf(subject, "option-refused").flatMap((fact): readonly Finding[] => {
      const { key, option, value } = fact.said;
      const bond = subject.config.bonds.find((one) => one.name === fact.bond);
      // These have rules that say more.
      if (option === "mode" || option === "primary" || fact.reason === "needs-miimon") return [];
      // The parser points at a comment that has become part of the value.
      if (fact.reason === "bad-value" && value.includes("#")) return [];
      if (fact.reason === "wrong-mode" && bond !== undefined && isActiveBackup(bond)) return [];
      const why = {
        "bad-value": `"${value}" is no value for it${option === undefined ? "" : ` (it ${expectedValue(option)})`}`,
        "wrong-mode": "the bond's mode does not have it",
        "has-ports": "it is written after ports have joined",
        "needs-miimon": "it needs miimon",
      }[fact.reason];
      return [
        {
          bond: fact.bond,
          message: `the kernel refuses ${key}: ${why}; ifup prints an I/O error and carries on without it`,
          hint: fact.reason === "bad-value" ? `Correct the value of ${key}.` : `Remove ${key}.`,
          at: fact.at,
        },
      ];
    }),
};
