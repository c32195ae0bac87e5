import { aboutBonds, numberInForce, optionPlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import { spelt } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/* Up to here it bridges the short blinks some switches make; beyond, it is an outage somebody notices. */
const tolerableMs = 500;

/** While it waits, the bond goes on sending into the dead port. */
export const downdelayBlackHole: Rule = {
  name: "downdelay-black-hole",
  severity: "warning",
  about: "A dead port is given up at once",
  source: [sources.bondingRst, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const downdelay = numberInForce(bond, "downdelay");
      if (downdelay <= tolerableMs || numberInForce(bond, "miimon") === 0) return undefined;
      return {
        message: `for ${downdelay} ms after a cut ${bond.name} keeps sending into the dead port: every failover costs that much`,
        hint: `Remove ${spelt(subject, "downdelay")}; against a flapping link use ${spelt(subject, "updelay")}.`,
        at: optionPlace(subject, bond, "downdelay"),
      };
    }),
};
