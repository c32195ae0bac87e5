import { aboutBonds, isActiveBackup, optionPlace } from "./about/bonds.ts";
import { withNumber } from "./about/edits.ts";
import { sources } from "./about/sources.ts";
import { saying } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/** Nobody tells the switches that the host has moved to another port. */
export const numGratArpZero: Rule = {
  name: "num-grat-arp-zero",
  severity: "warning",
  about: "A failover is announced to the network",
  source: [sources.bondingRst, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      // In the other modes the kernel announces nothing, whatever is said.
      if (bond.options.num_peer_notif !== 0 || !isActiveBackup(bond)) return undefined;
      return {
        message: `${bond.name} announces no failover: switches keep sending to the old port until this host speaks (2.0 s instead of 0.2 s when measured)`,
        hint: `Say ${saying(subject, "num_peer_notif", 3)}.`,
        at: optionPlace(subject, bond, "num_peer_notif"),
        fix: withNumber(subject, optionPlace(subject, bond, "num_peer_notif"), "num_peer_notif", 3),
      };
    }),
};
