import { aboutBonds, numberInForce, optionPlace } from "./about/bonds.ts";
import { pathOfPort } from "./about/paths.ts";
import { isRadio } from "./about/radios.ts";
import { sources } from "./about/sources.ts";
import { saying } from "./about/spelling.ts";
import { agreeing, listed } from "./about/words.ts";
import type { Rule } from "./rule.ts";

/* Power-saving radios answer after hundreds of milliseconds, at times after more than a second. */
const patienceMs = 2000;

/** A path that answers slower than the monitor asks looks dead. */
export const arpIntervalTooShort: Rule = {
  name: "arp-interval-too-short",
  severity: "warning",
  about: "The ARP monitor waits longer than a radio, powerline or mobile path may take to answer",
  source: [sources.bondingRst, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const interval = numberInForce(bond, "arp_interval");
      const waitMs = interval * Math.max(1, numberInForce(bond, "arp_missed_max"));
      const slow = bond.ports.filter(
        (port) =>
          isRadio(subject.config, port) ||
          pathOfPort(subject.config, port).some((device) => device.kind === "powerline" || device.kind === "modem"),
      );
      if (interval === 0 || waitMs >= patienceMs || slow.length === 0) return undefined;
      return {
        message: `${bond.name} gives up a port after ${waitMs} ms without an answer, and ${listed(slow)} ${agreeing(slow, "is", "are")} at times slower than that when idle: the bond flaps`,
        hint: `Say ${saying(subject, "arp_interval", 1000)} for ${bond.name}, and turn the radio's power saving off.`,
        at: optionPlace(subject, bond, "arp_interval"),
      };
    }),
};
