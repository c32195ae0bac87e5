import { sources } from "./about/sources.ts";
import { factsOf } from "./about/stanzas.ts";
import { listed } from "./about/words.ts";
import type { Rule } from "./rule.ts";

/** "all" means every interface with eth in its name, which is seldom what is there. */
export const bondSlavesAll: Rule = {
  name: "bond-slaves-all",
  severity: "warning",
  about: "Ports are listed by name",
  source: [sources.ifenslave],
  applies: ["ifupdown"],
  check: (subject) =>
    factsOf(subject, "slaves-all").map((fact) => {
      const ports = subject.config.bonds.find((bond) => bond.name === fact.bond)?.ports ?? [];
      return {
        bond: fact.bond,
        message: `bond-slaves all takes every interface called eth… and no other: on a host with names such as enp1s0 ${fact.bond} has no port${ports.length === 0 ? "" : ` (here it takes ${listed(ports)})`}`,
        hint: `List the ports of ${fact.bond} by name.`,
        at: fact.at,
        explains: ["single-port-bond"],
      };
    }),
};
