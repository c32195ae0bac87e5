import { aboutBonds, bondPlace, inForce, numberInForce, optionPlace } from "./about/bonds.ts";
import { sayingBesideMode, withNumber } from "./about/edits.ts";
import { sources } from "./about/sources.ts";
import { saying, spelt } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/** A bond that watches nothing keeps sending into a dead port for ever. */
export const noLinkMonitor: Rule = {
  name: "no-link-monitor",
  severity: "error",
  about: "Every bond has a link monitor",
  source: [sources.bondingRst, sources.bondOptions, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      if (numberInForce(bond, "miimon") > 0 || numberInForce(bond, "arp_interval") > 0) return undefined;
      const isSaid = bond.options.miimon !== undefined;
      return {
        message: `${bond.name} watches none of its ports${isSaid ? ` (${spelt(subject, "miimon")} is 0)` : ""}: it counts a dead one as up for ever and never fails over in mode ${inForce(bond, "mode")}`,
        hint: `Say ${saying(subject, "miimon", 100)} for ${bond.name}.`,
        at: isSaid ? optionPlace(subject, bond, "miimon") : bondPlace(subject, bond),
        fix: isSaid
          ? withNumber(subject, optionPlace(subject, bond, "miimon"), "miimon", 100)
          : sayingBesideMode(subject, optionPlace(subject, bond, "mode"), saying(subject, "miimon", 100)),
        explains: ["no-primary-no-failback", "upstream-failure-invisible", "updelay-without-miimon"],
      };
    }),
};
