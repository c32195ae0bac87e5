import { aboutBonds, inForce, optionPlace } from "./about/bonds.ts";
import { radioPorts } from "./about/radios.ts";
import { sources } from "./about/sources.ts";
import { saying } from "./about/spelling.ts";
import { listed } from "./about/words.ts";
import type { Rule } from "./rule.ts";

/** "follow" changes the address of a running radio, which mac80211 refuses. */
export const fomFollowWithWifi: Rule = {
  name: "fom-follow-with-wifi",
  severity: "error",
  about: "fail_over_mac follow is not used with a Wi-Fi port",
  source: [sources.bondMain, sources.wifi61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const radios = radioPorts(subject.config, bond);
      if (inForce(bond, "fail_over_mac") !== "follow" || radios.length === 0) return undefined;
      return {
        message: `failover to ${listed(radios)} cannot work: with ${saying(subject, "fail_over_mac", "follow")} the kernel must change the MAC address of a running radio, and the radio refuses`,
        hint: `Say ${saying(subject, "fail_over_mac", "active")}.`,
        at: optionPlace(subject, bond, "fail_over_mac"),
      };
    }),
};
