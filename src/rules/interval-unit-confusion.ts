import { aboutBonds, numberInForce, optionPlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import { saying, spelt } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/* Nobody looks at a carrier once in ten seconds, or asks a target once a minute, on purpose. */
const longestMs = { miimon: 10_000, arp_interval: 60_000 } as const;

/** A number meant as milliseconds and read as seconds. */
export const intervalUnitConfusion: Rule = {
  name: "interval-unit-confusion",
  severity: "error",
  about: "A monitor's interval is in the unit its reader takes it for",
  source: ["systemd.netdev(5), MIIMonitorSec=", "measured with systemd-networkd 252", sources.bondingRst],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) =>
      (["miimon", "arp_interval"] as const)
        .filter((option) => numberInForce(bond, option) >= longestMs[option])
        .map((option) => {
          const ms = numberInForce(bond, option);
          const meant = ms % 1000 === 0 ? ms / 1000 : 100;
          return {
            message: `${bond.name} looks after its ports once in ${ms / 1000} s: a dead one goes unnoticed that long, so ${spelt(subject, option)} was probably meant in milliseconds`,
            hint: `Write ${saying(subject, option, meant >= 20 ? meant : 100)}.`,
            at: optionPlace(subject, bond, option),
            explains: ["miimon-slow"],
          };
        }),
    ),
};
