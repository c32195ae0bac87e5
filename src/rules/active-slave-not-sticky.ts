import { aboutBonds, isActiveBackup, optionPlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import { saying, spelt } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/** A choice of the moment stands where a preference was meant. */
export const activeSlaveNotSticky: Rule = {
  name: "active-slave-not-sticky",
  severity: "advice",
  about: "A lasting preference is said as primary, not as the active port",
  source: [sources.bondOptions, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const { active_slave: active, primary } = bond.options;
      if (active === undefined || active === "" || !isActiveBackup(bond) || subject.ifupdown !== undefined)
        return undefined;
      const what =
        primary === undefined
          ? `and with no primary ${bond.name} stays wherever the next failover puts it`
          : primary === active
            ? "and the primary says it already"
            : `and with primary ${primary} the bond goes there at the next event`;
      return {
        message: `what ${spelt(subject, "active_slave")} says holds until the next event only, ${what}`,
        hint: `Say ${saying(subject, "primary", active)} instead.`,
        at: optionPlace(subject, bond, "active_slave"),
      };
    }),
};
