import { aboutBonds, numberInForce, optionPlace } from "./about/bonds.ts";
import { withNumber } from "./about/edits.ts";
import { sources } from "./about/sources.ts";
import { saying } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/** Delays are kept as a count of miimon intervals. */
export const delayRounding: Rule = {
  name: "delay-rounding",
  severity: "advice",
  about: "Delays are whole multiples of miimon",
  source: [sources.bondOptions, sources.bondingRst, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const miimon = numberInForce(bond, "miimon");
      if (miimon === 0) return [];
      return (["updelay", "downdelay", "peer_notif_delay"] as const).flatMap((option) => {
        const delay = bond.options[option] ?? 0;
        if (delay % miimon === 0) return [];
        const kept = delay - (delay % miimon);
        return {
          message: `the kernel counts in steps of ${miimon} ms and makes ${kept} ms out of ${saying(subject, option, delay)}`,
          hint: `Write ${kept} or ${kept + miimon}.`,
          at: optionPlace(subject, bond, option),
          // What the kernel makes of it anyway.
          fix: withNumber(subject, optionPlace(subject, bond, option), option, kept),
        };
      });
    }),
};
