import { aboutBonds, numberInForce, optionPlace } from "./about/bonds.ts";
import { sources } from "./about/sources.ts";
import { saying, spelt } from "./about/spelling.ts";
import type { Rule } from "./rule.ts";

/** An ARP monitor with nobody to ask hears no answer and gives up one port after the other. */
export const arpIntervalWithoutTarget: Rule = {
  name: "arp-interval-without-target",
  severity: "error",
  about: "The ARP monitor has targets to ask",
  source: [sources.bondOptions, sources.bondingRst, sources.bonding61],
  applies: "any",
  check: (subject) =>
    aboutBonds(subject, (bond) => {
      const targets = [...(bond.options.arp_ip_target ?? []), ...(bond.options.ns_ip6_target ?? [])];
      if (numberInForce(bond, "arp_interval") === 0 || targets.length > 0) return undefined;
      return {
        message: `${bond.name} watches by ARP and has nobody to ask: its ports go up and down several times a second`,
        hint: `Name two hosts in ${spelt(subject, "arp_ip_target")}, or use ${saying(subject, "miimon", 100)} instead.`,
        at: optionPlace(subject, bond, "arp_interval"),
        explains: ["arp-without-validate"],
      };
    }),
};
