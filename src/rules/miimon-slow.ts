import { aboutBonds, numberInForce, optionPlace } from "./about/bonds.ts";
import { withNumber } from "./about/edits.ts";
import { sources } from "./about/sources.ts";
import { saying } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/* Half a second is noticed by people; below it a longer interval saves nothing that could be measured. */
const slowMs = 500;

/** A failover waits for the next look at the carrier. */
export const miimonSlow: Rule = {
  name: "miimon-slow",
  severity: "advice",
  about: "The carrier is read at least twice a second",
  source: [sources.bondingRst, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const miimon = numberInForce(bond, "miimon");
      if (miimon <= slowMs) return undefined;
      return {
        message: `${bond.name} reads the carrier every ${miimon} ms: a cut costs up to ${miimon / 1000} s`,
        hint: `Say ${saying(subject, "miimon", 100)}; reading more often costs next to nothing.`,
        at: optionPlace(subject, bond, "miimon"),
        fix: withNumber(subject, optionPlace(subject, bond, "miimon"), "miimon", 100),
      };
    }),
};
