import { aboutBonds, inForce, isActiveBackup, numberInForce, optionPlace } from "./about/bonds.ts";
import { isOnUsb, isRadio } from "./about/radios.ts";
import { sources } from "./about/sources.ts";
import { saying } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/** Every blip of the preferred link costs two failovers. */
export const flappingPreferredLink: Rule = {
  name: "flapping-preferred-link",
  severity: "warning",
  about: "A preferred link that comes and goes is trusted again only after a while",
  source: [sources.bondingRst, sources.bondMain],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const { primary } = bond.options;
      if (!isActiveBackup(bond) || typeof primary !== "string" || bond.ports.length < 2) return undefined;
      if (inForce(bond, "primary_reselect") !== "always" || numberInForce(bond, "updelay") > 0) return undefined;
      if (numberInForce(bond, "miimon") === 0) return undefined;
      const kind = isRadio(subject.config, primary)
        ? "is a radio"
        : isOnUsb(subject.config, primary)
          ? "hangs on USB"
          : "";
      if (kind === "") return undefined;
      return {
        message: `${bond.name} goes back to ${primary} the moment it has carrier again, and ${primary} ${kind}: each time it drops out for a second, the traffic moves twice`,
        hint: `Say ${saying(subject, "updelay", 5000)} for ${bond.name}, or ${saying(subject, "primary_reselect", "failure")}.`,
        at: optionPlace(subject, bond, "primary"),
        explains: ["wifi-up-before-authenticated"],
      };
    }),
};
