import { sources } from "./about/sources.ts";
import { factsOf } from "./about/stanzas.ts";
import { listed } from "./about/words.ts";
import type { Rule } from "./rule.ts";

/** Restarting only the bond brings it back empty, which over SSH is the end of the session. */
export const ifdownIfupBondLosesPorts: Rule = {
  name: "ifdown-ifup-bond-loses-ports",
  severity: "advice",
  about: "ifdown and ifup of the bond bring its ports back",
  source: [sources.ifenslave, sources.ifenslaveReadme, sources.bonding61],
  applies: ["ifupdown"],
  check: (subject) =>
    factsOf(subject, "ports-lost-on-restart").map((fact) => ({
      bond: fact.bond,
      message: `ifdown ${fact.bond} && ifup ${fact.bond} brings it back without ${listed(fact.ports)}: over SSH that locks you out until somebody reboots`,
      hint: `Write bond-slaves ${fact.ports.join(" ")} in the stanza of ${fact.bond}, or restart the ports as well (ifup ${fact.ports.join(" ")}).`,
      at: fact.at,
    })),
};
