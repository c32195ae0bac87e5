import { aboutBonds, inForce, numberInForce, optionPlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import { saying } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/** Unless answers are checked, a stranger's broadcast counts as a sign of life. */
export const arpWithoutValidate: Rule = {
  name: "arp-without-validate",
  severity: "warning",
  about: "The ARP monitor counts only answers to its own questions",
  source: [sources.bondingRst, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      if (numberInForce(bond, "arp_interval") === 0 || inForce(bond, "arp_validate") !== "none") return undefined;
      return {
        message: `${bond.name} takes any packet for a sign of life: a neighbour's broadcasts keep a port alive whose path is dead`,
        hint: `Say ${saying(subject, "arp_validate", "all")} for ${bond.name}.`,
        at: optionPlace(subject, bond, bond.options.arp_validate === undefined ? "arp_interval" : "arp_validate"),
      };
    }),
};
