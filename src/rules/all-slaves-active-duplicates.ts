import { aboutBonds, inForce, optionPlace } from "./about/bonds.ts";
import { radioPorts } from "./about/radios.ts";
import { sources } from "./about/sources.ts";
import { saying, spelt } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/** What the switch floods arrives once per port. */
export const allSlavesActiveDuplicates: Rule = {
  name: "all-slaves-active-duplicates",
  severity: "advice",
  about: "Standby ports drop what they receive",
  source: [sources.bondingRst, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      if (bond.options.all_slaves_active !== 1 || bond.ports.length < 2) return undefined;
      const isNeeded = radioPorts(subject.config, bond).length > 0 && inForce(bond, "fail_over_mac") !== "active";
      return {
        message: `${bond.name} takes what its standby ports receive too: each broadcast arrives once per port, so DHCP, ARP and mDNS see everything ${bond.ports.length === 2 ? "twice" : `${bond.ports.length} times`}`,
        hint: isNeeded
          ? `Say ${saying(subject, "fail_over_mac", "active")} instead: then the radio has an address of its own, and no standby needs to listen.`
          : `Remove ${spelt(subject, "all_slaves_active")}.`,
        at: optionPlace(subject, bond, "all_slaves_active"),
      };
    }),
};
