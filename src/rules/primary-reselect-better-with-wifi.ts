import { aboutBonds, inForce, optionPlace } from "./about/bonds.ts";
import { radioPorts } from "./about/radios.ts";
import { sources } from "./about/sources.ts";
import { saying, spelt } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/** A radio reports no speed; the kernel keeps that as the largest number it has. */
export const primaryReselectBetterWithWifi: Rule = {
  name: "primary-reselect-better-with-wifi",
  severity: "warning",
  about: "primary_reselect better is not used with a port that reports no speed",
  source: [sources.bondMain, sources.bondingRst, sources.wifi61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const radio = radioPorts(subject.config, bond)[0];
      if (inForce(bond, "primary_reselect") !== "better" || radio === undefined || bond.options.primary === radio)
        return undefined;
      return {
        message: `${bond.name} never comes back from ${radio}: a radio reports no speed, the kernel takes that for the fastest of all, and ${saying(subject, "primary_reselect", "better")} waits for a faster port`,
        hint: `Say ${saying(subject, "primary_reselect", "always")}, with some seconds of ${spelt(subject, "updelay")}, or failure.`,
        at: optionPlace(subject, bond, "primary_reselect"),
      };
    }),
};
