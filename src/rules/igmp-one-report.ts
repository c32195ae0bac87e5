import { aboutBonds, optionPlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import { saying } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/** Snooping switches send multicast only where a report came from. */
export const igmpOneReport: Rule = {
  name: "igmp-one-report",
  severity: "advice",
  about: "Multicast memberships are reported again after a failover",
  source: [sources.bondingRst, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      if (bond.options.resend_igmp !== 0) return undefined;
      return {
        message: `${bond.name} reports no multicast membership after a failover: mDNS, IPTV and home automation behind a snooping switch go silent`,
        hint: `Say ${saying(subject, "resend_igmp", 3)}.`,
        at: optionPlace(subject, bond, "resend_igmp"),
      };
    }),
};
