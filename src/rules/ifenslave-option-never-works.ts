import { withoutStatements } from "./about/edits.ts";
import { sources } from "./about/sources.ts";
import { factsOf } from "./about/stanzas.ts";
import type { Rule } from "./rule.ts";

/** Two options that ifenslave knows and writes where, or when, they cannot arrive. */
export const ifenslaveOptionNeverWorks: Rule = {
  name: "ifenslave-option-never-works",
  severity: "advice",
  about: "Options that cannot arrive are left out",
  source: [sources.ifenslave, sources.bonding61],
  applies: ["ifupdown"],
  check: (subject) =>
    factsOf(subject, "option-never-works").map((fact) => ({
      bond: fact.bond,
      message:
        fact.reason === "before-ports"
          ? `${fact.said.key} is written before any port has joined, and the kernel refuses it; set later it would not outlast the next failover either`
          : `${fact.said.key} is written to a file that does not exist`,
      hint:
        fact.reason === "before-ports"
          ? "Remove it; bond-primary says which port is preferred."
          : "Remove it, and write up echo PORT:QUEUE > /sys/class/net/$IFACE/bonding/queue_id instead.",
      at: fact.at,
      fix: fact.reason === "before-ports" ? withoutStatements(subject, [fact.at]) : undefined,
    })),
};
