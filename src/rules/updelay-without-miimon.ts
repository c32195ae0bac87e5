import { aboutBonds, numberInForce, optionPlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import { saying, spelt } from "./about/spelling.ts";
import { factsOf } from "./about/stanzas.ts";
import type { Rule, Subject } from "./rule.ts";

/** The kernel counts delays in miimon intervals and refuses them without one. */
export const updelayWithoutMiimon: Rule = {
  name: "updelay-without-miimon",
  severity: "warning",
  about: "updelay and downdelay come with miimon",
  source: [sources.bondOptions, sources.bonding61],
  applies: "any",
  check: (subject) => [
    ...factsOf(subject, "option-refused")
      .filter((fact) => fact.reason === "needs-miimon")
      .map((fact) => finding(subject, fact.bond, fact.said.key, fact.at)),
    ...aboutBonds(subject, (bond) =>
      (["updelay", "downdelay"] as const)
        .filter((option) => bond.options[option] !== undefined && numberInForce(bond, "miimon") === 0)
        .filter(() => subject.ifupdown === undefined)
        .map((option) => finding(subject, bond.name, spelt(subject, option), optionPlace(subject, bond, option))),
    ),
  ],
};

function finding(subject: Subject, bond: string, option: string, at: ReturnType<typeof optionPlace>) {
  return {
    bond,
    message: `the kernel refuses ${option} because ${bond} has no ${spelt(subject, "miimon")}; the delay is never applied`,
    hint: `Say ${saying(subject, "miimon", 100)} for ${bond}, or remove ${option}.`,
    at,
  };
}
