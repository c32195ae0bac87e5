import { sources } from "./about/sources.ts";
import { factsOf } from "./about/stanzas.ts";
import { listed } from "./about/words.ts";
import type { Rule } from "./rule.ts";

/** ifenslave runs once per stanza, and its second run sets the ports down without bringing them up again. */
export const ifenslaveDualstackOptionsTwice: Rule = {
  name: "ifenslave-dualstack-options-twice",
  severity: "error",
  about: "Of a bond's inet and inet6 stanzas only one has bond options",
  source: [sources.ifenslave, sources.bonding61],
  applies: ["ifupdown"],
  check: (subject) =>
    factsOf(subject, "bond-options-in-two-families").map((fact) => ({
      bond: fact.bond,
      message: `${fact.bond} has bond options in two stanzas: ifenslave runs for both, and the second run sets ${fact.portsDown.length === 0 ? "the ports" : listed(fact.portsDown)} down for good, so the host is unreachable after boot`,
      hint: "Delete the bond- lines from this stanza; the first one is enough for both address families.",
      at: fact.at,
      also: [{ at: fact.first, note: "said here first" }],
      explains: ["options-repeated"],
    })),
};
